"""Saved queries, links to other catalogues, reconciliation of names with things, and search."""
