"""Pages and RDF documents about things, and the ways that lead to them."""
