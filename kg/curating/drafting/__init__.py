"""Drafts of records: reading a document as it is found, and what can be found in it by transparent rules."""
