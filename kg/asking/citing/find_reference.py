"""The reference to a thing of the graph: a telegram, a statement of one, or anything else that has a name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from pyoxigraph import NamedNode

from kg.asking.citing.reference import SHOWN, CitedName, Kind, Reference
from kg.namespaces import CG, PREFIXES, Namespaces
from kg.reading.collection.description import Description
from kg.store import unasserted
from kg.store.layers import OURS
from kg.terms import short, value

Row = Mapping[str, Any]
Ask = Callable[[str], Iterable[Row]]  # returns the rows of a SELECT query over the union of all graphs

_STATEMENT, _TELEGRAM = f"{CG}Statement", f"{CG}Telegram"
_BODY = "body-"
_WHOLE = "dataset"  # the name of the data set as a whole, below the base of the collection
# What there is to know of a thing, one way for each role. Facts about a telegram, or about the text of it
# that is read, are statements of the archive's page.
_WAYS = (
    ("type", "?x a ?value"),
    ("title", '?x rdfs:label|skos:prefLabel ?value FILTER (lang(?value) = "en")'),
    ("content", "?x cg:content ?value"),
    ("written", "?x cg:asWritten ?value"),
    ("author", "?x cg:author ?value"),
    ("sender", "?x cg:sender ?value"),
    ("recipient", "?x cg:addressee ?value"),
    ("translator", "?text cg:renders ?x ; cg:translatedBy ?value"),
    ("publisher", "?text cg:renders ?x ; cg:publishedBy ?value"),
    ("page", "?text cg:renders ?x ; cg:page ?value"),
    ("day", "?x cg:bestDate/cg:firstDay ?value"),
    *(
        (role, f"{about} ?fact cg:about {subject} ; cg:property schema:{name} ; cg:value ?value")
        for role, name in (("archive", "holdingArchive"), ("provider", "provider"), ("funder", "funder"))
        for about, subject in (("", "?x"), ("?text cg:renders ?x .", "?text"))
    ),
    ("passage", "?x cg:evidence/cg:inPassage ?value"),
    ("passage", "?x cg:basedOn/cg:inPassage ?value"),
    ("telegram", "?x cg:evidence/cg:inPassage/cg:passageOf/cg:renders ?value"),
    ("telegram", "?x cg:basedOn/cg:inPassage/cg:passageOf/cg:renders ?value"),
)
_PREFIXES = "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in ("cg", "rdfs", "schema", "skos"))


def find(
    ask: Ask, iri: str, version: str, seen: date | None = None, about: Description = OURS
) -> Reference | None:
    """Return the reference to the thing `iri` in the data `version`, asked on the day `seen`, or None.

    `about` describes the collection. A thing of another one, that is read together with it, has the title,
    curator and licence of its own.

    Raises ValueError for an `iri` that is not valid, and what `ask` raises.
    """
    said = _said(ask, iri)
    if not said:
        return None
    if iri == f"{about.base}{_WHOLE}":
        return Reference(
            Kind.ANSWER,
            about.title,
            iri,
            version,
            seen,
            footnote=_whole(about, iri, version, seen),
            about=about,
        )
    about = _home(about, iri)
    if _TELEGRAM in said.get("type", ()):
        return replace(_telegram(ask, iri, said, version, seen, about.names), about=about)
    title = next((said[role][0] for role in ("title", "content", "written") if role in said), "")
    told = unasserted.read(ask, [iri])
    kind = Kind.STATEMENT if _STATEMENT in said.get("type", ()) else Kind.THING
    return Reference(
        kind,
        title.removesuffix(".") or short(NamedNode(iri), about.names),
        iri,
        version,
        seen,
        standing=told[iri].sentence if iri in told else "",
        place=_place(said.get("passage", ())),
        within="; ".join(_cores(ask, said.get("telegram", ()), version, seen, about.names)),
        types=tuple(said.get("type", ())),
        about=about,
    )


def _whole(about: Description, iri: str, version: str, seen: date | None) -> str:
    """Return the footnote for the data set as a whole."""
    day = f"{seen.day} {seen:%B %Y}" if seen else ""
    parts = (about.curator, f"“{about.title}”", f"data version {version[:SHOWN]}", day, iri)
    return f"{', '.join(part for part in parts if part)}."


def _home(about: Description, iri: str) -> Description:
    """Return the description of the collection of `iri`, which says what it is read together with."""
    own = about.of(iri)
    if own.base == about.base:
        return about
    title = f"{own.title} (read together with {about.title})"
    others = (about, *(other for other in about.others if other.base != own.base))
    return replace(own, title=title, others=tuple(replace(other, others=()) for other in others))


def _said(ask: Ask, iri: str) -> dict[str, list[str]]:
    """Return what the graph says of `iri` by role, each value once."""
    ways = " UNION ".join(f'{{ {way} BIND ("{role}" AS ?role) }}' for role, way in _WAYS)
    which = f"VALUES ?x {{ {NamedNode(iri)} }}"
    query = f"{_PREFIXES}SELECT DISTINCT ?role ?value {{ {which} {ways} }} ORDER BY ?value"
    said: dict[str, list[str]] = {}
    for row in ask(query):
        said.setdefault(value(row["role"]), []).append(value(row["value"]))
    return said


def _telegram(
    ask: Ask,
    iri: str,
    said: Mapping[str, list[str]],
    version: str,
    seen: date | None,
    own: Namespaces,
) -> Reference:
    roles = ("author", "sender", "recipient", "translator", "publisher", "archive", "provider", "funder")
    names = _names(ask, {actor for role in roles for actor in said.get(role, ())}, own)
    called = {role: tuple(names[actor] for actor in said.get(role, ())) for role in roles}
    day = said.get("day", ())
    return Reference(
        Kind.TELEGRAM,
        next(iter(said.get("title", ())), short(NamedNode(iri), own)),
        iri,
        version,
        seen,
        called["author"] or called["sender"],
        called["recipient"],
        called["translator"],
        date.fromisoformat(day[0]) if day else None,
        " and ".join(name.whole for name in called["archive"]),
        " and ".join(name.whole for name in called["publisher"]),
        tuple(
            f"{words} {name.whole}"
            for role, words in (("provider", "obtained by"), ("funder", "with support of"))
            for name in called[role]
        ),
        next(iter(said.get("page", ())), ""),
        types=tuple(said.get("type", ())),
    )


def _names(ask: Ask, actors: Iterable[str], own: Namespaces) -> dict[str, CitedName]:
    """Return the English names of `actors`, with the family name where a passage gives it."""
    listed = " ".join(str(NamedNode(iri)) for iri in sorted(actors))
    rows = ask(
        f"{_PREFIXES}SELECT DISTINCT ?x ?name ?family {{ VALUES ?x {{ {listed} }} "
        '?x rdfs:label ?name FILTER (lang(?name) = "en") '
        "OPTIONAL { ?x a cg:Person . ?naming cg:names ?x ; schema:familyName ?family } } ORDER BY ?family"
    )
    names = {iri: CitedName(short(NamedNode(iri), own)) for iri in actors}
    for row in rows if listed else ():
        whole, family = value(row["name"]), value(row["family"]) if "family" in row else ""
        iri = value(row["x"])
        if family and whole.endswith(f" {family}"):
            names[iri] = CitedName(whole, family, whole.removesuffix(f" {family}"))
        elif not names[iri].family:
            names[iri] = CitedName(whole)
    return names


def _place(passages: Iterable[str]) -> str:
    """Return where in its telegram a statement stands: paragraphs of the body, and other passages by name."""
    names = sorted({iri.rpartition("/")[2] for iri in passages}, key=_in_order)
    numbers = [name.removeprefix(_BODY) for name in names if name.startswith(_BODY)]
    others = [name for name in names if not name.startswith(_BODY)]
    paragraphs = f"paragraph{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}" if numbers else ""
    return "; ".join(part for part in (paragraphs, ", ".join(others)) if part)


def _in_order(name: str) -> tuple[str, int]:
    kind, _, number = name.rpartition("-")
    return kind, int(number) if number.isdigit() else 0


def _cores(
    ask: Ask, telegrams: Iterable[str], version: str, seen: date | None, own: Namespaces
) -> Iterator[str]:
    """Yield what a footnote says of each of `telegrams`."""
    for iri in telegrams:
        yield _telegram(ask, iri, _said(ask, iri), version, seen, own).core()
