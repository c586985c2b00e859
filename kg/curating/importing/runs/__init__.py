"""Runs: volumes as streams, chunks of documents in processes, what a run keeps, and its output."""
