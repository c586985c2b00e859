"""Saved queries over HTTP: the list, pages with views, answers in every format."""
