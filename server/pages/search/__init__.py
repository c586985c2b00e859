"""Search for things, statements and saved questions by words."""
