"""Worker processes that answer queries, the data process that forks them, spares, and the pool."""
