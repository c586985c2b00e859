"""Validation of records: SHACL shapes, quotes compared with the texts, coverage of sentences."""
