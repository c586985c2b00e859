"""Files made from the graph for other people: projections, tables, releases, change reports."""
