"""Turn contradictions that inference met into findings that name the records behind them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph as ox

from kg.errors import ContradictionError, Finding
from kg.namespaces import CG, ID
from kg.reading import Records
from kg.schema import local_name

_IRI = re.compile(r"https?://[^\s,)(']+")
# owlrl names the two terms that exclude each other first, then the things they meet in.
_STATEMENTS = f"""
SELECT DISTINCT ?statement WHERE {{
  VALUES ?thing {{ %s }}
  ?statement <{CG.participant}>|<{CG.heldBy}> ?thing .
  ?statement <{CG.atEvent}>|<{CG.voicedAt}>|<{CG.onIssue}>|<{CG.favours}>|<{CG.opposes}>|<{CG.partlyOpposes}> ?other .
  VALUES ?other {{ %s }}
}} ORDER BY ?statement"""


def refuse(messages: Iterable[str], store: ox.Store, records: Records) -> None:
    """Raise ContradictionError if there are `messages` of owlrl; each finding stands at a record."""
    findings = [finding for message in messages for finding in _findings(message, store, records)]
    if findings:
        raise ContradictionError(dict.fromkeys(findings))


def _findings(message: str, store: ox.Store, records: Records) -> Iterator[Finding]:
    found = list(dict.fromkeys(_IRI.findall(message)))
    terms = [local_name(iri) for iri in found if iri.startswith(str(CG))]
    things = [iri for iri in found if iri.startswith(str(ID))]
    names = " and ".join(thing.removeprefix(str(ID)) for thing in things)
    text = f"{names} cannot be both {' and '.join(terms)}; correct one of the records" if terms else message
    places = [records.things[iri] for iri in (*_statements(things, store), *things) if iri in records.things]
    if not places:
        yield Finding(names or "records", 0, text)
    yield from (Finding(place.file, place.line, text) for place in places)


def _statements(things: Sequence[str], store: ox.Store) -> list[str]:
    """Return the statements that join the things of a contradiction."""
    values = " ".join(f"<{thing}>" for thing in things)
    rows = store.query(_STATEMENTS % (values, values), use_default_graph_as_union=True)
    return [row["statement"].value for row in rows]
