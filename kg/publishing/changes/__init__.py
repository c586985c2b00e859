"""What changed between two versions of the graph, computed from the graphs and told in words."""
