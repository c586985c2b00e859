"""Pictures of the whole collection: timeline, matrix and network, each with all of it in words."""
