"""The command line `cablegraph`: its group and the commands that need no server."""
