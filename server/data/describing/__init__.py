"""RDF descriptions of the service and its data: service description, VoID, DCAT."""
