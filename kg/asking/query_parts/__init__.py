"""Reading of SPARQL queries, with places: tokens, property paths, triple patterns; for hints and search."""
