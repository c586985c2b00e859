"""cablegraph: diplomatic telegrams as a knowledge graph that people can question."""
