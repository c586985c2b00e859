"""The command `query`: parameters, formats, `--show`, `--cite`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.errors import CablegraphError, DataError, ParameterError
from kg.resources import folder
from server.cli import query
from server.cli.store_places import GraphPlace
from server.engine.evaluation.query_request import Limits
from server.engine.workers.pool import Pool

Run = Callable[..., Result]


@pytest.fixture
def run(pool: Pool) -> Run:
    """Run the command on the small graph of these tests."""

    @contextmanager
    def opened(_: Limits, __: GraphPlace) -> Iterator[Pool]:
        yield pool

    asked: Callable[[Limits, GraphPlace], AbstractContextManager[Pool]] = opened
    command = query.command(asked)
    return lambda *arguments, stdin=None: CliRunner().invoke(command, arguments, input=stdin)


@pytest.fixture
def file(tmp_path: Path) -> str:
    """A query of somebody's own, with a parameter."""
    path = tmp_path / "mine.rq"
    path.write_text(
        '#+ parameters: [{name: name, type: text, default: "George Kennan", about: "A name."}, {name: who, type: iri}]\n'
        "SELECT ?who {\n  VALUES ?name { 'George Kennan' }\n  VALUES ?who { UNDEF }\n"
        "  ?who <http://www.w3.org/2000/01/rdf-schema#label> ?label FILTER (STR(?label) = ?name)\n}\n"
    )
    return str(path)


@pytest.mark.parametrize("form", ["csv", "json", "tsv", "xml", "table", "markdown"])
def test_results_come_in_the_format_that_was_asked_for(form: str, run: Run) -> None:
    result = run("-", "--format", form, stdin="SELECT (41 + 1 AS ?answer) WHERE {}")

    assert result.exit_code == 0
    assert "42" in result.stdout
    assert "answer" in result.stdout


@pytest.mark.parametrize("form", ["ttl", "nt", "jsonld", "rdf", "nq", "trig", "table", "markdown"])
def test_graphs_come_in_the_format_that_was_asked_for(form: str, run: Run) -> None:
    question = "CONSTRUCT { <http://e/s> <http://e/#property> 'value' } WHERE {}"
    result = run("-", "--format", form, stdin=question)

    assert result.exit_code == 0
    assert "http://e/s" in result.stdout
    assert "value" in result.stdout


def test_a_graph_has_no_csv(run: Run) -> None:
    assert run("-", "--format", "csv", stdin="CONSTRUCT WHERE { ?s ?p ?o }").exit_code != 0


def test_a_truth_value_is_a_word_in_markdown(run: Run) -> None:
    assert run("-", "--format", "markdown", stdin="ASK { ?s ?p ?o }").stdout == "true\n"


def test_markdown_escapes_texts_joins_lines_and_links_web_addresses(run: Run) -> None:
    question = "SELECT ?a ?b ?c ?d { VALUES (?a ?b ?c ?d) { ('x|y\\n*z*' <http://e/a_b> <urn:x:y> UNDEF) } }"

    assert run("-", "--format", "markdown", stdin=question).stdout.splitlines()[2] == (
        "| x\\|y \\*z\\* | [http://e/a\\_b](<http://e/a_b>) | \\<urn:x:y\\> |  |"
    )


def test_a_file_has_parameters_too(file: str, run: Run) -> None:
    assert run(file, "--format", "csv").stdout.split() == ["who", "http://ex.org/kennan"]
    given = run(file, "--format", "csv", "--param", "name=James Byrnes")
    assert given.stdout.split() == ["who", "http://ex.org/byrnes"]


def test_two_parameters_are_given_one_by_one(file: str, run: Run) -> None:
    given = run(file, "--format", "csv", "-p", "name=James Byrnes", "-p", "who=<http://ex.org/kennan>")

    assert given.stdout.split() == ["who"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-p", "nme=x"], "did you mean name?"),
        (["-p", "name"], "NAME=VALUE"),
        (["-p", "name=a", "-p", "name=b"], "name is given twice"),
        (
            ["-p", "who=<http://ex.org/kenan>"],
            "did you mean <http://ex.org/kennan>|did you mean http://ex.org/kennan",
        ),
        (["-p", "who=a b"], "not the name of a thing"),
    ],
)
def test_a_wrong_parameter_is_refused(arguments: list[str], message: str, file: str, run: Run) -> None:
    result = run(file, *arguments)

    assert isinstance(result.exception, ParameterError)
    assert any(part in str(result.exception) for part in message.split("|"))


