"""What the service says of itself and of its data: service description, VoID, DCAT."""
