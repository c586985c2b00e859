"""Saved queries, links to other catalogues, and reconciliation of names with things."""
