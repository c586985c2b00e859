"""Releases of the data for download: what files there are, how they are written, kept and checked."""
