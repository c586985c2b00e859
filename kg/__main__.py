"""`python -m kg` is `cablegraph`."""

from kg.command import main

main(prog_name="cablegraph")
