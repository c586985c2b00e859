"""Search over names of things, quotes and contents, and saved queries, for one site."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from pyoxigraph import NamedNode

from kg.asking.questions.saved_queries import SavedQuery
from kg.asking.reconciling import spelling
from kg.asking.reconciling.match import SURE
from kg.asking.reconciling.reconciliation_query import MOST_CANDIDATES, ReconciliationQuery
from kg.namespaces import BASE, ID, OA, PREFIXES
from kg.store import unasserted
from kg.terms import folded, short
from server.data.reconciling.directory import Directory
from server.data.reconciling.reconciliation_service import ReconciliationService
from server.pages.questions import question_list
from server.pages.search import text_index
from server.pages.search.text_index import PROPERTIES, IndexEntry, TextIndex
from server.site import pool_queries
from server.site.pool_queries import value
from server.site.site import PerVersion

THINGS, TEXTS, PLACES = 100, 50, 5  # shown at most; PLACES are the passages of one text
LANGUAGE = "en"  # of the page and the names on it
_QUOTE = f"{OA}exact"
_NAMES = 0  # the rank of names among the PROPERTIES of the index
_HEAD = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("cg", "rdfs", "skos"))
_KINDS = """SELECT ?s (MIN(?name) AS ?kind) {{
  {which} {{ ?s a ?class . ?class rdfs:label ?name
    FILTER NOT EXISTS {{ ?s a ?narrow . ?narrow rdfs:subClassOf ?class FILTER (?narrow != ?class) }} }}
  UNION {{ ?s skos:inScheme/skos:prefLabel ?name }} FILTER (lang(?name) = "en")
}} GROUP BY ?s"""
_PASSAGES = """SELECT DISTINCT ?s ?passage ?telegram (MIN(?name) AS ?title) {{
  {which} {{ ?s cg:inPassage ?passage }} UNION {{ ?s (cg:evidence|cg:basedOn)/cg:inPassage ?passage }}
  OPTIONAL {{ ?passage cg:passageOf/cg:renders ?telegram
    OPTIONAL {{ ?telegram rdfs:label ?name FILTER (lang(?name) = "en") }} }}
}} GROUP BY ?s ?passage ?telegram ORDER BY ?passage"""


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage with a text; `telegram` and `title` are empty if the graph has no telegram for it."""

    iri: str
    telegram: str
    title: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing or text that matches: its text, its kind, and for texts the passages that hold it.

    `about` tells a thing from its namesakes; of a text that no passage asserts it says so in a sentence.
    """

    iri: str
    text: str
    kind: str
    about: str = ""
    passages: tuple[FoundPassage, ...] = ()


@dataclass(frozen=True, slots=True)
class Hits:
    """The first hits and their total; with `more` there are more than `total`."""

    shown: tuple[Hit, ...] = ()
    total: int = 0
    more: bool = False


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The things, texts and saved queries that match the words."""

    things: Hits = Hits()
    texts: Hits = Hits()
    questions: tuple[SavedQuery, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether nothing matches."""
        return not (self.things.total or self.texts.total or self.questions)


class Finder:
    """The search of one site; the worker pool reads the texts once for each data version."""

    def __init__(self, names: ReconciliationService) -> None:
        self._site, self._names = names.site, names
        self._index = PerVersion(lambda: text_index.read(names.site.pool))

    def find(self, words: str) -> SearchResult:
        """Return what contains all `words`, and things whose name may be spelt so; nothing for no words.

        Raises what a query raises, and BusyError while new data are being read.
        """
        wanted = " ".join(dict.fromkeys(folded(words).split()))
        if not wanted:
            return SearchResult()
        known = self._index.get(self._site.data_version)
        entries = known.find(wanted)
        names = [entry for entry in entries if PROPERTIES[entry.property] == _NAMES]
        texts = [entry for entry in entries if PROPERTIES[entry.property] != _NAMES]
        return SearchResult(
            self._things(words, names, known),
            self._texts(texts, known),
            tuple(question_list.matching(self._site.queries.values(), words)),
        )

    def _things(self, words: str, entries: Iterable[IndexEntry], known: TextIndex) -> Hits:
        directory = replace(self._names.directory(), language=LANGUAGE)
        candidates = directory.reconciler.reconcile(ReconciliationQuery(words, limit=MOST_CANDIDATES))
        sure = {one.id for one in candidates if one.score >= SURE}
        # without a letter the suggester would return all things
        prefixed = directory.suggester.things(words) if spelling.latin_words(words) else []
        order = dict.fromkeys([one.id for one in candidates] + prefixed)
        named = sorted(order, key=lambda thing: (thing not in sure, not directory.thing(thing).is_person))
        own = {f"{ID}{thing}" for thing in named}
        others = [e for e in entries if e.iri not in own and not e.iri.startswith(f"{BASE}queries/")]
        rest = others[: max(0, THINGS - len(named))]
        kinds = self._kinds([entry.iri for entry in rest])
        shown = [_thing(directory, thing) for thing in named[:THINGS]]
        shown += [Hit(entry.iri, entry.text, kinds.get(entry.iri, "")) for entry in rest]
        more = len(candidates) == MOST_CANDIDATES or not known.complete
        return Hits(tuple(shown), len(named) + len(others), more)

    def _texts(self, entries: Iterable[IndexEntry], known: TextIndex) -> Hits:
        """Return the hits for texts, each text once, with the passages of all statements that have it.

        A statement that is asserted goes before others with the same text.
        """
        by_text: dict[str, list[str]] = {}
        quotes = set()
        for entry in entries:
            by_text.setdefault(entry.text, []).append(entry.iri)
            if entry.property == _QUOTE:
                quotes.add(entry.iri)
        some = dict(list(by_text.items())[:TEXTS])
        ask = partial(pool_queries.rows, self._site.pool)
        open_ = unasserted.read(ask, [iri for iris in some.values() for iri in iris])
        first = {text: sorted(iris, key=lambda iri: iri in open_)[:PLACES] for text, iris in some.items()}
        kinds = self._kinds([iris[0] for iris in first.values()]) | dict.fromkeys(quotes, "quote")
        places = self._passages([iri for iris in first.values() for iri in iris])
        says = {iri: one.sentence for iri, one in open_.items()}
        shown = [_text(text, iris, kinds, places, says) for text, iris in first.items()]
        return Hits(tuple(shown), len(by_text), not known.complete)

    def _kinds(self, iris: list[str]) -> dict[str, str]:
        """Return the English name of the narrowest class or scheme of each of `iris`, or its short name."""
        if not iris:
            return {}
        which = pool_queries.values("s", iris)
        plain = pool_queries.rows(
            self._site.pool, f"SELECT ?s (MIN(?c) AS ?kind) {{ {which} ?s a ?c }} GROUP BY ?s"
        )
        short_names = {value(row["s"]): short(NamedNode(value(row["kind"]))) for row in plain}
        labelled = pool_queries.rows(self._site.pool, _HEAD + _KINDS.format(which=which))
        return short_names | {value(row["s"]): value(row["kind"]) for row in labelled}

    def _passages(self, iris: list[str]) -> dict[str, list[FoundPassage]]:
        if not iris:
            return {}
        passages: dict[str, list[FoundPassage]] = {}
        query = _HEAD + _PASSAGES.format(which=pool_queries.values("s", iris))
        for row in pool_queries.rows(self._site.pool, query):
            texts = {name: value(term) for name, term in row.items()}
            place = FoundPassage(texts["passage"], texts.get("telegram", ""), texts.get("title", ""))
            passages.setdefault(texts["s"], []).append(place)
        return passages


def _thing(directory: Directory, thing: str) -> Hit:
    entity = directory.entity(thing)
    about = entity["description"]
    kind, _, more = about.partition("; ")
    return Hit(f"{ID}{thing}", entity["name"], kind, more)


def _text(
    text: str,
    iris: list[str],
    kinds: Mapping[str, str],
    places: Mapping[str, list[FoundPassage]],
    says: Mapping[str, str],
) -> Hit:
    passages = dict.fromkeys(place for iri in iris for place in places.get(iri, ()))
    first = iris[0]
    return Hit(first, text, kinds.get(first, ""), says.get(first, ""), tuple(passages)[:PLACES])
