"""The commands that need the server: serve, reload, query, mcp."""
