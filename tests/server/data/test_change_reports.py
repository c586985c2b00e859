"""What changed between two releases: for people, in Markdown, in JSON; made once, in bounded time."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, Store

from kg.cache import CachedBuild
from kg.errors import ReleaseError
from kg.publishing.changes import __main__ as maker
from kg.publishing.dumps import release_folders
from kg.store import layers, nquads
from server import create_app
from server.data.downloads import changes_page
from server.data.downloads.background_jobs import Job, JobLimits, JobRunner
from server.data.downloads.releases import COMPARER, ChangeReports, Releases
from server.web import addresses
from server.web.http_errors import ReleaseFailedError, ReleaseNotReadyError, RequestError

from .. import linked
from ..pools import open_pool
from ..running import PATIENCE, within
from ..talking import BROWSER, problem

HEAD = """
@base <https://w3id.org/cablegraph/> .
@prefix cg: <https://w3id.org/cablegraph/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
# From the one to the other: Ada has another name and a match less, Bob <b> is there, Cy is not.
BEFORE = """
<graph/shared> {
  <id/actor/ada> a cg:Person ; rdfs:label "Ada"@en ; skos:exactMatch <http://www.wikidata.org/entity/Q7259> .
  <id/actor/cy> a cg:Person ; rdfs:label "Cy"@en .
}
"""
AFTER = """
<graph/shared> {
  <id/actor/ada> a cg:Person ; rdfs:label "Ada Lovelace"@en .
  <id/actor/bob> a cg:Person ; rdfs:label "Bob <b>"@en .
}
<graph/inferred/shared> { <id/actor/bob> a cg:Actor . }
"""


def graph(text: str) -> Store:
    store = Store()
    store.load((HEAD + text).encode(), RdfFormat.TRIG)
    store.extend(layers.describe(store))
    return store


def version(store: Store) -> str:
    return nquads.version(nquads.serialize(store, "nq"))


