"""What a document of a volume cites: by number, by day, by link and by page, in its text and in its notes."""
