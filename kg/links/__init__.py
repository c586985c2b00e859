"""Links to other catalogues: read as SSSOM, looked up both ways, offered to others in their formats."""

from kg.links.offers import files

__all__ = ["files"]
