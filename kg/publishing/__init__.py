"""The graph written for others: projections, tables, releases, change reports."""
