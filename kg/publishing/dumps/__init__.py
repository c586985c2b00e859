"""Releases of the data for download: their files, and how these are written, kept and checked."""
