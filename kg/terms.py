"""Terms as people type and read them: `actor:fidel-castro`, `heldBy`, `telegram/…/body-7/…`."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from kg.errors import UnknownNameError
from kg.namespaces import CG, GRAPH, ID, PREFIXES

_LONGEST_FIRST = sorted(PREFIXES.items(), key=lambda item: -len(item[1]))


def expand(text: str) -> str:
    """Return the IRI that `text` stands for: `<iri>`, `prefix:name`, a path below `id/`, or a property."""
    if text.startswith("<") and text.endswith(">"):
        return text[1:-1]
    prefix, colon, local = text.partition(":")
    if colon and prefix in PREFIXES:
        return PREFIXES[prefix] + local
    if colon and local.startswith("//"):
        return text
    if text == "a":
        return PREFIXES["rdf"] + "type"
    return f"{ID}{text}" if "/" in text else f"{CG}{text}"


def short(term: object) -> str:
    """Return a term as people write it; the reverse of `expand` for IRIs."""
    if not isinstance(term, ox.NamedNode):
        return str(term)
    for prefix, namespace in _LONGEST_FIRST:
        local = term.value.removeprefix(namespace)
        if local != term.value and local and "/" not in local and "#" not in local:
            return local if prefix == "cg" else f"{prefix}:{local}"
    return term.value.removeprefix(str(ID)).removeprefix(str(GRAPH))


def triple(store: ox.Store, subject: str, predicate: str, value: str) -> ox.Triple:
    """Return the triple of three typed terms; raises UnknownNameError for a term that the graph has not."""
    names = (expand(text) for text in (subject, predicate, value))
    terms = [_known(store, name) for name in names]
    return ox.Triple(*terms)


def _known(store: ox.Store, iri: str) -> ox.NamedNode:
    node = ox.NamedNode(iri)
    patterns = ((node, None, None), (None, node, None), (None, None, node))
    if any(next(store.quads_for_pattern(*pattern, None), None) for pattern in patterns):
        return node
    folder = iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]
    known = {quad.subject.value for quad in store if quad.subject.value.startswith(folder)}
    raise UnknownNameError("thing", short(node), [short(ox.NamedNode(name)) for name in known])


def layer(quads: Iterable[ox.Quad], name: str) -> list[ox.Quad]:
    """Return the quads of the graph `name` (below `graph/`); raises UnknownNameError if there is none."""
    found = [quad for quad in quads if quad.graph_name.value == f"{GRAPH}{name}"]
    if not found:
        raise UnknownNameError("layer", name, {q.graph_name.value.removeprefix(str(GRAPH)) for q in quads})
    return found
