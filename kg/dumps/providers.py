"""What a release holds beside the graph.

Where a path lies tells the group of the file (`kg/dumps/groups.py`), its ending the kind
(`kg/dumps/media.py`); gzip, checksums and the manifest are made here.
"""

from __future__ import annotations

from kg.dumps.provider import Provider
from kg.links import offers
from kg.projections import release as projections
from kg.tables import release as tables

PROVIDERS: tuple[Provider, ...] = (
    Provider("tables", tables.files, tables.descriptions),
    Provider("links", offers.files, offers.titles),
    Provider("projections", projections.files, projections.titles),
)
