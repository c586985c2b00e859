"""TEI volumes to quads: streamed, drafted in parallel, resolved among each other, resumable."""
