"""What follows from the quads by OWL 2 RL and by rules, and why."""
