"""The class Graph of the Python API: saved queries, SPARQL, search, reconciling and links to catalogues."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, partial
from html import escape
from pathlib import Path

import pyoxigraph as ox

from kg import cache
from kg.asking.citing import find_reference, reference_formats
from kg.asking.citing.reference_formats import FOOTNOTE
from kg.asking.hints import find_hints, text_hints
from kg.asking.hints.hint import HintWarning
from kg.asking.links.link_table import Link, LinkTable, read
from kg.asking.questions import question_hints, saved_queries
from kg.asking.questions.answer import Answer
from kg.asking.questions.citation import Citation, cite, today
from kg.asking.questions.filled_query import fill_query
from kg.asking.questions.saved_queries import SavedQuery
from kg.asking.reconciling.index import memory_index
from kg.asking.reconciling.index.memory_index import things_called
from kg.asking.reconciling.match import FoundEntity, Reconciler, found_entity
from kg.asking.reconciling.reconciliation_query import CANDIDATES, ReconciliationQuery
from kg.asking.searching.search_file import PARTS
from kg.asking.searching.search_index import Search, SearchIndex, WordHit
from kg.errors import QueryError, UnknownNameError
from kg.inference import proofs, rules
from kg.inference.proofs import ProofStep
from kg.reading.collection import together
from kg.reading.collection.collection import Collection
from kg.store import keywords, known_prefixes
from kg.store.sparql import ask, bindings, description, rows
from kg.terms import known, short, triple


class Graph:
    """The graph in memory, read-only; `version` is its data version, a SHA-256."""

    def __init__(
        self,
        store: ox.Store,
        version: str,
        queries: Mapping[str, SavedQuery] | None = None,
        index: Path | None = None,
        collection: Collection | None = None,
    ) -> None:
        self.version = version
        self._store = store
        self._queries = queries
        self._index = index
        self._collection = collection or Collection.shipped()
        self._names, self._about = self._collection.names, self._collection.about
        self._rows, self._bindings = partial(rows, store), partial(bindings, store)

    @cached_property
    def queries(self) -> Mapping[str, SavedQuery]:
        """Return the saved queries by name."""
        return (
            saved_queries.load(self._collection.queries, self._names)
            if self._queries is None
            else self._queries
        )

    def query(self, name: str, /, **values: object) -> Answer:
        """Return the answer to the saved query `name` with `values` for its parameters.

        Raises UnknownNameError, with suggestions, if there is no such query, QueryError if `name` is SPARQL,
        and ParameterError for an unknown parameter or a value that is not valid. If the answer is empty,
        `hints` say which value no row has, and each is a HintWarning as well.
        """
        if name not in self.queries:
            if keywords.parses(name, partial(keywords.parse, prefixes=self._names.prefixes)):
                raise QueryError("this is SPARQL, not the name of a saved query; use graph.sparql(text)")
            raise UnknownNameError("saved query", name, self.queries)
        filled = fill_query(self.queries[name], values, self._rows, self._called)
        answer = self._answer(filled.text, cite(filled, self.version, about=self._about))
        if not answer:
            ask_near = self.search_index.near
            answer.hints = tuple(question_hints.on_empty(filled, self._rows, ask_near, self._names))
        return _with_warnings(answer)

    def _answer(self, text: str, citation: Citation) -> Answer:
        return Answer(ask(self._store, text, self._names.prefixes), text, citation, self._bindings)

    def _citation(self, title: str = "") -> Citation:
        return Citation(self.version, today(), title=title, about=self._about)

    def _called(self, text: str) -> list[str]:
        return things_called(self._rows, text, self._names)

    def describe(self, thing: str) -> Answer:
        """Return what the graph says of a thing, and what points to it, a row for each.

        The columns are `direction` ("of" or "to"), `property`, `value`, its English `label`, and `inferred`,
        whether no record states it. Raises UnknownNameError, with suggestions, if there is no such thing.
        """
        node = known(self._store, thing, self._called, self._names)
        citation = self._citation(f"description of {short(node, self._names)}")
        return self._answer(description(node), citation)

    def cite(self, thing: str, form: str = FOOTNOTE) -> str:
        """Return the citation of a thing, a statement or a telegram in a format, as `Citation.written` does.

        Raises UnknownNameError, with suggestions, for a thing or a format that there is not.
        """
        node = known(self._store, thing, self._called, self._names)
        reference = find_reference.find(self._bindings, node.value, self.version, today(), self._about)
        if reference is None:
            raise UnknownNameError("thing", short(node, self._names), ())
        return reference_formats.write(reference, form)

    def why(self, subject: str, property: str, value: str) -> ProofStep:  # noqa: A002 - as RDF calls it
        """Return the proof of a triple: rule and premises, down to what records state and quote.

        Raises UnknownNameError, with suggestions, for a name that the graph does not have, and for a triple
        that it does not have.
        """
        asked = triple(self._store, subject, property, value, self._called, self._names)
        step = proofs.explain(self._store, self._rules, asked)
        if step is None:
            raise UnknownNameError("statement", " ".join(short(term, self._names) for term in asked), ())
        return step

    @cached_property
    def _rules(self) -> list[rules.Rule]:
        return rules.load(self._collection.queries / "rules")

    def __repr__(self) -> str:
        """Return the number of statements and the beginning of the data version."""
        return f"<Graph: {len(self._store):,} statements, data version {self.version[:16]}>"

    def _repr_html_(self) -> str:
        """Return the graph as HTML for notebooks: its title, its size, and what to call."""
        title, version = escape(self._collection.about.title), self.version[:16]
        return (
            f"<p><strong>{title}</strong>, {len(self._store):,} statements, data version {version}</p>"
            f"<p>{len(self.queries)} saved queries: <code>graph.queries</code>; ask one with "
            '<code>graph.query("who-criticised")</code>, or <code>graph.sparql(text)</code>.</p>'
        )

    @cached_property
    def reconciler(self) -> Reconciler:
        """Return the reconciler, which finds the things that names stand for."""
        return memory_index.over(self._rows, self._names)

    def reconcile(
        self,
        names: Iterable[str],
        *,
        type: str | None = None,  # noqa: A002 - as the protocol calls it
        limit: int = CANDIDATES,
        language: str = "en",
    ) -> list[list[FoundEntity]]:
        """Return for each of `names` the things that it may stand for, best first.

        There are none for an empty name, and for one that is longer than any name here.
        `type` is the name of a class, such as "Person". `limit` is the most candidates for a name.
        `language` is that of the candidates' names. Raises ParameterError if there is no such type.
        """
        types = (type,) if type else ()
        queries = [ReconciliationQuery(name, types=types, limit=limit) for name in names]
        known = self.reconciler.known
        return [
            [found_entity(known, candidate, language) for candidate in self.reconciler.reconcile(query)]
            for query in queries
        ]

    def sparql(self, text: str) -> Answer:
        """Return the answer to the SPARQL query `text`.

        Without FROM it reads the union of all graphs. The prefixes of `kg.namespaces` need no declaration.
        If the answer is empty or odd, `hints` say why, and each is a HintWarning as well. Raises
        QuerySyntaxError for text that is not a SPARQL query, and ForbiddenError for a SERVICE call.
        """
        citation = Citation(self.version, today(), asked={"query": text}, about=self._about)
        answer = self._answer(text, citation)
        columns = answer.texts if answer else None
        answer.hints = (
            *find_hints.on_prefixes(text, known_prefixes.complete(text, known=self._names.prefixes)),
            *text_hints.on_text(text, self._names.prefixes),
            *find_hints.on_answer(self._store, text, columns, names=self._names),
        )
        return _with_warnings(answer)

    @cached_property
    def search_index(self) -> SearchIndex:
        """Return the index of all words: that of the build, or one that is made now, which takes seconds."""
        built = SearchIndex.of(self._index, self.version, self._names) if self._index else None
        return built or SearchIndex.made(self.version, self.queries, self._rows, names=self._names)

    def search(self, words: str, *, most: int = 20, **narrowed: str) -> list[WordHit]:
        """Return the things, then the statements, then the saved questions with `words`, `most` of each.

        Words are found in English, Russian and Spanish by their stems, and by the subject headings in whose
        names they are. `kind`, `telegram`, `voice` and `holder` narrow the search, for example
        `telegram="telegram:1962-11-02-havana-1717"`. Raises ParameterError, with near names, for another.
        """
        typed = self.search_index.words(words)
        search = Search(narrowed, most)
        return [hit for part in PARTS for hit in self.search_index.find(typed, part, search).shown]

    @cached_property
    def link_table(self) -> LinkTable:
        """Return all links to other catalogues."""
        return LinkTable(read(self._rows, self._names), self._names)

    def linked(self, identifier: str) -> tuple[str, ...]:
        """Return the things that a catalogue identifier stands for, written as in `actor:fidel-castro`.

        Identifiers are written `Q11256`, `viaf:102325430` or as the address of the item. Raises
        IdentifierError for any other text, and UnknownNameError, with suggestions, if no thing is
        linked to the item.
        """
        return tuple(link.thing for link in self.link_table.to(identifier))

    def links(self, thing: str) -> tuple[Link, ...]:
        """Return the links of a thing to other catalogues, also those that were searched for in vain.

        Raises UnknownNameError, with suggestions, if there is no such thing in the graph.
        """
        return self.link_table.of(known(self._store, thing, self._called, self._names).value)


def _with_warnings(answer: Answer) -> Answer:
    """Return `answer`, with a warning for each of its hints at the line that asked for it."""
    for hint in answer.hints:
        warnings.warn(str(hint), HintWarning, stacklevel=3)
    return answer


def open(collection: str | Path | Sequence[str | Path] | None = None) -> Graph:  # noqa: A001 - as kg.open
    """Return the graph of the collection in a folder, by default of the records that came with the package.

    Several are read together; `shipped` is the one of the package.

    The first call builds it, which takes some seconds, and keeps it in the user's cache folder. Raises
    DataError if the collection is not valid.
    """
    places = [collection] if isinstance(collection, str | Path) else list(collection or ())
    return of(together.read([Path(place) for place in places]))


def of(collection: Collection) -> Graph:
    """Return the graph of `collection`, from the user's cache folder or newly built."""
    built = cache.current(sources=collection)
    return Graph(cache.store(built), built.version, index=built.search, collection=collection)
