"""Stores on disk: written from a build or from quads, with all that a service needs, and opened."""
