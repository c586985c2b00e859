"""References to telegrams, statements, things and answers, as footnote, BibTeX, RIS, CSL-JSON and JSON-LD."""
