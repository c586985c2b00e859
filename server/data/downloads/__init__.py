"""Releases over HTTP: the index, the files, their making."""
