"""Pages and RDF documents about things, graphs and the ontology, and redirects to them."""
