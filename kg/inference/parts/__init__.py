"""Inference over documents that lie on disk, in parts: what stays in memory is what joins them."""
