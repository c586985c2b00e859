"""The page of statements: chosen by holder, issue, stance and other points, with counts, without SPARQL."""
