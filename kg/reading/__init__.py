"""Record files, SSSOM tables and the ontology become quads, and every value keeps its file and line."""
