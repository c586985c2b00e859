"""Tools for language models that curate: they write drafts, and records by a person's word alone."""
