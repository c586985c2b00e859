"""The change report as files of a release folder."""

from __future__ import annotations

import pyoxigraph as ox

from kg.changes import as_json, markdown
from kg.changes.compare import changes

MARKDOWN, JSON = "changes.md", "changes.json"


def files(old: ox.Store, new: ox.Store) -> dict[str, bytes]:
    """Return `changes.md` and `changes.json`: what changed from the release `old` to the release `new`."""
    report = changes(old, new)
    return {MARKDOWN: markdown.write(report), JSON: as_json.write(report)}
