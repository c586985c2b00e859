"""Search over things, statements and saved questions by words, for one site."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType

from kg.asking.reconciling import spelling
from kg.asking.reconciling.match import SURE
from kg.asking.reconciling.reconciliation_query import MOST_CANDIDATES, ReconciliationQuery
from kg.asking.searching.search_file import QUESTION, STATEMENT, THING
from kg.asking.searching.search_index import RANKED, Search, SearchIndex, WordHit, WordHits
from kg.asking.searching.typed_words import TypedWords
from kg.namespaces import PREFIXES
from kg.store import unasserted
from server.data.reconciling.directory import Directory
from server.data.reconciling.reconciliation_service import ReconciliationService
from server.pages.search.word_indexes import WordIndexes
from server.site import made_names, pool_queries
from server.site.first_answers import in_time
from server.site.pool_queries import value

THINGS, TEXTS, QUESTIONS, PLACES = 100, 50, 20, 5  # shown at most; PLACES are the passages of one text
_BEGUN = 1_000  # things whose names begin as typed
LANGUAGE = "en"  # of the page and the names on it
_HEAD = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("cg", "rdfs", "skos"))
_PASSAGES = """SELECT DISTINCT ?s ?passage ?telegram (MIN(?name) AS ?title) {{
  {which} ?s ^cg:embeds*/(cg:evidence|cg:basedOn)/cg:inPassage ?passage
  OPTIONAL {{ ?passage cg:passageOf/cg:renders ?telegram
    OPTIONAL {{ ?telegram rdfs:label ?name FILTER (lang(?name) = "en") }} }}
}} GROUP BY ?s ?passage ?telegram ORDER BY ?passage"""


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage with a text; `telegram` and `title` are empty if the graph has no telegram for it.

    `place` is what the passage is called within its telegram.
    """

    iri: str
    telegram: str
    title: str
    place: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing, statement or saved question that matches: its text, its kind, and where its words were found.

    `about` tells a thing from its namesakes; of a statement that no passage asserts it says so in a sentence.
    `found` has for each typed word the fields that have it; it is empty for a name in another spelling.
    """

    iri: str
    text: str
    kind: str
    about: str = ""
    found: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    quotes: tuple[str, ...] = ()
    passages: tuple[FoundPassage, ...] = ()


@dataclass(frozen=True, slots=True)
class Hits:
    """The first hits and their total; with `more` there are more than `total`.

    `every` of them have all words; if these are few, hits with some of the words follow.
    """

    shown: tuple[Hit, ...] = ()
    total: int = 0
    more: bool = False
    every: int = 0


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The things, statements and saved questions that match, and what is known of each word.

    `spelt` says whether things were also looked for by names in other spellings, `described` whether it was
    read what texts stand for and where.
    """

    things: Hits = Hits()
    texts: Hits = Hits()
    questions: Hits = Hits()
    words: TypedWords = field(default_factory=TypedWords)
    spelt: bool = True
    described: bool = True

    @property
    def nothing(self) -> bool:
        """Whether nothing matches."""
        return not (self.things.total or self.texts.total or self.questions.total)


