"""A finished graph: its bytes, its layers, and SPARQL on it."""
