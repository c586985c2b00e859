"""The entry point of `python -m kg`, which is the command `cablegraph`."""

from kg.cli.main import main

main(prog_name="cablegraph")
