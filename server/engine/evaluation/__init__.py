"""One query evaluated on one store, read-only and within limits."""
