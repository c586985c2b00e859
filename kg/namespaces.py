"""RDF namespaces and SPARQL prefixes, as plain strings so that no command loads rdflib for a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property


class Namespace(str):
    """A namespace IRI whose attributes are the IRIs of its terms, as in `CG.evidence`.

    Append a term that is also a method of `str` instead, as in `f"{DCTERMS}title"`.
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> str:
        """Return the IRI of the term `name`."""
        if name.startswith("__"):  # looked up by Python itself
            raise AttributeError(name)
        return f"{self}{name}"


BASE = "https://w3id.org/cablegraph/"
CG = Namespace(BASE + "ontology#")
ID = Namespace(BASE + "id/")
GRAPH = Namespace(BASE + "graph/")
OA = Namespace("http://www.w3.org/ns/oa#")
WIKIDATA = Namespace("http://www.wikidata.org/entity/")
DCTERMS = Namespace("http://purl.org/dc/terms/")
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
PROV = Namespace("http://www.w3.org/ns/prov#")
RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
VOID = Namespace("http://rdfs.org/ns/void#")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")

# The kinds of things that records name with a prefix, as in `actor:fidel-castro`.
THINGS = ("actor", "document", "event", "issue", "office", "place", "series", "telegram", "topic")

# The lists of ontology/concepts.ttl, whose values are named with a prefix, as in `voice:writer`.
LISTS = (
    *(
        "basis",
        "catalogue",
        "certainty",
        "date-basis",
        "depth",
        "event-kind",
        "expectation",
        "holding",
        "label-source",
    ),
    *("language", "marking-kind", "modality", "mode", "precision", "speech-form", "status", "voice", "zone"),
)

PREFIXES: dict[str, str] = {
    "cg": str(CG),
    "id": str(ID),
    **{kind: f"{ID}{kind}/" for kind in (*THINGS, *LISTS)},
    "graph": str(GRAPH),
    "dcterms": str(DCTERMS),
    "oa": str(OA),
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": str(PROV),
    "rdf": str(RDF),
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "http://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "void": str(VOID),
    "wd": str(WIKIDATA),
    "xsd": str(XSD),
}

# What a collection has below a base of its own: its things, links, graphs, data set and questions. The
# ontology with its graph, the values of lists and the shapes stay in ours.
_OWN_KINDS = "|".join((*THINGS, "link"))
_OWN = re.compile(
    rf"{re.escape(BASE)}"
    rf"(?=id/(?:(?:{_OWN_KINDS})(?![\w-])|(?![\w-]))|graph/(?!ontology\b)|(?:dumps|links|queries)/|(?:catalogue|dataset|sparql)\b)"
)

_ANY_THING = re.compile(rf"\^{re.escape(BASE)}(?=id/(?![\w-])|\")")


def layer_name(graph: str) -> str:
    """Return the name of a graph below `graph/`, in whatever base; any other text as it is."""
    return graph.rpartition("/graph/")[2]


def is_inferred(graph: str) -> bool:
    """Return whether the graph of this IRI holds what was drawn from other graphs."""
    return layer_name(graph).startswith("inferred/")


@dataclass(frozen=True)
class Namespaces:
    """The namespaces of a collection, whose things have IRIs that begin with `base`.

    `others` has the short name and the base of each collection that is read together with it.
    """

    base: str = BASE
    others: tuple[tuple[str, str], ...] = ()

    @cached_property
    def id(self) -> Namespace:
        """Return the namespace of the collection's things."""
        return Namespace(f"{self.base}id/")

    @cached_property
    def graph(self) -> Namespace:
        """Return the namespace of the collection's graphs."""
        return Namespace(f"{self.base}graph/")

    @cached_property
    def dataset(self) -> str:
        """Return the IRI of the data set."""
        return f"{self.base}dataset"

    @cached_property
    def queries(self) -> str:
        """Return the namespace of the saved queries."""
        return f"{self.base}queries/"

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """Return the prefixes of records and queries; those of another collection begin with its name."""
        own = {name: self.rebased(iri) for name, iri in PREFIXES.items()}
        others = {f"{name}-{kind}": f"{base}id/{kind}/" for name, base in self.others for kind in THINGS}
        return own | others

    @cached_property
    def longest_first(self) -> tuple[tuple[str, str], ...]:
        """Return the prefixes with their namespaces, the longest namespace first."""
        return tuple(sorted(self.prefixes.items(), key=lambda item: -len(item[1])))

    def iri(self, path: str) -> str:
        """Return the IRI of what a service has at `path`: below the base, or in ours if it is our term.

        What another collection names has `in/`, and the name of that collection, after the first segment.
        """
        for start, namespace in self._elsewhere:
            if path.startswith(start):
                return namespace + path.removeprefix(start)
        return self.rebased(BASE + path)

    def path(self, iri: str) -> str:
        """Return the path of what `iri` names below the root of a service; empty if it is not of these."""
        rests = (iri.removeprefix(base) for base in (self.base, BASE) if iri.startswith(base))
        own = next((rest for rest in rests if self.iri(rest) == iri), "")
        found = (start + iri.removeprefix(space) for start, space in self._elsewhere if iri.startswith(space))
        return own or next(found, "")

    @cached_property
    def _elsewhere(self) -> tuple[tuple[str, str], ...]:
        """The beginnings of paths, and of IRIs, of the things and graphs of the other collections."""
        kinds = ("id/", "graph/")
        return tuple((f"{kind}in/{name}/", f"{base}{kind}") for name, base in self.others for kind in kinds)

    def name(self, iri: str) -> str:
        """Return the name of a thing below `id/`, as in `actor/fidel-castro`; empty for any other IRI."""
        if iri.startswith(self.id):
            return iri.removeprefix(self.id)
        return self.path(iri).removeprefix("id/") if self.others and iri.startswith(self.homes) else ""

    def thing(self, name: str) -> str:
        """Return the IRI of the thing with this name, the inverse of `name`."""
        return self.iri(f"id/{name}") if name.startswith("in/") else f"{self.id}{name}"

    def in_ours(self, iri: str) -> str:
        """Return the IRI that our own collection would have for what `iri` names."""
        base = self.home(iri)
        if base == BASE or not iri.startswith(base):
            return iri
        return BASE + path if (path := Namespaces(base).path(iri)) else iri

    def home(self, iri: str) -> str:
        """Return the base of the collection, of those read together, that `iri` is of; else this base."""
        return next((base for base in self.bases if iri.startswith(base)), self.base)

    @cached_property
    def bases(self) -> tuple[str, ...]:
        """Return the bases of all collections that are read together, this one first."""
        return (self.base, *(base for _, base in self.others))

    @cached_property
    def homes(self) -> tuple[str, ...]:
        """Return the namespaces of the things of all collections that are read together."""
        return tuple(f"{base}id/" for base in self.bases)

    def is_ours(self, iri: str) -> bool:
        """Return whether `iri` is in the base of the collection, or in that of the ontology."""
        return iri.startswith((*self.bases, BASE))

    def names(self, iri: str) -> bool:
        """Return whether `iri` names a thing of the collection, or a value of a list."""
        return iri.startswith((*self.homes, ID))

    def rebased(self, text: str) -> str:
        """Return `text` with the base of the collection in each IRI that is the collection's own.

        A regular expression for the beginning of any thing, as shapes have it, then fits both bases.
        """
        if self.base == BASE:
            return text
        text = _ANY_THING.sub(lambda _: f"^({self.base}|{BASE})", text)
        return _OWN.sub(lambda _: self.base, text)


SHIPPED = Namespaces()
