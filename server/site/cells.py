"""Cells of pages: one RDF term each, as a table or a list shows it, with its link and language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from kg.namespaces import CG, OA, PREFIXES, SHIPPED, Namespaces
from kg.terms import short
from server.site.pool_queries import Term, value
from server.web import addresses

CONTENT, EXACT = f"{CG}content", f"{OA}exact"
_TITLES = (f"{PREFIXES['rdfs']}label", f"{PREFIXES['skos']}prefLabel", f"{PREFIXES['dcterms']}title")
# Properties that name a thing, the best first; a statement is named by its content, a quote by its words.
NAMES = (*_TITLES, CONTENT, EXACT)
_LANGUAGES = ("en", "")  # the best first; a literal such as a number has none


@dataclass(frozen=True, slots=True)
class Cell:
    """One term: `href` is empty unless it is a web address; `full` is the IRI that `text` stands for.

    `remark` says in a sentence that no passage asserts the statement; it is empty for all else.
    """

    text: str
    href: str = ""
    language: str = ""
    datatype: str = ""
    full: str = ""
    remark: str = ""


class TermCells:
    """Makes the cells of a page below `root`.

    `labels` holds the triples that name each thing, `remarks` the remark on it, if it has one, by IRI.
    `names` has the namespaces of the collection, `made` names by IRI for what has none in the graph.
    """

    def __init__(
        self,
        labels: Mapping[str, Sequence[Triple]],
        root: str,
        remarks: Mapping[str, str] = MappingProxyType({}),
        names: Namespaces = SHIPPED,
        made: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._labels = labels
        self._root = root
        self._remarks = remarks
        self._names = names
        self._made = made

    def cell(self, term: Term) -> Cell:
        """Return the cell for `term`: a link with its name, or a text with its language or datatype."""
        if isinstance(term, NamedNode):
            name = self.name(term.value)
            link = addresses.link(term.value, self._root, self._names)
            remark = self._remarks.get(term.value, "")
            return Cell(name.text, href=link, language=name.language, full=term.value, remark=remark)
        if isinstance(term, Literal):
            datatype = "" if term.language else prefixed_name(term.datatype.value, self._names)
            shown = "" if datatype == "xsd:string" else datatype
            return Cell(term.value, language=term.language or "", datatype=shown)
        return Cell(str(term))

    def name(self, iri: str) -> Cell:
        """Return the name of `iri` as a cell, in English if there is one, a made one, or its short form."""
        known = [t for t in self._labels.get(iri, ()) if t.predicate.value in NAMES]
        best = min(known, key=_rank, default=None)
        if best is None or not isinstance(best.object, Literal):
            return Cell(self._made.get(iri) or short(NamedNode(iri), self._names))
        return Cell(best.object.value, language=best.object.language or "")


def _rank(triple: Triple) -> tuple[int, int, str]:
    language = getattr(triple.object, "language", None) or ""
    known = _LANGUAGES.index(language) if language in _LANGUAGES else len(_LANGUAGES)
    return known, NAMES.index(triple.predicate.value), value(triple.object)


def json_cell(term: Mapping[str, Any] | None, root: str = "", names: Namespaces = SHIPPED) -> Cell:
    """Return the cell for one term of SPARQL 1.1 Query Results JSON (section 3.2.2), empty for None."""
    if term is None:
        return Cell("")
    value = term["value"]
    if term["type"] == "uri":
        return Cell(prefixed_name(value, names), href=addresses.link(value, root, names), full=value)
    if term["type"] == "literal":
        return Cell(
            value, language=term.get("xml:lang", ""), datatype=prefixed_name(term.get("datatype", ""))
        )
    if term["type"] == "triple":
        return Cell("<< " + " ".join(json_cell(value[part], root, names).text for part in value) + " >>")
    return Cell(f"_:{value}")


def prefixed_name(iri: str, names: Namespaces = SHIPPED) -> str:
    """Return `iri` as a prefixed name with the longest namespace that it begins with, or unchanged."""
    prefix, space = next((pair for pair in names.longest_first if iri.startswith(pair[1])), ("", ""))
    rest = iri.removeprefix(space)
    return iri if rest == iri or "/" in rest or "#" in rest else f"{prefix}:{rest}"
