"""The class Graph of the Python API: saved queries, SPARQL, search, reconciling and links to catalogues."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
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
from kg.asking.reconciling.match import FoundEntity, Reconciler, found_entity
from kg.asking.reconciling.reconciliation_query import CANDIDATES, ReconciliationQuery
from kg.asking.reconciling.suggest import things_called
from kg.asking.searching.search_file import PARTS
from kg.asking.searching.search_index import Search, SearchIndex, WordHit
from kg.errors import QueryError, UnknownNameError
from kg.inference import proofs, rules
from kg.inference.proofs import ProofStep
from kg.namespaces import PREFIXES
from kg.resources import folder
from kg.store import keywords, known_prefixes
from kg.store.layers import TITLE
from kg.store.sparql import ask, bindings, rows
from kg.terms import known, short, triple

# What the graph says of a thing and what points to it, each with the name of the other end and whether it
# is inferred only.
_DESCRIPTION = f"""SELECT ?direction ?property ?value ?label ?inferred {{
  {{ SELECT DISTINCT ?direction ?property ?value {{
    {{ %(thing)s ?property ?value . BIND ("of" AS ?direction) }}
    UNION {{ ?value ?property %(thing)s . BIND ("to" AS ?direction) }}
  }} }}
  OPTIONAL {{
    ?value <{PREFIXES["rdfs"]}label>|<{PREFIXES["skos"]}prefLabel> ?label . FILTER (lang(?label) = "en")
  }}
  BIND (NOT EXISTS {{
    GRAPH ?stated {{ {{ %(thing)s ?property ?value }} UNION {{ ?value ?property %(thing)s }} }}
    FILTER (!CONTAINS(STR(?stated), "/graph/inferred/"))
  }} AS ?inferred)
}} ORDER BY ?direction ?property ?value"""


class Graph:
    """The graph in memory, read-only; `version` is its data version, a SHA-256."""

    def __init__(
        self,
        store: ox.Store,
        version: str,
        queries: Mapping[str, SavedQuery] | None = None,
        index: Path | None = None,
    ) -> None:
        self.version = version
        self._store = store
        self._queries = queries
        self._index = index

    @cached_property
    def queries(self) -> Mapping[str, SavedQuery]:
        """Return the saved queries by name."""
        return saved_queries.load(folder("queries")) if self._queries is None else self._queries

    def query(self, name: str, /, **values: object) -> Answer:
        """Return the answer to the saved query `name` with `values` for its parameters.

        Raises UnknownNameError, with suggestions, if there is no such query, QueryError if `name` is SPARQL,
        and ParameterError for an unknown parameter or a value that is not valid. If the answer is empty,
        `hints` say which value no row has, and each is a HintWarning as well.
        """
        if name not in self.queries:
            if keywords.parses(name, partial(keywords.parse, prefixes=PREFIXES)):
                raise QueryError("this is SPARQL, not the name of a saved query; use graph.sparql(text)")
            raise UnknownNameError("saved query", name, self.queries)
        filled = fill_query(self.queries[name], values, partial(rows, self._store), self._called)
        answer = self._answer(filled.text, cite(filled, self.version))
        if not answer:
            ask_near = self.search_index.near
            answer.hints = tuple(question_hints.on_empty(filled, partial(rows, self._store), ask_near))
        return _with_warnings(answer)

    def _answer(self, text: str, citation: Citation) -> Answer:
        return Answer(ask(self._store, text), text, citation, partial(bindings, self._store))

    def _called(self, text: str) -> list[str]:
        return things_called(partial(rows, self._store), text)

    def describe(self, thing: str) -> Answer:
        """Return what the graph says of a thing, and what points to it, a row for each.

        The columns are `direction` ("of" or "to"), `property`, `value`, its English `label`, and `inferred`,
        whether no record states it. Raises UnknownNameError, with suggestions, if there is no such thing.
        """
        node = known(self._store, thing, self._called)
        citation = Citation(self.version, today(), title=f"description of {short(node)}")
        return self._answer(_DESCRIPTION % {"thing": node}, citation)

    def cite(self, thing: str, form: str = FOOTNOTE) -> str:
        """Return the citation of a thing, a statement or a telegram in a format, as `Citation.written` does.

        Raises UnknownNameError, with suggestions, for a thing or a format that there is not.
        """
        node = known(self._store, thing, self._called)
        reference = find_reference.find(partial(bindings, self._store), node.value, self.version, today())
        if reference is None:
            raise UnknownNameError("thing", short(node), ())
        return reference_formats.write(reference, form)

    def why(self, subject: str, property: str, value: str) -> ProofStep:  # noqa: A002 - as RDF calls it
        """Return the proof of a triple: rule and premises, down to what records state and quote.

        Raises UnknownNameError, with suggestions, for a name that the graph does not have, and for a triple
        that it does not have.
        """
        asked = triple(self._store, subject, property, value, self._called)
        step = proofs.explain(self._store, self._rules, asked)
        if step is None:
            raise UnknownNameError("statement", " ".join(map(short, asked)), ())
        return step

    @cached_property
    def _rules(self) -> list[rules.Rule]:
        return rules.load(folder("queries") / "rules")

    def __repr__(self) -> str:
        """Return the number of statements and the beginning of the data version."""
        return f"<Graph: {len(self._store):,} statements, data version {self.version[:16]}>"

    def _repr_html_(self) -> str:
        """Return the graph as HTML for notebooks: its title, its size, and what to call."""
        return (
            f"<p><strong>{escape(TITLE)}</strong>, {len(self._store):,} statements, data version "
            f"{self.version[:16]}</p><p>{len(self.queries)} saved queries: <code>graph.queries</code>; ask "
            'one with <code>graph.query("who-criticised")</code>, or <code>graph.sparql(text)</code>.</p>'
        )

    @cached_property
    def reconciler(self) -> Reconciler:
        """Return the reconciler, which finds the things that names stand for."""
        return Reconciler.over(partial(rows, self._store))

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
        answer = self._answer(text, Citation(self.version, today(), asked={"query": text}))
        columns = answer.texts if answer else None
        answer.hints = (
            *find_hints.on_prefixes(text, known_prefixes.complete(text)),
            *text_hints.on_text(text),
            *find_hints.on_answer(self._store, text, columns),
        )
        return _with_warnings(answer)

    @cached_property
    def search_index(self) -> SearchIndex:
        """Return the index of all words: that of the build, or one that is made now, which takes seconds."""
        built = SearchIndex.of(self._index, self.version) if self._index else None
        return built or SearchIndex.made(self.version, self.queries, partial(rows, self._store))

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
        return LinkTable(read(partial(rows, self._store)))

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
        return self.link_table.of(known(self._store, thing, self._called).value)


def _with_warnings(answer: Answer) -> Answer:
    """Return `answer`, with a warning for each of its hints at the line that asked for it."""
    for hint in answer.hints:
        warnings.warn(str(hint), HintWarning, stacklevel=3)
    return answer


def open() -> Graph:  # noqa: A001 - it is called as kg.open
    """Return the graph of the records that came with the package.

    The first call builds it, which takes some seconds, and keeps it in the user's cache folder. Raises
    DataError if the records are wrong.
    """
    built = cache.current()
    return Graph(cache.store(built), built.version, index=built.search)
