"""People across volumes: how each is named, who may be one and the same, and what a person has said of it."""
