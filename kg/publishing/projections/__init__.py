"""The graph in other vocabularies and file formats, each made by a saved query."""
