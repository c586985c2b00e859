"""The graph in the vocabularies and file formats of others, each made by a saved query."""
