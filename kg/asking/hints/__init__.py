"""Hints: why the answer to a query is empty or odd, and what to write instead; the answer stays as it is."""
