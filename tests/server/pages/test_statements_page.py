"""The page of statements: what its address chooses, what is left with each further choice, and the ways on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from kg import build
from kg.asking.questions import saved_queries
from kg.errors import BusyError, ParameterError
from kg.publishing.stores import statement_index
from kg.publishing.stores.statement_index import Counted, StatementIndex, Worth
from kg.resources import folder
from kg.terms import expand, python_value
from server import create_app
from server.engine.evaluation.query_request import Limits, QueryAnswer, QueryRequest
from server.engine.workers.pool import Pool
from server.pages.statements.choice import COUNTS, STATEMENTS, Chosen, page_text, read, text_of
from server.pages.statements.counts import Counts
from server.pages.statements.facets import LABELS, Facet, FacetValue
from server.site.other_services import Services
from server.site.site import Site

from ..pools import open_pool
from ..talking import BROWSER, problem

SAVED = saved_queries.load(folder("queries"))
CASTRO, POLICY = "actor:fidel-castro", "issue:soviet-policy-in-the-crisis"
LARGEST = 100_000  # bytes of a page
PREFIX = "PREFIX cg: <https://w3id.org/cablegraph/ontology#> PREFIX id: <https://w3id.org/cablegraph/id/> "
# What a passage asserts; catalogues' links are no statements of passages.
ASSERTED = (
    "?s a cg:Statement FILTER NOT EXISTS "
    "{ VALUES ?not { cg:Reading cg:AscribedClaim cg:ProposedText cg:Link } ?s a ?not } "
)


@pytest.fixture(scope="module")
def store(graph: build.Build) -> ox.Store:
    return build.store_of(graph)


@pytest.fixture(scope="module")
def client(store: ox.Store) -> Iterator[FlaskClient]:
    with open_pool(lambda: store, Limits(timeout=20.0, workers=1, wait=0.5)) as pool:
        yield create_app(pool, data_version="v1", queries=SAVED).test_client()


def page(client: FlaskClient, **given: str) -> str:
    response = client.get("/statements", query_string=given, headers={"Accept": BROWSER})
    assert response.status_code == 200, response.text
    assert len(response.data) < LARGEST
    return response.text


def counted(store: ox.Store, pattern: str) -> int:
    found = store.query(
        f"{PREFIX} SELECT (COUNT(DISTINCT ?s) AS ?n) {{ {pattern} }}", use_default_graph_as_union=True
    )
    assert isinstance(found, ox.QuerySolutions)
    return int(next(found)["n"].value)


def total(text: str) -> int:
    found = re.search(r'id="answer">([\d,]+) statement', text)
    assert found
    return int(found[1].replace(",", ""))


def options(text: str, point: str) -> dict[str, str]:
    """Return what the form offers for `point`: the texts by value."""
    found = re.search(rf'name="{point}".*?</select>', text, re.DOTALL)
    assert found
    return {
        unescape(v): unescape(t) for v, t in re.findall(r'value="([^"]*)"[^>]*>([^<]*)</option>', found[0])
    }


def test_it_shows_what_passages_assert_fifty_at_a_time(client: FlaskClient, store: ox.Store) -> None:
    text = page(client)

    assert total(text) == counted(store, ASSERTED)
    assert text.count('class="why"') == 50
    assert 'rel="next"' in text
    assert 'rel="prev"' not in text
    assert 'rel="prev"' in page(client, offset="50")


@pytest.mark.parametrize(
    ("given", "pattern"),
    [
        ({"holder": CASTRO}, "?s cg:heldBy id:actor\\/fidel-castro ."),
        ({"reporter": "actor:aleksandr-alekseev", "kind": "Position"}, "?s a cg:Position ; cg:reportedBy id:actor\\/aleksandr-alekseev ."),
        ({"topic": "topic:consultation"}, "?s <http://purl.org/dc/terms/subject> id:topic\\/consultation ."),
        ({"basis": "basis/eyewitness"}, "?s cg:basis id:basis\\/eyewitness ."),
        ({"certainty": "certainty/probable"}, "?s cg:certainty id:certainty\\/probable ."),
        ({"voice": "voice/editor"}, "?s cg:evidence/cg:inPassage/cg:voice id:voice\\/editor ."),
        ({"stance": "for"}, "?s a cg:Position ; cg:favours [] ."),
        ({"stance": "against"}, "?s cg:opposes [] FILTER NOT EXISTS { ?s cg:partlyOpposes [] }"),
        ({"issue": POLICY, "kind": "Position"}, "?s a cg:Position ; cg:onIssue/cg:broader* id:issue\\/soviet-policy-in-the-crisis ."),
    ],
)  # fmt: skip
def test_a_choice_leaves_what_another_query_finds(
    given: Mapping[str, str], pattern: str, client: FlaskClient, store: ox.Store
) -> None:
    assert total(page(client, **given)) == counted(store, f"{ASSERTED} . {pattern}") > 0


def test_what_an_option_promises_is_what_it_leaves(client: FlaskClient) -> None:
    text = page(client, holder=CASTRO)
    offered = options(text, "kind")

    assert offered["Position"].endswith(f"({total(page(client, holder=CASTRO, kind='Position'))})")
    assert (
        options(page(client, holder=CASTRO, kind="Position"), "kind") == offered
    )  # its own choice is left out


def test_rival_readings_are_marked_and_only_by_choice(client: FlaskClient) -> None:
    """Whether a critic opposed it without a limit is left open by body-9, so one reading is that he did."""
    critics = {"stance": "against", "issue": POLICY}

    assert '<span class="mark">' not in page(client, **critics)
    assert '<span class="mark">a possible reading</span>' in page(client, **critics, reading="any")
    assert total(page(client, **critics, reading="any")) > total(page(client, **critics))


def test_a_chosen_value_has_a_link_that_leaves_it_out(client: FlaskClient) -> None:
    text = unescape(page(client, holder=CASTRO, stance="against"))
    links = re.findall(r'<a href="(/statements[^"]*)" title="Leave out this choice">', text)

    assert [parse_qs(urlsplit(link).query) for link in links] == [
        {"stance": ["against"]},
        {"holder": [CASTRO]},
    ]


def test_names_lead_to_things_and_rows_to_their_evidence(client: FlaskClient) -> None:
    text = page(client, holder=CASTRO, stance="against")

    assert '<a href="/id/actor/fidel-castro">Fidel Castro</a>' in text
    assert 'by the word of <a href="/id/actor/aleksandr-alekseev">' in text
    assert re.search(r'<a class="why" href="/id/telegram/1962-11-02-havana-1717/body-', text)


@pytest.mark.parametrize(
    ("show", "drawn"), [("matrix", 'class="matrix"'), ("timeline", '<ol class="timeline">')]
)
def test_what_is_left_is_drawn(show: str, drawn: str, client: FlaskClient) -> None:
    text = page(client, kind="Position", show=show)

    assert drawn in text
    assert f'<input type="hidden" name="show" value="{show}">' in text
    assert "None of these can be drawn" in page(client, voice="voice/curator", kind="Omission", show="matrix")


def test_the_query_that_is_shown_has_the_rows_of_the_page(client: FlaskClient) -> None:
    text = unescape(page(client, stance="uncommitted"))
    query = re.search(r'name="query" value="(.*?)">\n', text, re.DOTALL)

    assert query
    answer = client.post("/sparql", data={"query": query[1]}, headers={"Accept": "text/csv"}).text
    assert len(answer.splitlines()) == 1 + total(text) == 1 + text.count('class="why"')


def test_a_query_about_the_statements_of_a_page_has_the_same_rows(store: ox.Store) -> None:
    """The page asks about its statements alone, which must change nothing but the time."""
    text = page_text(SAVED[STATEMENTS].text, Chosen({}, offset=800)).replace("LIMIT 50", "LIMIT 8")
    rows = answered(store, text)
    own = text_of(SAVED[STATEMENTS].text, [row[-1] for row in rows])

    assert len(rows) == 8
    assert answered(store, own) == rows


def answered(store: ox.Store, text: str) -> list[list[str]]:
    """Return the rows; an unbound variable is an empty text."""
    found = store.query(text, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    return [[str(python_value(term) if term else "") for term in row] for row in found]


@pytest.fixture(scope="module")
def counts(store: ox.Store) -> Iterator[Counts]:
    with open_pool(lambda: store, Limits(timeout=20.0, workers=1, wait=0.5)) as pool:
        yield Counts(Site(pool, "test", "v1", 60, Services(pool), SAVED))


@pytest.mark.parametrize(
    "values", [{"reading": "any"}, {"holder": CASTRO, "certainty": "certainty:probable"}]
)
def test_the_index_counts_what_the_saved_question_counts(
    values: dict[str, str], store: ox.Store, counts: Counts
) -> None:
    text = SAVED[COUNTS].text
    for name, given in values.items():
        term = f'"{given}"' if name == "reading" else f"<{expand(given)}>"
        text = re.sub(rf"VALUES \?{name} \{{ .*? \}}", f"VALUES ?{name} {{ {term} }}", text, count=1)
    asked = answered(store, text)
    counted = [one for point in LABELS for one in counts.get(Chosen(values), point)]

    assert sorted([one.point, one.iri or one.value, one.label, str(one.count)] for one in counted) == sorted(
        asked
    )


def test_a_choice_with_a_value_that_nothing_has_is_empty(counts: Counts) -> None:
    assert counts.left(Chosen({"topic": "topic:none"})) == 0


def test_an_index_of_other_data_is_not_mixed(store: ox.Store) -> None:
    with open_pool(lambda: store, Limits(timeout=20.0, workers=1, wait=0.5), "v2") as pool:
        changed = Counts(Site(pool, "test", "v1", 60, Services(pool), SAVED))
        with pytest.raises(BusyError, match="has just changed"):
            list(changed._rows("SELECT ?s { ?s ?p ?o }", "v1"))


def test_statements_are_listed_in_order_and_counted_by_bits() -> None:
    order = statement_index.ordered(["t/body-10/a", "t/archive-1/z", "t/body-9/b"])
    places = {
        "a": Worth("A", "", *statement_index.bits([2, 1])),
        "b": Worth("B", "", *statement_index.bits([0])),
    }
    index = StatementIndex(order, {"p": places})

    assert order == ["t/body-9/b", "t/body-10/a", "t/archive-1/z"]
    assert index.listed(index.chosen({}), 1, 1) == ["t/body-10/a"]
    assert index.listed(index.chosen({"p": "a"}), 0, 9) == ["t/body-10/a", "t/archive-1/z"]
    assert [(one.value, one.count) for one in index.counts(index.chosen({}), "p")] == [("a", 2), ("b", 1)]
    assert index.counts(index.chosen({"p": "b"}), "p") == [Counted("p", "b", "B", "", 1)]


@pytest.mark.parametrize("start", [0, 1, 7, 8, 900])
@pytest.mark.parametrize("length", [1, 7, 8, 9, 100])
def test_a_value_is_counted_among_the_statements_that_are_left(start: int, length: int) -> None:
    own = range(start, start + length, 2)
    left = {place for place in range(1000) if place % 3 == 0}
    index = StatementIndex(
        [str(place) for place in range(1000)],
        {"p": {"a": Worth("A", "", *statement_index.bits(own))}},
    )

    counted = index.counts(sum(1 << place for place in left), "p")

    assert [one.count for one in counted] == [len(left & set(own))] * bool(left & set(own))


class Told(Counts):
    """Counts that remember what they counted."""

    def get(self, choice: Chosen, point: str) -> list[Counted]:
        self.told = [*getattr(self, "told", []), (dict(choice.values), point)]
        return super().get(choice, point)


def test_one_page_counts_a_choice_once(store: ox.Store) -> None:
    with open_pool(lambda: store, Limits(timeout=20.0, workers=1, wait=0.5)) as pool:
        told = Told(Site(pool, "test", "v1", 60, Services(pool), SAVED))
        count = told.once()
        first = count(Chosen({"stance": "stance:against"}), "voice")
        again = count(Chosen({"stance": "stance:against"}, offset=50), "voice")
        other = count(Chosen({}), "voice")

    assert again is first
    assert other != first
    assert len(told.told) == 2


def test_the_words_of_no_statement_are_not_asked_for(store: ox.Store) -> None:
    asked = []

    class Asked(Pool):
        def answer(self, request: QueryRequest, client: str = "") -> QueryAnswer:
            asked.append(request.query)
            return super().answer(request, client)

    with Asked(lambda: store, Limits(timeout=20.0, workers=1, wait=0.5)) as pool:
        text = page(
            create_app(pool, data_version="v1", queries=SAVED).test_client(),
            voice="voice/header",
            stance="against",
        )

    assert total(text) == 0
    assert not [query for query in asked if "VALUES ?statement {  }" in query]


def test_an_index_is_read_as_it_was_written() -> None:
    places = {"actor:å": Worth("Å", "urn:å", *statement_index.bits([2, 700]))}
    index = StatementIndex(["a", "b", "c"], {"p": places, "none": {}})

    assert StatementIndex.from_bytes(index.to_bytes()) == index


@pytest.mark.parametrize("asked", [{"format": "csv"}, {}])
def test_other_formats_are_those_of_the_saved_question(asked: dict[str, str], client: FlaskClient) -> None:
    response = client.get(
        "/statements", query_string={"holder": CASTRO, **asked}, headers={"Accept": "text/csv"}
    )

    assert response.status_code == 303
    assert response.location == f"/queries/{STATEMENTS}.csv?holder=actor%3Afidel-castro"
    rows = client.get(response.location).text.splitlines()
    assert rows[0].endswith("quotes,statement")


def test_an_empty_field_of_the_form_is_left_out_of_the_address(client: FlaskClient) -> None:
    response = client.get("/statements?holder=&stance=for&reading=", headers={"Accept": BROWSER})

    assert (response.status_code, response.location) == (303, "/statements?stance=for")


def test_nothing_left_says_what_to_leave_out(client: FlaskClient) -> None:
    text = page(client, voice="voice/header", stance="against")

    assert total(text) == 0
    assert "Leave out one of the choices" in text
    assert "against (0)" in options(text, "stance").values()


@pytest.mark.parametrize(
    "given",
    ["stance=maybe", "show=map", "offset=x", "holder=actor:nobody", "nothing=1", "stance=for&stance=for"],
)
def test_a_wrong_value_is_refused_with_what_is_allowed(given: str, client: FlaskClient) -> None:
    problem(client.get(f"/statements?{given}"), 400, "wrong-parameter")


def test_a_format_that_it_does_not_have_is_refused(client: FlaskClient) -> None:
    assert client.get("/statements?format=ttl").status_code == 406
    assert client.get("/statements", headers={"Accept": "image/png"}).status_code == 406


def test_the_two_questions_choose_alike() -> None:
    """One counts what the other lists, so the text that chooses is the same."""
    chosen = [
        [line.strip() for line in SAVED[name].text.splitlines() if "BOUND(?" in line or "VALUES ?" in line]
        for name in (STATEMENTS, COUNTS)
    ]
    listing, counting = ([line for line in lines if not line.startswith("UNION")] for lines in chosen)

    assert [line for line in listing if line in counting] == listing
    assert len(listing) > 20


def test_the_page_bounds_the_choice_and_not_the_words() -> None:
    text = page_text(SAVED[STATEMENTS].text, Chosen({}, offset=50))

    assert text.count("LIMIT 50 OFFSET 50") == 1
    assert text.index("LIMIT") < text.index("GROUP BY")
    assert "#+" not in text


def test_a_service_without_the_questions_says_so(store: ox.Store) -> None:
    with open_pool(lambda: store, Limits(timeout=4.0, workers=1, wait=0.5)) as pool:
        other = create_app(pool, data_version="v1", queries={}).test_client()
        assert STATEMENTS in problem_text(other)


def problem_text(client: FlaskClient) -> str:
    response = client.get("/statements")
    assert response.status_code == 404
    return response.text


def test_a_value_is_given_once() -> None:
    with pytest.raises(ParameterError, match="given twice"):
        read({"stance": ["for", "against"]}, SAVED[STATEMENTS])


def test_a_chosen_value_that_is_not_offered_stays_in_the_form() -> None:
    many = tuple(FacetValue(f"v{n}", f"V{n}", 1, "") for n in range(400))
    facet = Facet("topic", "Topic", "", many, "v350", "")

    assert facet.offered[-1].label == "V350"
    assert facet.chosen_label == "V350"
