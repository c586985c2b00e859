"""Inference over many documents: axioms and rules compiled to run over graphs as columns."""
