"""Drafts in QuickStatements for items that Wikidata may lack, and queries for items that it has.

Drafts are QuickStatements version 1, with fields separated by tabs. There is one for each thing that
was searched for and not found: label, description, class, its day where one is recorded, and the
address that describes it. A person has to review each draft; nothing here sends anything.
Lines that begin with # are not commands; they keep the file from being pasted whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

import yaml

from kg.asking.links.link_table import Ask, Link
from kg.namespaces import CG, ID, PREFIXES

_TABLE: Mapping[str, Any] = MappingProxyType(
    yaml.safe_load((files("kg.asking.links") / "quickstatements.yaml").read_bytes())
)
LANGUAGES = ("en", "ru", "es")
_CATALOGUE = "wikidata"
_HEAD = """\
# Drafts for Wikidata in the format of QuickStatements; never sent by us. Data version {version}.
# Each thing was looked for in public data sets and not found there. It may be in Wikidata all the same:
# search there first, by all names, and in Russian and Spanish too. Then take the lines of one draft.
"""
_REVIEW = "review by a person first; never sent by us"
_DAY = 11  # the precision of a day in Wikidata's model of time
_LABELS = f"""
SELECT ?thing ?label {{
  ?thing <{PREFIXES["rdfs"]}label> ?label . ?link a <{CG}Link> ; <{CG}about> ?thing }}"""
_CLASSES = f"SELECT DISTINCT ?thing ?class {{ ?thing a ?class . ?link a <{CG}Link> ; <{CG}about> ?thing }}"
_DAYS = f"""
SELECT DISTINCT ?thing ?first ?last ?precision {{
  ?link a <{CG}Link> ; <{CG}about> ?thing .
  ?thing <{CG}when> ?extent .
  ?extent <{CG}firstDay> ?first ; <{CG}lastDay> ?last ; <{CG}precision> ?precision }}"""

SERVICE = "https://query.wikidata.org/#"
_ABOUT = """\
# What Wikidata says of {count}, from https://w3id.org/cablegraph/
SELECT ?item ?itemLabel ?propertyLabel ?value ?valueLabel WHERE {{
  VALUES ?item {{ {items} }}
  ?item ?direct ?value .
  ?property wikibase:directClaim ?direct .
  SERVICE wikibase:label {{ bd:serviceParam wikibase:language "en,ru,es,mul". }}
}}
ORDER BY ?itemLabel ?propertyLabel
LIMIT 10000
"""
_VALUES = """\
# Things of https://w3id.org/cablegraph/ and the items of Wikidata that are exactly the same.
# It runs as it stands; put triple patterns about ?item below the block, wherever Wikidata can be queried.
SELECT ?item ?ours WHERE {{
  VALUES (?item ?ours) {{
{pairs}
  }}
}}
"""


def quickstatements(links: Iterable[Link], ask: Ask, version: str) -> str:
    """Return a file with a draft for each thing of `links` that was searched for in Wikidata and not found.

    `ask` reads labels, classes and days from the graph; `version` is the data version.
    """
    missing = [link for link in links if link.catalogue == _CATALOGUE and link.item is None]
    labels, classes, days = _labels(ask), _classes(ask), _days(ask)
    drafts = [
        "\n".join([*_opening(link), *_label_lines(labels.get(link.iri, {})),
                   *_statement_lines(link, classes.get(link.iri, set()), days.get(link.iri, ""))])
        for link in missing
    ]  # fmt: skip
    return "\n\n".join([_HEAD.format(version=version).rstrip("\n"), *drafts]) + "\n"


def _opening(link: Link) -> Iterator[str]:
    yield f"# {link.label}: looked for and not found on {link.checked}; {_REVIEW}"
    yield "CREATE"


def _label_lines(labels: Mapping[str, str]) -> Iterator[str]:
    for language in LANGUAGES:
        if language in labels:
            yield _line(f"L{language}", _text(labels[language]))


def _statement_lines(link: Link, classes: set[str], day: str) -> Iterator[str]:
    entry: Mapping[str, str] = next((e for name, e in _TABLE["classes"].items() if name in classes), {})
    for language in LANGUAGES:
        if language in entry:
            yield _line(f"D{language}", _text(entry[language]))
    source = ("S854", _text(link.iri))
    if "item" in entry:
        yield _line("P31", entry["item"], *source)
    if day:
        yield _line("P585", f"+{day}T00:00:00Z/{_DAY}", *source)
    yield _line("P973", _text(link.iri))


def _line(*fields: str) -> str:
    return "\t".join(("LAST", *fields))


def _text(text: str) -> str:
    """Return `text` in quotation marks; the format cannot escape one within, so those become “””."""
    return f'"{" ".join(text.split()).replace(chr(34), "”")}"'


def _labels(ask: Ask) -> dict[str, dict[str, str]]:
    result: dict[str, dict[str, str]] = {}
    for row in sorted(ask(_LABELS), key=lambda row: str(row["label"])):
        result.setdefault(row["thing"].value, {}).setdefault(row["label"].language or "", row["label"].value)
    return result


def _classes(ask: Ask) -> dict[str, set[str]]:
    result: dict[str, set[str]] = {}
    for row in ask(_CLASSES):
        result.setdefault(row["thing"].value, set()).add(row["class"].value.removeprefix(str(CG)))
    return result


def _days(ask: Ask) -> dict[str, str]:
    """Return the day (ISO 8601) of each thing whose dates, of whatever source, all give this one day."""
    result: dict[str, set[str]] = {}
    for row in ask(_DAYS):
        first, last = row["first"].value, row["last"].value
        whole = row["precision"].value == f"{ID}precision/day" and first == last
        result.setdefault(row["thing"].value, set()).add(first if whole else "")
    return {thing: min(days) for thing, days in result.items() if len(days) == 1}


def properties() -> Sequence[str]:
    """Return the Wikidata properties that drafts may use, such as P31."""
    return tuple(_TABLE["properties"])


def query_about(items: Iterable[str]) -> str:
    """Return a SPARQL query for all direct statements of Wikidata about `items`, given by their IRIs."""
    names = list(dict.fromkeys(item.rpartition("/")[2] for item in items))
    count = names[0] if len(names) == 1 else f"{len(names)} items"
    return _ABOUT.format(count=count, items=" ".join(f"wd:{name}" for name in names))


def query_service_link(query: str) -> str:
    """Return the address of the Wikidata Query Service with the SPARQL `query` filled in."""
    return SERVICE + quote(query, safe="")


def values_block(pairs: Iterable[tuple[str, str]]) -> str:
    """Return a SPARQL query with a VALUES block of `pairs` of the IRIs of an item and of a thing."""
    return _VALUES.format(pairs="\n".join(f"    (<{item}> <{ours}>)" for item, ours in sorted(pairs)))
