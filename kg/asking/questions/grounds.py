"""Grounds of an answer in numbers: its statements, through whom, how and how surely they are known.

An answer may rest on one reporter alone, or on readings that nobody asserts. Rows do not show that at once,
grounds do. They are counted from the statements that the rows name, wherever in the row.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import quote

from pyoxigraph import NamedNode

from kg.namespaces import CG, ID, PREFIXES, SHIPPED, Namespaces
from kg.store import unasserted
from kg.terms import short, value

Row = Mapping[str, Any]
Ask = Callable[[str], Iterable[Row]]  # returns the rows of a SELECT query over the union of all graphs

MOST = 1_000  # things that are looked up
_REST = r"[^\s\"'<>,\\^`{|}]+"
_CURATOR = f"{ID}voice/curator"
_UNKNOWN = "not said"
_ASSERTED = "asserted"
# Roles of a value: the first of these that a statement has says through whom it is known.
_THROUGH = ("reporter", "curator", "speaker", "voice")
# Each way has one kind of path: the engine would look up alternatives for all statements, not for some.
_WAYS: Sequence[tuple[str, str]] = (
    ("statement", "?s a cg:Statement BIND (?s AS ?value)"),
    ("certainty", "?s cg:certainty ?value"),
    ("basis", "?s cg:basis ?value"),
    ("reporter", "?s cg:reportedBy ?value"),
    ("curator", f"?s cg:voice ?value FILTER (?value = <{_CURATOR}>)"),
    ("voice", "?s cg:voice ?value"),
    *(
        way
        for rests in ("evidence", "basedOn")
        for way in (
            ("speaker", f"?s cg:{rests}/cg:inPassage/cg:spokenBy ?value"),
            ("voice", f"?s cg:{rests}/cg:inPassage/cg:voice ?value"),
            ("telegram", f"?s cg:{rests}/cg:inPassage/cg:passageOf/cg:renders ?value"),
        )
    ),
    ("standing", f"?s a ?value FILTER (?value IN ({', '.join(f'<{iri}>' for iri in unasserted.CLASSES)}))"),
    ("standing", f"?s a cg:Statement ; cg:certainty ?value FILTER (?value = <{ID}certainty/found>)"),
    ("rival", "?s a cg:Statement . ?value cg:alternative ?s"),
    (
        "rival",
        "?s a cg:Statement . ?value cg:about ?s ; a ?sort FILTER (?sort IN (cg:Ambiguity, cg:Reading))",
    ),
)
_NAME = f'<{PREFIXES["rdfs"]}label>|<{PREFIXES["skos"]}prefLabel> ?name FILTER (lang(?name) = "en")'


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the statements have one value: its IRI, which may be empty, and its English name."""

    iri: str
    name: str
    statements: int


