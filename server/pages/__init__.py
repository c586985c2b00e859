"""Pages and documents about things, saved queries and search results."""
