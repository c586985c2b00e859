"""The saved queries over HTTP: list, pages with their views, answers in every format."""
