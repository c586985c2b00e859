"""The things that drafts name: those that a collection has, and new ones for its shared files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from kg.curating.drafting.finding.citations import CitedDocument
from kg.curating.drafting.keeping.matching import NameMatch
from kg.curating.drafting.keeping.passages import Record, slug_of, unique

Matcher = Callable[[Sequence[str]], Mapping[str, NameMatch]]
SHARED = ("actor", "place", "series", "document")  # files of things that documents share


@dataclass
class NamedThings:
    """The things that some drafts name.

    `match` says what names stand for. `taken` has the names of the things of the collection by file, which
    are not written again. `targets` has the document that each target of a reference means.
    """

    match: Matcher
    taken: Mapping[str, Collection[str]] = field(default_factory=dict)
    targets: Mapping[str, str] = field(default_factory=dict)
    new: dict[str, dict[str, Record]] = field(default_factory=dict)  # file -> name -> record
    _matches: dict[str, NameMatch] = field(default_factory=dict)

    def read(self, names: Sequence[str]) -> None:
        """Find out what `names` stand for, all at once."""
        self._matches |= self.match(list(dict.fromkeys(names)))

    def named(self, kind: str, name: str) -> str:
        """Return the thing that a name stands for, as a draft of a thing if the collection has none."""
        match = self._matches.get(name, NameMatch())
        file = "place" if kind == "Place" else "actor"
        own = match.thing.removeprefix(f"{file}:")
        if own in self.taken.get(file, ()) and own != match.thing:
            return match.thing
        record: Record = {"type": kind, "label": {"en": name}, "labelSource": "source-text"}
        if match.thing:
            record["note"] = (
                f"Written as a name of {match.thing}, which the collection or another authority has."
            )
        elif match.alike:
            record["note"] = f"Perhaps {' or '.join(match.alike)}; nobody has decided."
        return self._added(file, own if own not in ("", match.thing) else slug_of(name), record)

    def series(self, name: str) -> str:
        """Return the series of numbers that is called `name`."""
        slug = slug_of(name)
        if slug in self.taken.get("series", ()):
            return f"series:{slug}"
        label = {"en": f"{name} numbers, not told apart further"}
        return self._added("series", slug, {"type": "NumberSeries", "label": label})

    def cited(self, one: CitedDocument, number: str, document: str) -> str:
        """Return the document that a reference in `document` means; it may be known by this alone."""
        if one.target in self.targets:
            return self.targets[one.target]
        called = f"{one.date or 'undated'} {one.kind or 'number'} {number} cited in"
        label = {"en": f"document cited as {one.label.value}"}
        record: Record = {"type": "Document", "label": label, "labelSource": "curator", "holding": "not-held"}
        if one.target:
            record["note"] = f"Resolved to {one.target} by number, day and parties."
        return self._added("document", slug_of(f"{called} {document.partition(':')[2]}"), record)

    def _added(self, file: str, slug: str, record: Record) -> str:
        """Add a thing once; it has another name than those of the collection, for it is none of them."""
        name = unique(set(self.taken.get(file, ())), slug)
        self.new.setdefault(file, {}).setdefault(name, record)
        return f"{file}:{name}"
