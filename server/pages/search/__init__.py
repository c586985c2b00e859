"""Search for things, texts and saved queries by words."""
