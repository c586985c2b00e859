"""The finished graph: serializing it, describing its layers, counting it, and SPARQL queries on it."""
