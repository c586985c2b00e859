"""Lists of things by the folder of their names: `/id/` has the folders, `/id/actor/` the actors, in pages.

Those of another collection, which is read together with the first, are at `/id/in/NAME/`.

As a page, or in RDF by negotiation: the list has each thing as `rdfs:member`, with class and names. The
header Link leads to other pages (RFC 8288), the total is in X-Total-Count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import Flask, Response, render_template, request
from pyoxigraph import Literal, NamedNode, Triple

from kg.errors import near
from kg.namespaces import PREFIXES, Namespaces
from server.site import documents, pool_queries
from server.site.cells import NAMES, Cell, TermCells
from server.site.first_answers import FirstAnswers
from server.site.pool_queries import value
from server.site.site import PerVersion, Site
from server.web import addresses
from server.web.formats import HTML
from server.web.http_errors import RequestError, UnknownThingError
from server.web.response_headers import link

ROWS = 200  # things on a page
_TYPE, _MEMBER = f"{PREFIXES['rdf']}type", NamedNode(f"{PREFIXES['rdfs']}member")
# Folders with their numbers of things. What is below a telegram is a part of it, not a thing of a folder.
_FOLDERS = """
SELECT ?folder (COUNT(DISTINCT ?s) AS ?n) { ?s a ?class FILTER (ISIRI(?s) && STRSTARTS(STR(?s), %(home)s))
BIND (STRAFTER(STR(?s), %(home)s) AS ?path) BIND (STRBEFORE(?path, "/") AS ?folder)
FILTER (?folder != "" && !CONTAINS(STRAFTER(?path, "/"), "/") && !CONTAINS(?path, "#")) } GROUP BY ?folder"""


@dataclass(frozen=True, slots=True)
class ThingList:
    """One page of the list `iri`; `pages` is the number of pages, `total` that of things on all of them."""

    iri: str
    members: Sequence[str]
    described: Sequence[Triple]
    number: int
    pages: int
    total: int

    def triples(self) -> Iterator[Triple]:
        """Yield the page in RDF."""
        home = NamedNode(self.iri)
        yield from (Triple(home, _MEMBER, NamedNode(member)) for member in self.members)
        yield from self.described

    def cells(self, root: str, own: Namespaces) -> list[Cell]:
        """Return a cell for each thing, with a link below `root` and its name; `own` are the namespaces."""
        names: dict[str, list[Triple]] = {}
        for triple in self.described:
            names.setdefault(value(triple.subject), []).append(triple)
        cells = TermCells({iri: tuple(known) for iri, known in names.items()}, root, names=own)
        return [cells.cell(NamedNode(member)) for member in self.members]


def register(app: Flask, site: Site, answers: FirstAnswers) -> None:
    """Add the routes of the lists to `app`; a store may keep the names of things with its `answers`."""
    lists = ThingLists(site, answers)
    for rule, endpoint in (("/id/", "things"), ("/id/in/<collection>/", "things.elsewhere")):
        app.add_url_rule(rule, endpoint, lists.show_folders)
        app.add_url_rule(f"{rule}<folder>/", f"{endpoint}.folder", lists.show)


class ThingLists:
    """Answers requests for the lists of one site; the folders are counted once for each data version."""

    def __init__(self, site: Site, answers: FirstAnswers) -> None:
        self._site, self._answers = site, answers
        self._folders = PerVersion(self._count)

    def _count(self) -> dict[str, dict[str, int]]:
        kept = self._answers.kept(self._site.data_version)
        if kept is None:
            return {home: self._count_of(home) for home in self._site.names.homes}
        counts: dict[str, dict[str, int]] = {home: {} for home in self._site.names.homes}
        for iri, number in kept.folders().items():
            home, _, folder = iri[:-1].rpartition("/")
            counts[f"{home}/"][folder] = number
        return counts

    def _count_of(self, home: str) -> dict[str, int]:
        rows = pool_queries.rows(self._site.pool, _FOLDERS % {"home": Literal(home)})
        return {value(row["folder"]): int(value(row["n"])) for row in sorted(rows, key=str)}

    def _counts(self, collection: str) -> tuple[str, dict[str, int]]:
        """Return the namespace of the things of a collection, by its short name, and its folders."""
        home = self._site.names.iri(f"id/in/{collection}/" if collection else "id/")
        counts = self._folders.get(self._site.data_version)
        if home not in counts:
            known = (f"{self._site.names.id}in/{name}/" for name, _ in self._site.names.others)
            raise UnknownThingError(home, tuple(known))
        return home, counts[home]

    def show_folders(self, collection: str = "") -> Response:
        """Return the response with the list of folders; raises UnknownThingError for no known collection."""
        home, counts = self._counts(collection)
        members = [f"{home}{folder}/" for folder in sorted(counts)]
        return self._response(ThingList(home, members, (), 1, 1, len(members)), home, counts)

    def show(self, folder: str, collection: str = "") -> Response:
        """Return the response with one page of the things of `folder`.

        Raises UnknownThingError, with similar names, for an unknown collection or an empty folder, and
        RequestError for a page that there is not.
        """
        home, counts = self._counts(collection)
        if folder not in counts:
            likely = near(folder, sorted(counts))
            raise UnknownThingError(f"{home}{folder}/", tuple(f"{home}{name}/" for name in likely))
        total = counts[folder]
        pages = -(-total // ROWS)
        number = _page(pages)
        members = self._members(f"{home}{folder}/", number)
        return self._response(
            ThingList(f"{home}{folder}/", members, self._described(members), number, pages, total), home, {}
        )

    def _members(self, start: str, number: int) -> list[str]:
        if kept := self._answers.kept(self._site.data_version):
            return kept.things(start, ROWS, (number - 1) * ROWS)
        query = (
            f"SELECT DISTINCT ?s {{ ?s a ?class FILTER (ISIRI(?s) && STRSTARTS(STR(?s), {Literal(start)}) && "
            f'!CONTAINS(STR(?s), "#") && !CONTAINS(STRAFTER(STR(?s), {Literal(start)}), "/")) }} '
            f"ORDER BY ?s LIMIT {ROWS} OFFSET {(number - 1) * ROWS}"
        )
        return [value(row["s"]) for row in pool_queries.rows(self._site.pool, query)]

    def _described(self, members: Sequence[str]) -> list[Triple]:
        """Return class and names of each of `members`."""
        ways = " UNION ".join(f"{{ ?s <{name}> ?o BIND (<{name}> AS ?p) }}" for name in (_TYPE, *NAMES))
        query = f"CONSTRUCT {{ ?s ?p ?o }} {{ {pool_queries.values('s', members)} {ways} }}"
        return sorted(set(pool_queries.triples(self._site.pool, query)), key=str)

    def _response(self, shown: ThingList, home: str, counts: dict[str, int]) -> Response:
        media_type = documents.requested_type(documents.RDF_OR_HTML)
        if media_type == HTML:
            cells = shown.cells(request.script_root, self._site.names)
            text = render_template("things.html", shown=shown, cells=cells, counts=counts, start=home)
            response = documents.html(self._site, text)
        else:
            response = documents.rdf(self._site, shown.triples(), media_type)
        response.headers["X-Total-Count"] = str(shown.total)
        response.headers.add("Access-Control-Expose-Headers", "X-Total-Count")
        link(response, addresses.encoded(shown.iri), "canonical")
        others = {"first": 1, "prev": shown.number - 1, "next": shown.number + 1, "last": shown.pages}
        for relation, number in others.items():
            if shown.pages > 1 and 1 <= number <= shown.pages:
                link(response, f"?page={number}", relation)
        return response


def _page(pages: int) -> int:
    given = request.args.get("page", "1")
    if not (given.isascii() and given.isdecimal() and 1 <= int(given[:9]) <= pages):
        raise RequestError(f"There is no page {given!r} of this list; there are 1 to {pages}.", "not-found")
    return int(given)
