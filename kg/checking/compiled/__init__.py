"""Validation in the build: shapes compiled to run over columns, with the results of pySHACL."""
