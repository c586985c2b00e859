"""Search for things, quotes and saved queries by words."""
