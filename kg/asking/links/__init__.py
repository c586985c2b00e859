"""Links to other catalogues: looked up both ways, offered to others in their formats."""
