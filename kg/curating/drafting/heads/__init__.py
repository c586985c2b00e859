"""Heads of documents: the title and its parties, the lines below it, and the labels of an archive's page."""
