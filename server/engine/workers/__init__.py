"""Processes that answer queries and can be killed, and what they do with a query."""
