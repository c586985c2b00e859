"""Readers of record files, SSSOM tables and the ontology: they return quads, with file and line."""
