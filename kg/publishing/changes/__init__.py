"""Changes between two versions of the graph, computed from the graphs and described in words."""
