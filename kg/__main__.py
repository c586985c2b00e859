"""`python -m kg` is `cablegraph`."""

from kg.cli.main import main

main(prog_name="cablegraph")
