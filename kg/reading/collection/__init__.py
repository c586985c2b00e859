"""Collections: folders with records, a name and a base IRI of their own, and what they add to ours."""
