"""Curations of drafts: who proposes, on which day, from which renderings; each statement names its own."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from kg.curating.drafts.draft_file import ended, mappings, put, read_file, value_of
from kg.curating.drafts.draft_reading import DraftReading
from kg.errors import CablegraphError
from kg.namespaces import CG
from kg.reading.yaml_nodes import pairs, plain
from kg.resources import write_atomically
from kg.store.sparql import rows
from kg.terms import value

FILE = "curation.yaml"  # in the folder of each telegram
_RENDERINGS = f"SELECT ?passage ?rendering {{ ?passage <{CG.passageOf}> ?rendering }}"


@dataclass(frozen=True, slots=True)
class DraftCuration:
    """One reading of a text for a draft: its key, who reads, and when."""

    key: str
    by: str
    on: date

    def name_in(self, records: Iterable[yaml.Node], kinds: Collection[str]) -> None:
        """Let each statement, nested ones included, say that it was written in this reading."""
        for record in records:
            for node in mappings(record):
                if value_of(node, "type") in kinds:
                    put(node, "writtenIn", f"curation/{self.key}")

    def write(self, path: Path, renderings: Collection[str]) -> None:
        """Write the record of this reading; the renderings of the same day's earlier proposals stay."""
        old = read_file(path, f"{path.parent.name}/{FILE}")
        before = _renderings_in(old.nodes[self.key]) if self.key in old.nodes else []
        record = {
            "type": "Curation",
            "curatedBy": self.by,
            "curatedOn": self.on.isoformat(),
            "curates": sorted({*renderings, *before}),
        }
        text = yaml.safe_dump({self.key: record}, allow_unicode=True, sort_keys=False)
        write_atomically(path, (ended(old.without([self.key])) + text).encode())


def renderings(reading: DraftReading, telegram: str, records: Iterable[yaml.Node]) -> set[str]:
    """Return the renderings that `records` quote, or all of the telegram, by their paths from its folder.

    Raises CablegraphError if the telegram has no passage.
    """
    base = f"{reading.base}telegram/{telegram}/"
    known = {value(row["passage"]): value(row["rendering"]) for row in rows(reading.store, _RENDERINGS)}
    own = {rendering for passage, rendering in known.items() if passage.startswith(base)}
    if not own:
        raise CablegraphError(f"{telegram} has no passages; write rendering.yaml and passage.yaml first")
    named = {base + value_of(node, "in") for record in records for node in mappings(record)}
    return {iri.removeprefix(base) for iri in {known[name] for name in named & set(known)} & own or own}


def refuse_other_name(folder: Path, by: str) -> None:
    """Raise CablegraphError if the draft in `folder` is in the name of somebody else."""
    for path in sorted(folder.glob(f"telegram/*/{FILE}")):
        nodes = read_file(path, f"{path.parent.name}/{FILE}").nodes.values()
        others = [name for node in nodes if (name := value_of(node, "curatedBy")) != by]
        if others:
            raise CablegraphError(
                f"the draft {folder.name} is in the name of {others[0]!r}; propose into a draft of your own"
            )


def _renderings_in(node: yaml.Node) -> list[str]:
    if not isinstance(node, yaml.MappingNode):
        return []
    found: object = next((plain(of) for key, _, of in pairs(node) if key == "curates"), [])
    return list(map(str, found)) if isinstance(found, list) else [str(found)]
