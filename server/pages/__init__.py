"""HTML pages and documents about things, saved queries, search results and the API."""
