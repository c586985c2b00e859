"""Curating: drafts of records beside the records, checked, compared and accepted by a person."""
