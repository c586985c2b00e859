"""Questions to the graph: saved queries, links to other catalogues, names to things."""
