"""Evaluation of one SPARQL query on one store, read-only and within limits."""
