"""SPARQL queries: their evaluation, the worker processes, which can be killed, and stores elsewhere."""
