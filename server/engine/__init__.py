"""SPARQL queries: their evaluation, and the worker processes that evaluate them and can be killed."""
