"""Cells: one term each, as a page shows it in a table or a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from kg.namespaces import CG, OA, PREFIXES
from kg.terms import short
from server.site.pool_queries import Term, value
from server.web import addresses

CONTENT, EXACT = f"{CG}content", f"{OA}exact"
_TITLES = (f"{PREFIXES['rdfs']}label", f"{PREFIXES['skos']}prefLabel", f"{PREFIXES['dcterms']}title")
# What a thing is called, the best first; a statement has no name but what it says, nor has a quote.
NAMES = (*_TITLES, CONTENT, EXACT)
_LANGUAGES = ("en", "")  # the best first; what has none is in no language, as a number is


@dataclass(frozen=True, slots=True)
class Cell:
    """One term: `href` is empty unless it is a web address, `full` is the IRI that `text` stands for."""

    text: str
    href: str = ""
    language: str = ""
    datatype: str = ""
    full: str = ""


class TermCells:
    """Makes cells of a page below `root`; things stand under the names that `labels` has for them."""

    def __init__(self, labels: Mapping[str, Sequence[Triple]], root: str) -> None:
        self._labels = labels
        self._root = root

    def cell(self, term: Term) -> Cell:
        """Return the cell for `term`: a link under its name, or a text with its language or datatype."""
        if isinstance(term, NamedNode):
            name = self.name(term.value)
            link = addresses.link(term.value, self._root)
            return Cell(name.text, href=link, language=name.language, full=term.value)
        if isinstance(term, Literal):
            datatype = "" if term.language else shortened(term.datatype.value)
            shown = "" if datatype == "xsd:string" else datatype
            return Cell(term.value, language=term.language or "", datatype=shown)
        return Cell(str(term))

    def name(self, iri: str) -> Cell:
        """Return what `iri` is called, in English if it can be, or else its short form."""
        known = [t for t in self._labels.get(iri, ()) if t.predicate.value in NAMES]
        best = min(known, key=_rank, default=None)
        if best is None or not isinstance(best.object, Literal):
            return Cell(short(NamedNode(iri)))
        return Cell(best.object.value, language=best.object.language or "")


def _rank(triple: Triple) -> tuple[int, int, str]:
    language = getattr(triple.object, "language", None) or ""
    known = _LANGUAGES.index(language) if language in _LANGUAGES else len(_LANGUAGES)
    return known, NAMES.index(triple.predicate.value), value(triple.object)


def json_cell(term: Mapping[str, Any] | None, root: str = "") -> Cell:
    """Return the cell for one term of the JSON results (SPARQL 1.1 Query Results JSON section 3.2.2)."""
    if term is None:
        return Cell("")
    value = term["value"]
    if term["type"] == "uri":
        return Cell(shortened(value), href=addresses.link(value, root), full=value)
    if term["type"] == "literal":
        return Cell(value, language=term.get("xml:lang", ""), datatype=shortened(term.get("datatype", "")))
    if term["type"] == "triple":
        return Cell("<< " + " ".join(json_cell(value[part]).text for part in value) + " >>")
    return Cell(f"_:{value}")


def shortened(iri: str) -> str:
    """Return `iri` with the prefix that fits most of it, or as it is."""
    prefix, space = max(PREFIXES.items(), key=lambda item: len(item[1]) * iri.startswith(item[1]))
    rest = iri.removeprefix(space)
    return iri if rest == iri or "/" in rest or "#" in rest else f"{prefix}:{rest}"
