"""Records of the documents of a volume: parties, dates, names and numbers."""
