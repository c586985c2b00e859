"""Inference by OWL 2 RL and CONSTRUCT rules, contradictions, and proofs of inferred triples."""