def test_an_equals_sign_in_a_value_stays(file: str, run: Run) -> None:
    assert run(file, "--format", "csv", "-p", "name=a=b").stdout.split() == ["who"]


def test_show_writes_the_file_and_its_parameters_as_comments(file: str, run: Run) -> None:
    shown = run("--show", file).stdout

    assert shown.startswith(Path(file).read_text().rstrip())
    assert shown.splitlines()[-2:] == [
        "# --param name=George Kennan   a plain text. A name.",
        "# --param who=…   the name of a thing; may be left out",
    ]


def test_what_show_writes_is_still_the_query(run: Run) -> None:
    shown = run("--show", "who-criticised").stdout

    assert shown.startswith(
        folder("queries").joinpath("who-criticised.rq").read_text(encoding="utf-8").rstrip()
    )
    assert (
        "# --param issue=issue:soviet-policy-in-the-crisis   the name of a thing of the class cg:Issue"
        in shown
    )
    assert run("-", "--format", "csv", stdin=shown).stdout.startswith("holder,extent,")


def test_cite_writes_a_footnote(run: Run) -> None:
    footnote = run("hearsay", "--cite").stdout

    assert footnote.startswith("“Known from others”, saved query hearsay, in: cablegraph")
    assert footnote.endswith("https://w3id.org/cablegraph/queries/hearsay.\n")


def test_the_citation_is_written_for_reference_managers(run: Run) -> None:
    written = run("hearsay", "--cite-as", "ris").stdout_bytes

    assert written.startswith(b"TY  - DATA\r\nID  - queries-hearsay\r\n")
    assert written.endswith(b"ER  - \r\n")
    assert run("hearsay", "--cite-as", "docx").exit_code == 2


def test_without_a_name_the_queries_are_listed(run: Run) -> None:
    assert "who-criticised " in run().stdout


def test_what_is_not_utf_8_is_refused_in_a_sentence(tmp_path: Path, run: Run) -> None:
    (tmp_path / "latin.rq").write_bytes(b"ASK { ?s ?p '\xe9' }")

    for result in (run(str(tmp_path / "latin.rq")), run("-", stdin=b"\xff")):
        assert isinstance(result.exception, CablegraphError)
        assert "is not UTF-8: byte" in str(result.exception)


def test_a_header_that_cannot_be_read_is_named_with_file_and_line(tmp_path: Path, run: Run) -> None:
    deep = "#+ title: Mine\n#+ tags: " + "[" * 100_000 + "\nASK {}\n"
    (tmp_path / "mine.rq").write_text(deep)

    for name, given in ((str(tmp_path / "mine.rq"), None), ("standard input", deep)):
        error = run("-" if given else name, stdin=given).exception
        assert isinstance(error, DataError)
        assert str(error).startswith(f"{name}:2: the header cannot be read; this is nested more than 20 deep")


def test_the_command_opens_the_real_graph() -> None:
    result = CliRunner().invoke(
        query.query, ["markings", "--param", "telegram=telegram:1962-10-23-havana-1643"]
    )

    assert result.exit_code == 0
    assert "classification" in result.stdout
    assert "1962-11-02" not in result.stdout


@pytest.mark.parametrize("name", ["missing.rq", "folder/who-criticised", "question.sparql"])
def test_a_file_that_does_not_exist_is_said_to_be_none(name: str, run: Run) -> None:
    result = run(name)

    assert result.exit_code != 0
    assert str(result.exception) == f"there is no file {name!r}; cablegraph query lists the saved questions"


def test_a_tag_narrows_the_list_and_several_narrow_it_further(run: Run) -> None:
    lists = [
        {line.split()[0] for line in run(*tags).stdout.splitlines()}
        for tags in ((), ("--tag", "archive"), ("--tag", "archive", "--tag", "comparison"))
    ]

    assert lists[0] > lists[1] > lists[2]
    assert "archive-against-body" in lists[2]


def test_a_tag_that_no_question_has_is_refused_with_near_ones(run: Run) -> None:
    assert "did you mean archive" in str(run("--tag", "archiv").exception)


def test_records_stand_one_below_the_other(run: Run) -> None:
    result = run("-", "--records", stdin="SELECT ?a ?b { VALUES (?a ?b) { (1 'one') (2 'two') } }")

    assert result.stdout == "-- 1 --\na  1\nb  one\n-- 2 --\na  2\nb  two\n(2 rows)\n"
