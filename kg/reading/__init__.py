"""Readers of record files, SSSOM tables and the ontology, which return quads with file and line."""
