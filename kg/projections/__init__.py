"""The graph in the vocabularies and file formats of others, each made by a saved query."""

from __future__ import annotations

from kg.projections.release import files

__all__ = ["files"]
