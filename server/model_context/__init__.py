"""Model Context Protocol (MCP) for language models: server, tools, resources and prompts."""