ONTOLOGY = "https://w3id.org/cablegraph/ontology#"
OLD, NEW = version(graph(BEFORE))[:16], version(graph(AFTER))[:16]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with both releases, the older one made first."""
    folder = tmp_path_factory.mktemp("dumps")
    for text in (BEFORE, AFTER):
        release_folders.make(folder, graph(text), version(graph(text)), (), release_folders.recipe())
    return folder


@pytest.fixture
def releases(folder: Path) -> Releases:
    return Releases(folder, lambda: CachedBuild(folder / NEW / "cablegraph.nq", version(graph(AFTER))))


@pytest.fixture(scope="module")
def app(folder: Path) -> Iterator[Flask]:
    built = CachedBuild(folder / NEW / "cablegraph.nq", version(graph(AFTER)))
    with open_pool(linked.load, linked.LIMITS) as pool:
        yield create_app(pool, data_version="v1", releases=Releases(folder, lambda: built))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


HERE = f"/dumps/{NEW}/changes-from/{OLD}"


def sleeping(seconds: float) -> tuple[str, ...]:
    return (sys.executable, "-S", "-c", f"import time; time.sleep({seconds})")


# What is told.


def test_the_json_tells_each_change_once(client: FlaskClient) -> None:
    told = client.get(f"{HERE}?format=json").get_json()
    (ada,) = told["things_changed"]["shown"]

    assert (told["old"]["version"][:16], told["new"]["version"][:16]) == (OLD, NEW)
    assert told["stated"] == {"added": 3, "removed": 4}
    assert told["inferred"] == {"added": 1, "removed": 0}
    assert [thing["label"] for thing in told["things_appeared"]["shown"]] == ["Bob <b>"]
    assert [thing["label"] for thing in told["things_disappeared"]["shown"]] == ["Cy"]
    assert [(one["before"]["shown"], one["after"]["shown"]) for one in ada["properties"]["shown"]] == [
        (["Ada"], ["Ada Lovelace"]),
        (["wd:Q7259"], []),
    ]
    assert [(link["label"], link["kind"]) for link in told["links"]["shown"]] == [
        ("Ada Lovelace", "disappeared")
    ]


def test_people_get_a_page_that_leads_to_the_things(client: FlaskClient) -> None:
    text = client.get(HERE, headers={"Accept": BROWSER}).text
    lines = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", text))

    assert "Recorded3 statements added, 4 removed Inferred1 statements added, 0 removed" in lines
    assert "Things that appeared: 1 Bob &lt;b&gt; Actor, Person, 3 statements" in lines
    assert "Things that disappeared: 1 Cy Person, 2 statements" in lines
    assert "Things that changed: 1 Ada Lovelace Person, 2 statements rdfs:label: Ada → Ada Lovelace" in lines
    assert (
        "Links to other catalogues: 1 Ada Lovelace removed: exactMatch http://www.wikidata.org/entity/Q7259"
        in lines
    )
    assert '<a href="/id/actor/bob">Bob &lt;b&gt;</a>' in text
    assert '"/id/actor/cy"' not in text  # it is no longer here
    assert "<script" not in text
    assert "style=" not in text
    assert f'href="/dumps/{OLD}/"' in text


def test_programs_get_markdown_unless_they_want_json(client: FlaskClient) -> None:
    plain = client.get(HERE)

    assert plain.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert "  - rdfs:label: “Ada” → “Ada Lovelace”" in plain.text.splitlines()
    assert client.get(f"{HERE}?format=md").data == plain.data
    assert client.get(HERE, headers={"Accept": "application/json"}).get_json()["empty"] is False
    assert client.get(HERE, headers={"If-None-Match": plain.headers["ETag"]}).status_code == 304
    problem(client.get(HERE, headers={"Accept": "image/png"}), 406, "not-acceptable")
    problem(client.get(f"{HERE}?format=pdf"), 400, "bad-request")


def test_the_same_data_have_not_changed(client: FlaskClient) -> None:
    same = f"/dumps/{NEW}/changes-from/{NEW}"

    assert "Nothing changed: the two graphs are the same." in client.get(f"{same}?format=html").text
    assert client.get(f"{same}?format=json").get_json()["empty"] is True


@pytest.mark.parametrize(
    "path", [f"{'0' * 16}/changes-from/{OLD}", f"{NEW}/changes-from/{'0' * 16}", f"{NEW}/changes-from/..%2fx"]
)
def test_unknown_releases_are_told_with_those_that_are_there(client: FlaskClient, path: str) -> None:
    response = client.get(f"/dumps/{path}")

    problem(response, 404, "not-found")
    if "%" not in path:
        assert f"there are: {', '.join(sorted((OLD, NEW)))}" in response.text


def test_latest_leads_to_the_changes_of_the_present_release(client: FlaskClient) -> None:
    assert client.get(f"/dumps/latest/changes-from/{OLD}").headers["Location"] == HERE


def test_the_index_leads_to_the_changes_since_older_releases_only(client: FlaskClient) -> None:
    newer, older = (client.get(f"/dumps/{name}/?format=html").text for name in (NEW, OLD))

    assert f'<a href="{HERE}">since <code>{OLD}</code></a>' in newer
    assert "changes-from" not in older
    assert f'href="/dumps/{NEW}/"' in older


def test_older_is_what_was_made_before_and_has_other_data(folder: Path) -> None:
    assert release_folders.before(folder, NEW) == (OLD,)
    assert release_folders.before(folder, OLD) == ()


def test_a_service_without_a_folder_tells_no_changes() -> None:
    with open_pool(linked.load, linked.LIMITS) as pool:
        problem(create_app(pool, data_version="v1").test_client().get(HERE), 404, "not-found")


def test_a_long_list_is_cut_with_its_true_total() -> None:
    many = {"total": 500, "shown": [f"v{number}" for number in range(300)]}
    thing = {
        "iri": "https://w3id.org/cablegraph/id/actor/a", "label": "A", "classes": [], "kind": "changed", "statements": 9,
        "properties": {"total": 1, "shown": [{"part": "x", "label": "p", "before": many, "after": many, "inferred": True}]},
    }  # fmt: skip
    position = {
        "iri": "http://e/p", "holder": "Ann", "issue": "peace", "kind": "changed",
        "columns": {"stance_now": ["for", "against"], "note": ["", "new"]},
    }  # fmt: skip
    empty = {"total": 0, "shown": []}
    report = {
        **{f"things_{kind}": empty for kind in ("appeared", "disappeared")},
        "things_changed": {"total": 4000, "shown": [thing] * 1000},
        "positions": {"total": 1, "shown": [position]},
        "links": empty,
    }
    _, _, things, positions, _ = changes_page.sections(report, partial(addresses.link, root="/kg"))

    assert (things.total, len(things.entries)) == (4000, 100)
    assert things.entries[0].href == "/kg/id/actor/a"
    assert things.entries[0].changes[0].name == "x, p (inferred)"
    assert len(things.entries[0].changes[0].before) == 101
    assert things.entries[0].changes[0].before[-1] == "and 400 more"
    assert positions.entries[0] == changes_page.ChangesEntry(
        "Ann on peace",
        "http://e/p",
        "changed",
        (
            changes_page.Change("stance now", ("for",), ("against",)),
            changes_page.Change("note", (), ("new",)),
        ),
    )


def test_what_is_asserted_no_longer_and_what_is_retired_are_told_in_words() -> None:
    says = "A possible reading, not adopted"
    report = {
        "retired": {"total": 1, "shown": [{"iri": f"{ONTOLOGY}sent", "label": "sent", "successors": ["when"]}]},
        "standings": {"total": 1, "shown": [
            {"iri": "http://e/p", "label": "Ann likes it.", "before": "asserted: position", "after": says}]},
        "positions": {"total": 1, "shown": [
            {"iri": "http://e/p", "holder": "Ann", "issue": "peace", "kind": "disappeared", "columns": {}, "now": says}]},
    }  # fmt: skip
    retired, standings, positions = (one.entries[0] for one in changes_page.sections(report, addresses.link))

    assert (retired.title, retired.href, retired.remark) == ("sent", "/ontology#sent", "use when")
    assert standings.title == "Ann likes it."
    assert standings.changes == (changes_page.Change("what it is", ("asserted: position",), (says,)),)
    assert positions.remark == f"disappeared; now: {says}"


# How it is made.


def test_a_report_is_kept_beside_the_releases_and_made_once(releases: Releases, folder: Path) -> None:
    before = sorted(path for path in (folder / NEW).rglob("*"))
    said: list[str] = []
    made = ChangeReports(releases, said.append).between(OLD, NEW)
    again = ChangeReports(releases, said.append, maker=(sys.executable, "-c", "raise SystemExit(1)"))

    assert again.between(OLD, NEW) == made
    assert {path.name for path in made.iterdir()} == {"changes.md", "changes.json"}
    assert made.is_relative_to(folder / "changes")
    assert sorted(path for path in (folder / NEW).rglob("*")) == before
    assert set(releases.names) == {OLD, NEW}
    assert len(said) <= 1


def test_what_takes_too_long_is_stopped_and_told(releases: Releases) -> None:
    said: list[str] = []
    limits = JobLimits(longest=0.2, wait=10)
    with pytest.raises(ReleaseFailedError):
        ChangeReports(releases, said.append, maker=sleeping(30), limits=limits).between(NEW, OLD)

    assert said[0].startswith(f"cannot make the changes from {NEW} to {OLD}: ")
    assert "timed out after 0.2 seconds" in said[0]


def test_a_release_that_is_not_there_starts_nothing(releases: Releases) -> None:
    with pytest.raises(RequestError, match="there are"):
        ChangeReports(releases, maker=("none",)).between("x", NEW)


def test_who_comes_while_another_is_made_is_told_to_come_again_and_has_not_failed(tmp_path: Path) -> None:
    making = JobRunner(lambda _: None, JobLimits(wait=0.3))
    first = Job("first", (*sleeping(1),), lambda: "")
    touched = tmp_path / "there"
    command = (sys.executable, "-S", "-c", f"open({str(touched)!r}, 'w')")
    second = Job("second", command, lambda: "there" if touched.exists() else "")
    for job in (first, second):
        with pytest.raises(ReleaseNotReadyError):
            making.result(job)

    def asked_again() -> str:
        try:
            return making.result(second)
        except ReleaseNotReadyError:
            return ""

    assert within(PATIENCE, asked_again)


def test_only_so_many_failures_are_remembered() -> None:
    said: list[str] = []
    making = JobRunner(said.append, JobLimits())
    for number in range(257):
        with pytest.raises(ReleaseFailedError):
            making.result(Job(f"job {number}", ("/none",), lambda: ""))

    assert len(said) == 257
    with pytest.raises(ReleaseFailedError):
        making.result(Job("job 0", ("/none",), lambda: ""))
    assert len(said) == 258  # the first was forgotten, and tried again


def test_the_maker_names_the_folder_or_says_in_a_line_why_not(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    blank = tmp_path / "blank.nq"
    blank.write_text("".join(f"_:b{number} <http://e/p> <http://e/o> .\n" for number in range(9)))
    old, new = str(folder / OLD), str(folder / NEW)
    codes = [
        maker.main(old, new, str(tmp_path / "report")),
        maker.main(str(tmp_path), new, str(tmp_path / "report")),
        maker.main(old, str(blank), str(tmp_path / "report")),
        maker.main(old, new, str(tmp_path / "file" / "report")),
    ]
    shown = capsys.readouterr()
    none, nameless, nowhere = shown.err.splitlines()

    assert codes == [0, 2, 2, 2]
    assert shown.out == f"{tmp_path / 'report'}\n"
    assert json.loads((tmp_path / "report" / "changes.json").read_bytes())["old"]["version"][:16] == OLD
    assert "has no cablegraph.nq" in none
    assert "blank nodes" in nameless
    assert "Not a directory" in nowhere
    assert COMPARER[1:] == ("-m", "kg.publishing.changes")


def test_a_comparer_ends_with_its_service(folder: Path, tmp_path: Path) -> None:
    import subprocess

    with subprocess.Popen(
        [*COMPARER, str(folder / OLD), str(folder / NEW), str(tmp_path / "report")], stdin=subprocess.PIPE
    ) as process:
        assert within(
            20, lambda: os.getpriority(os.PRIO_PROCESS, process.pid) == 10 or process.poll() is not None
        )
        assert process.stdin is not None
        begin = time.monotonic()
        process.stdin.close()
        code = process.wait(60)

    assert code in (0, 1)  # it may have been done before
    assert time.monotonic() - begin < 30


def test_errors_of_a_manifest_are_told(tmp_path: Path) -> None:
    from kg.publishing.dumps import manifest

    with pytest.raises(ReleaseError, match="is not a release"):
        manifest.of(tmp_path)