@dataclass(frozen=True, slots=True)
class Grounds:
    """What an answer rests on, in numbers of statements, the most first.

    `through` says through whom they are known: who reports them, else who reads them out of the text (the
    curator), else who speaks in the passage. `basis` says how the reporter knows, `certainty` how sure the
    reading is, `standing` which are asserted. `rivals` is how many may be read otherwise: an ambiguity or
    another reading is about them. `complete` is False if the rows name more than MOST things.
    """

    statements: int = 0
    telegrams: int = 0
    through: tuple[Share, ...] = ()
    basis: tuple[Share, ...] = ()
    certainty: tuple[Share, ...] = ()
    standing: tuple[Share, ...] = ()
    rivals: int = 0
    complete: bool = True

    def __str__(self) -> str:
        """Return it in one line, without a full stop; empty if there is no statement."""
        if not self.statements:
            return ""
        parts = [
            f"{_number(self.statements, 'statement')} of {_number(self.telegrams, 'telegram')}",
            f"through {_listed(self.through)}",
            f"known by {_listed(self.basis)}",
            f"reading {_listed(self.certainty)}",
            _listed(self.standing),
            f"{self.rivals or 'none'} may be read otherwise",
        ]
        cut = "" if self.complete else f"; counted for the first {MOST:,} things that the rows name"
        return "; ".join(parts) + cut

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON object, with the line as `line`."""
        return {"line": str(self), **asdict(self)}

    def to_field(self, names: Namespaces = SHIPPED) -> str:
        """Return it as a dictionary of Structured Fields (RFC 9651 section 3.2), for a header.

        `names` has the namespaces of the collection.
        """
        shares = {
            name: " ".join(f'"{_ascii(share, names)}";n={share.statements}' for share in getattr(self, name))
            for name in ("through", "basis", "certainty", "standing")
        }
        lists = "".join(f", {name}=({text})" for name, text in shares.items())
        cut = "" if self.complete else ", cut"
        return f"statements={self.statements}, telegrams={self.telegrams}, rivals={self.rivals}{lists}{cut}"


def named(text: str, names: Namespaces = SHIPPED) -> list[str]:
    """Return the IRIs of things of a collection in `text`, an answer in any format, each once and in order.

    Of more than MOST it returns MOST and one. `names` has the namespaces of the collection.
    """
    homes = "|".join(map(re.escape, names.homes))
    found: dict[str, None] = {}
    for match in re.finditer(f"(?:{homes}){_REST}", text):
        found[match[0]] = None
        if len(found) > MOST:
            break
    return list(found)


def count(ask: Ask, things: Sequence[str], names: Namespaces = SHIPPED) -> Grounds:
    """Return the grounds that the statements among `things` are; raises what `ask` raises.

    `names` has the namespaces of the collection.
    """
    listed = " ".join(str(NamedNode(iri)) for iri in things[:MOST])
    if not listed:
        return Grounds()
    found: dict[str, dict[str, list[str]]] = {}
    for row in ask(_query(listed)):
        values = found.setdefault(value(row["s"]), {}).setdefault(value(row["role"]), [])
        values.append(value(row["value"]))
    of_statements = [roles for roles in found.values() if "statement" in roles]
    return _counted(ask, of_statements, names, complete=len(things) <= MOST)


def _query(listed: str) -> str:
    ways = " UNION ".join(f'{{ {way} BIND ("{role}" AS ?role) }}' for role, way in _WAYS)
    return f"PREFIX cg: <{CG}> SELECT DISTINCT ?s ?role ?value {{ VALUES ?s {{ {listed} }} {ways} }}"


def _counted(
    ask: Ask, found: Sequence[Mapping[str, list[str]]], own: Namespaces, *, complete: bool
) -> Grounds:
    through = Counter(iri for roles in found for iri in _through(roles))
    basis, certainty = (
        Counter(iri for roles in found for iri in roles.get(role, [""])) for role in ("basis", "certainty")
    )
    iris = {*through, *basis, *certainty} - {""}
    names = {iri: short(NamedNode(iri), own) for iri in iris} | _names(ask, iris)
    standing = Counter(
        str(unasserted.STANDINGS[roles["standing"][0]]) if "standing" in roles else _ASSERTED
        for roles in found
    )
    return Grounds(
        len(found),
        len({iri for roles in found for iri in roles.get("telegram", ())}),
        _shares(through, names),
        _shares(basis, names),
        _shares(certainty, names),
        _shares(standing, {name: name for name in standing}, iris=False),
        sum("rival" in roles for roles in found),
        complete,
    )


def _through(roles: Mapping[str, list[str]]) -> list[str]:
    return next((roles[role] for role in _THROUGH if role in roles), [""])


def _names(ask: Ask, iris: Iterable[str]) -> dict[str, str]:
    """Return the English names of `iris`."""
    listed = " ".join(str(NamedNode(iri)) for iri in sorted(iris))
    rows = ask(f"SELECT ?x ?name {{ VALUES ?x {{ {listed} }} ?x {_NAME} }}") if listed else ()
    return {value(row["x"]): value(row["name"]) for row in rows}


def _shares(counts: Counter[str], names: Mapping[str, str], *, iris: bool = True) -> tuple[Share, ...]:
    """Return a share for each of `counts`, the most first, then by name."""
    found = [Share(key if iris else "", names.get(key, _UNKNOWN), number) for key, number in counts.items()]
    return tuple(sorted(found, key=lambda share: (-share.statements, share.name)))


def _listed(shares: Iterable[Share]) -> str:
    return ", ".join(f"{share.name} ({share.statements})" for share in shares)


def _number(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _ascii(share: Share, names: Namespaces) -> str:
    """Return the name of a share as a field of a header may have it: ASCII, without quotes."""
    return quote(short(NamedNode(share.iri), names) if share.iri else share.name, safe=" :/#.()+,;=")
