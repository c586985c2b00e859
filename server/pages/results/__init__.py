"""Views of the answer to a query of your own: chart, timeline, network, matrix, and what was sent."""
