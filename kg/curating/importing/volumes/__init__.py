"""Records of the documents of a volume: parties, dates, names, numbers, and what they cite."""
