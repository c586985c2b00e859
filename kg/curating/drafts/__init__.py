"""Drafts of records: where they stand, what they hold, what is left to read, and how one is accepted."""