class Finder:
    """The search of one site: the index of all words, and the reconciler for names in other spellings.

    Unless it is `patient`, it does not wait until the reconciler has read the names of new data.
    """

    def __init__(
        self, names: ReconciliationService, indexes: WordIndexes, patient: Callable[[], bool] = lambda: True
    ) -> None:
        self._site, self._names, self._indexes, self._patient = names.site, names, indexes, patient

    def index(self) -> SearchIndex:
        """Return the index of the present data; raises BusyError while new data are being read."""
        return self._indexes.get(self._site.data_version)

    def find(
        self, text: str, narrowed: Mapping[str, str] = MappingProxyType({}), *, texts: bool = True
    ) -> SearchResult:
        """Return what has the words of `text`, and things whose name may be spelt so; nothing for no words.

        `narrowed` has a thing for some of the filters. Without `texts` statements are left out. Raises
        ParameterError for a filter that narrows nothing, what a query raises, and BusyError while new data
        are being read.
        """
        index = self.index()
        words = index.words(text)
        if not words.words:
            return SearchResult()
        things, questions = (
            index.find(words, part, Search(narrowed, most))
            for part, most in ((THING, RANKED), (QUESTION, QUESTIONS))
        )
        said = index.find(words, STATEMENT, Search(narrowed, TEXTS)) if texts else WordHits()
        described = in_time(lambda: self._texts(said), None)
        spelt = self._names.read() or self._patient()
        by_words = _hits(things, map(_hit, things.shown[:THINGS]))
        return SearchResult(
            by_words if narrowed or not spelt else self._things(text, things),
            _hits(said, map(_hit, said.shown)) if described is None else described,
            _hits(questions, map(_hit, questions.shown)),
            words,
            spelt or bool(narrowed),
            described is not None,
        )

    def _things(self, text: str, found: WordHits) -> Hits:
        """Return things by their name in any spelling, then by words, then by a name that is less alike."""
        directory = replace(self._names.directory(), language=LANGUAGE)
        candidates = directory.reconciler.reconcile(ReconciliationQuery(text, limit=MOST_CANDIDATES))
        sure = [one.id for one in candidates if one.score >= SURE]
        # without a letter the suggester would return all things
        begun = directory.suggester.things(text, _BEGUN) if spelling.latin_words(text) else []
        first = sorted(dict.fromkeys(sure + begun), key=lambda thing: not directory.thing(thing).is_person)
        by_words = {hit.iri: hit for hit in found.shown}
        every = [hit.iri for hit in found.shown[: found.every]]
        iri = self._site.names.thing
        last = [iri(one.id) for one in candidates]
        order = list(dict.fromkeys([*map(iri, first), *every, *last, *by_words]))
        shown = tuple(_thing(directory, by_words.get(iri), iri) for iri in order[:THINGS])
        # Things whose names have the words in another spelling; among very many they are counted already.
        others = len(order) - len(by_words) if found.total <= len(by_words) else 0
        more = found.more or len(candidates) == MOST_CANDIDATES or len(begun) == _BEGUN
        return Hits(shown, found.total + others, more, found.every)

    def _texts(self, found: WordHits) -> Hits:
        if not found.shown:
            return Hits()
        ask = partial(pool_queries.rows, self._site.pool)
        says = unasserted.read(ask, [hit.iri for hit in found.shown])
        about = {iri: one.sentence for iri, one in says.items()}
        places = self._passages([hit.iri for hit in found.shown])
        shown = (
            replace(_hit(hit), about=about.get(hit.iri, ""), passages=tuple(places.get(hit.iri, ())[:PLACES]))
            for hit in found.shown
        )
        return _hits(found, shown)

    def _passages(self, iris: list[str]) -> dict[str, list[FoundPassage]]:
        if not iris:
            return {}
        passages: dict[str, list[FoundPassage]] = {}
        query = _HEAD + _PASSAGES.format(which=pool_queries.values("s", iris))
        rows = [
            {name: value(term) for name, term in row.items()}
            for row in pool_queries.rows(self._site.pool, query)
        ]
        made = made_names.of(self._site.pool, (row["passage"] for row in rows))
        for row in rows:
            title, iri = row.get("title", ""), row["passage"]
            place = made.get(iri, iri.rpartition("/")[2]).removeprefix(f"{title}, ")
            passages.setdefault(row["s"], []).append(FoundPassage(iri, row.get("telegram", ""), title, place))
        return passages


def _hits(found: WordHits, shown: Iterable[Hit]) -> Hits:
    return Hits(tuple(shown), found.total, found.more, found.every)


def _hit(hit: WordHit) -> Hit:
    return Hit(hit.iri, hit.title, hit.kind, found=hit.found, quotes=hit.quotes)


def _thing(directory: Directory, hit: WordHit | None, iri: str) -> Hit:
    """Return the hit for a thing, with its name and description in the directory if it has an entry."""
    own = directory.known.names.name(iri)
    found = _hit(hit) if hit else Hit(iri, "", "")
    if own not in directory.known.things:
        return found
    entity = directory.entity(own)
    kind, _, more = str(entity["description"]).partition("; ")
    return replace(found, text=entity["name"], kind=kind, about=more)
