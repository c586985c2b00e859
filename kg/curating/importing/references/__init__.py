"""References between documents, and records as quads."""
