"""What a release holds beside the graph: functions of the store and the data version.

Each returns bytes by path. The first step of a path is its group in `kg/dumps/groups.py`, the ending
its kind in `kg/dumps/media.py`; gzip, checksums and the manifest are made here.
"""

from __future__ import annotations

from kg.dumps.pieces import Provider
from kg.links import offers
from kg.projections import release as projections
from kg.tables import release as tables

PROVIDERS: tuple[Provider, ...] = (tables.files, offers.files, projections.files)
