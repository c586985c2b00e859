"""Drafts beside what is known: documents held, references resolved, names matched, records written."""
