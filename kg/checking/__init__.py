"""Validation of records: SHACL shapes, quotes compared with texts, coverage of sentences, limiting words."""
