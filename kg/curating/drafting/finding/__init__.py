"""Finders of dates, numbers, marks, names and references in a text, by rules and tables."""
