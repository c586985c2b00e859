"""RDF terms in other forms: short names such as `actor:fidel-castro`, Python values, folded text.

People write `actor:fidel-castro`, `heldBy` or `telegram/…/body-7/…`. `expand` turns that into an IRI, and
`short` turns an IRI into that.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType

import pyoxigraph as ox

from kg.errors import UnknownNameError
from kg.namespaces import CG, ID, PREFIXES, SHIPPED, Namespaces

Suggest = Callable[[str], Sequence[str]]  # returns the names of things that a text may stand for
Value = str | int | float | bool | date | datetime | None
_INTEGERS = (
    *("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger"),
    *("nonPositiveInteger", "negativeInteger"),
    *("unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte"),
)
_FROM_TEXT: Mapping[str, Callable[[str], Value]] = MappingProxyType(
    {
        PREFIXES["xsd"] + name: read
        for names, read in (
            (_INTEGERS, int),
            (("decimal", "double", "float"), float),
            (("boolean",), lambda text: text in ("true", "1")),
            (("date",), date.fromisoformat),
            (("dateTime", "dateTimeStamp"), datetime.fromisoformat),
        )
        for name in names
    }
)


def no_names(_: str) -> Sequence[str]:
    """Return no names, where nothing can be suggested."""
    return ()


def expand(text: str, names: Namespaces = SHIPPED) -> str:
    """Return the IRI of `text`, which is `<iri>`, `prefix:name`, a path below `id/`, or a property name.

    Things are those of the collection with the namespaces `names`.
    """
    if text.startswith("<") and text.endswith(">"):
        return text[1:-1]
    prefix, colon, local = text.partition(":")
    if colon and prefix in PREFIXES:
        return names.rebased(PREFIXES[prefix] + local)
    if colon and prefix in names.prefixes:  # of a collection that is read together with this one
        return names.prefixes[prefix] + local
    if colon and local.startswith("//"):
        return text
    if text == "a":
        return PREFIXES["rdf"] + "type"
    return names.rebased(f"{ID}{text}") if "/" in text else f"{CG}{text}"


def value(term: object) -> str:
    """Return the IRI or label of a node, the text of a literal, and any other term in N-Triples syntax."""
    if isinstance(term, ox.NamedNode | ox.BlankNode | ox.Literal):
        return term.value
    return str(term)


def short(term: object, names: Namespaces = SHIPPED) -> str:
    """Return a term as people write it; for IRIs the inverse of `expand`."""
    if not isinstance(term, ox.NamedNode):
        return str(term)
    for prefix, namespace in names.longest_first:
        local = term.value.removeprefix(namespace)
        if local != term.value and local and "/" not in local and "#" not in local:
            return local if prefix == "cg" else f"{prefix}:{local}"
    if term.value.startswith(names.graph):
        return f"graph:{term.value.removeprefix(names.graph)}"
    path = term.value.removeprefix(names.id)
    return path if path != term.value and "/" in path else _full(term.value)


def _full(iri: str) -> str:
    """Return an IRI in the form that `expand` leaves unchanged."""
    return iri if iri.partition(":")[2].startswith("//") else f"<{iri}>"


def triple(
    store: ox.Store,
    subject: str,
    predicate: str,
    target: str,
    suggest: Suggest = no_names,
    names: Namespaces = SHIPPED,
) -> ox.Triple:
    """Return the triple of three terms as typed; raises UnknownNameError for a term not in the graph."""
    things = (known(store, text, suggest, names) for text in (subject, target))
    return ox.Triple(next(things), known(store, predicate, names=names), next(things))


def known(
    store: ox.Store, text: str, suggest: Suggest = no_names, names: Namespaces = SHIPPED
) -> ox.NamedNode:
    """Return the node that `text` stands for; raises UnknownNameError if it is not in the graph.

    The error has the names that `suggest` returns for `text`, or else names that are spelt like it.
    """
    iri = expand(text, names)
    try:
        node = ox.NamedNode(iri)
    except ValueError as error:  # a space, for example
        raise UnknownNameError("thing", text, (), suggest(text)) from error
    if any(
        any(quads)
        for quads in (
            store.quads_for_pattern(node, None, None),
            store.quads_for_pattern(None, node, None),
            store.quads_for_pattern(None, None, node),
        )
    ):
        return node
    folder = iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]
    near = {value(quad.subject) for quad in store if value(quad.subject).startswith(folder)}
    there = [short(ox.NamedNode(iri), names) for iri in near]
    raise UnknownNameError("thing", short(node, names), there, suggest(text))


def layer(quads: Iterable[ox.Quad], name: str) -> list[ox.Quad]:
    """Return the quads of the graph `name` (below `graph/`); raises UnknownNameError if there is none."""
    layers: dict[str, list[ox.Quad]] = {}
    for quad in quads:
        layers.setdefault(value(quad.graph_name).rpartition("/graph/")[2], []).append(quad)
    if name not in layers:
        raise UnknownNameError("layer", name, layers)
    return layers[name]


def python_value(term: object) -> Value:
    """Return `term` as int, float, bool, date, datetime or str; None for an unbound variable.

    An IRI becomes its text and a blank node its label. A literal that Python cannot hold, such as one
    of the year 0, stays text.
    """
    if term is None:
        return None
    if isinstance(term, ox.Literal):
        return _literal(term)
    return term.value if isinstance(term, ox.NamedNode) else str(term)


def _literal(term: ox.Literal) -> Value:
    try:
        return _FROM_TEXT.get(term.datatype.value, str)(term.value)
    except ValueError:
        return term.value


def folded(text: str) -> str:
    """Return `text` in lower case, without accents and with single spaces, for search."""
    if text.isascii():  # most texts, and without a look at each character
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(plain.casefold().split())
