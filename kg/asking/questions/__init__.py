"""Saved queries, from the header to the cited answer."""
