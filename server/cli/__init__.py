"""The commands that need the server: serve, reload, load, query, mcp."""
