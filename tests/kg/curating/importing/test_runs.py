"""Runs of an import: the same bytes, resumption, broken volumes, and the command."""

from __future__ import annotations

import gzip
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli.main import main
from kg.curating.importing.people import joined_people
from kg.curating.importing.runs.drawn_quads import DrawnQuads
from kg.curating.importing.runs.import_run import Import
from kg.curating.importing.runs.work_folder import WorkFolder
from kg.namespaces import CG, RDF
from kg.reading.collection.collection import Collection
from tests.server.running import children, end

from .conftest import BASE, FILES, VOLUMES, run

FIRST = FILES[0].read_text("utf-8")


def test_the_bytes_are_the_same_from_run_to_run_and_in_processes(
    imported: tuple[Path, Import, list[str]], tmp_path: Path
) -> None:
    with ProcessPoolExecutor(2) as executor:
        run(FILES, tmp_path / "again.nq", executor, [])
        run(FILES, tmp_path / "packed.nq.gz", executor, [])

    assert (tmp_path / "again.nq").read_bytes() == imported[0].read_bytes()
    assert gzip.decompress((tmp_path / "packed.nq.gz").read_bytes()) == imported[0].read_bytes()


def test_a_second_run_takes_what_is_there_and_reads_what_has_changed(
    tmp_path: Path, threads: Executor
) -> None:
    file = tmp_path / "harbor1931v01.xml"
    file.write_text(FIRST, "utf-8")
    out = tmp_path / "out.nq"
    first = run((file, FILES[1]), out, threads, [])
    second = run((file, FILES[1]), out, threads, [])
    file.write_text(FIRST.replace("nine ships", "ten ships"), "utf-8")
    third = run((file, FILES[1]), out, threads, [])

    assert [one.counts["taken again"] for one in (first, second, third)] == [0, 5, 1]
    assert first.counts["quads"] == second.counts["quads"]


def test_half_a_result_is_made_again(tmp_path: Path, threads: Executor) -> None:
    out = tmp_path / "out.nq"
    run(FILES, out, threads, [])
    whole = out.read_bytes()
    one, other = sorted((tmp_path / "out.parts").glob("*.json"))
    one.write_text("{", "utf-8")
    other.with_name(f"{other.stem}.nq.gz").unlink()

    assert run(FILES, out, threads, []).counts["taken again"] == 0
    assert out.read_bytes() == whole


@pytest.mark.parametrize(
    ("old", "new", "told", "documents"),
    [
        ("<p>22. Your", "<p><hi>22. Your", "harbor1931v01.xml:{line}: document d2, which begins in line 21, is not well-formed", 3),
        ("</TEI>", "", "harbor1931v01.xml:{line}: this is not well-formed XML", 4),
        (FIRST[FIRST.index("<p>No. 118") :], "", "harbor1931v01.xml:{line}: document d3, which begins in line 29", 2),
    ],
)  # fmt: skip
def test_a_broken_document_is_told_and_the_rest_goes_on(
    old: str, new: str, told: str, documents: int, tmp_path: Path, threads: Executor
) -> None:
    file = tmp_path / "harbor1931v01.xml"
    file.write_text(FIRST.replace(old, new), "utf-8")
    messages: list[str] = []

    done = run((file,), tmp_path / "out.nq", threads, messages)

    assert done.counts["documents"] == documents
    assert any(m.startswith(told.partition("{line}")[0]) and told.partition("}")[2] in m for m in messages)


def test_entities_are_not_read(tmp_path: Path, threads: Executor) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret of the file", "utf-8")
    bomb = '<!DOCTYPE TEI [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY x SYSTEM "secret.txt">]>'
    file = tmp_path / "harbor1931v01.xml"
    text = FIRST.replace('encoding="UTF-8"?>', f'encoding="UTF-8"?>{bomb}')
    file.write_text(text.replace("nine ships", "&b; &x; ships"), "utf-8")

    run((file,), tmp_path / "out.nq", threads, [])

    assert "secret of the file" not in (tmp_path / "out.nq").read_text("utf-8")
    assert "haha" not in (tmp_path / "out.nq").read_text("utf-8")


def test_a_document_that_cannot_be_read_is_told(
    tmp_path: Path, threads: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("no such thing")

    monkeypatch.setattr("kg.curating.importing.runs.chunk_work.tei_draft", fail)
    messages: list[str] = []

    run(FILES[1:], tmp_path / "out.nq", threads, messages)

    assert messages == [
        "harbor1932v01.xml:6: document d1 cannot be read, ValueError: no such thing; it is left out"
    ]


def test_the_command_writes_a_folder_of_volumes_and_offers_people_who_may_be_one(tmp_path: Path) -> None:
    out, table = tmp_path / "out.nq", tmp_path / "people.sssom.tsv"
    args = [
        "import",
        str(VOLUMES),
        "--out",
        str(out),
        "--base",
        BASE,
        "--jobs",
        "1",
        "--candidates",
        str(table),
    ]

    result = CliRunner().invoke(main, [*args, "--day", "2026-11-27"])
    again = CliRunner().invoke(main, args)

    assert result.exit_code == 1  # a date is none
    assert "5 documents of 2 volumes" in result.stdout
    assert "harbor1931v01.xml:42: document d4: the date" in result.stderr
    assert f"{table}: pairs of people who may be one, for somebody to decide: 1" in result.stderr
    assert out.is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.nq", "people.sssom.tsv"]
    # He signs as Secretary of State in both volumes; the table proposes, and the graph has both.
    head, row = (line for line in table.read_text("utf-8").splitlines() if not line.startswith("#"))
    cells = dict(zip(head.split("\t"), row.split("\t"), strict=True))
    cotter = [f"harbor193{n}v01-cotter-secretary-of-state" for n in (1, 2)]
    assert [cells["subject_id"], cells["object_id"]] == [f"actor:{key}" for key in cotter]
    assert (cells["reviewer_label"], cells["similarity_score"]) == ("", "0.65")
    assert (cells["ext_subject_years"], cells["ext_object_offices"]) == ("1931", "Secretary of State")
    assert all(f"actor/{key}>" in out.read_text("utf-8") for key in cotter)
    assert joined_people.read(table, BASE).kept == {}
    assert again.exit_code == 2
    assert "this file is there, and may hold decisions; name another" in again.stderr


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["no.xml", "--out", "x.nq"], "no.xml: there is no such file; name a TEI volume"),
        ([".", "--out", "x.nq"], "the folder has no file that ends with .xml"),
        ([str(FILES[1]), "--out", "x.ttl"], "name a file that ends with .nq or .nq.gz"),
        ([str(FILES[1]), "--out", "x.nq", "--base", "example"], "a base IRI ends with / or #"),
        ([str(FILES[1]), "--out", "x.nq", "--day", "May"], "May: this is no day; write for example 2026-11-27"),
        (["empty.xml", "--out", "x.nq"], "nothing could be imported; nothing was written"),
    ],
)  # fmt: skip
def test_wrong_usage_is_told(
    args: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty" if args[0] == "." else tmp_path)
    if args[0] == "empty.xml":
        (tmp_path / "empty.xml").write_text("<TEI xmlns='http://www.tei-c.org/ns/1.0'><text/></TEI>", "utf-8")

    result = CliRunner().invoke(main, ["import", *args, "--jobs", "1"])

    assert result.exit_code == 2
    assert message in result.stderr


@pytest.mark.slow
def test_a_run_that_is_killed_goes_on(tmp_path: Path) -> None:
    out = tmp_path / "out.nq"
    many = tmp_path / "volumes"
    many.mkdir()
    for n in range(12):
        (many / f"v{n:02}.xml").write_text(FIRST.replace("harbor1931v01", f"harbor{n:02}"), "utf-8")
    command = [
        sys.executable,
        "-m",
        "kg",
        "import",
        str(many),
        "--out",
        str(out),
        "--jobs",
        "1",
        "--day",
        "2026-11-27",
    ]

    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    parts = out.with_name("out.nq.parts")
    while len(list(parts.glob("*.json"))) < 3 and process.poll() is None:
        time.sleep(0.005)
    in_pool = children(process.pid)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert [pid for pid in in_pool if not end(pid, 30)] == []
    held = WorkFolder(parts)
    assert not out.exists()
    assert held.path.is_dir()
    subprocess.run(command, check=False, capture_output=True)
    resumed = out.read_bytes()
    out.unlink()
    subprocess.run(command, check=False, capture_output=True)

    assert out.read_bytes() == resumed
    assert not parts.exists()


def test_a_file_that_is_cut_is_told(tmp_path: Path, threads: Executor) -> None:
    cut = tmp_path / "harbor1931v01.xml.gz"
    cut.write_bytes(gzip.compress(FIRST.encode() * 1)[:-300])
    messages: list[str] = []

    run((cut, FILES[1]), tmp_path / "out.nq", threads, messages)

    assert any(message.startswith("harbor1931v01.xml.gz") for message in messages)


def test_what_excludes_each_other_is_told_with_the_thing() -> None:
    said: list[str] = []
    kinds = (
        f"<{BASE}id/actor/a> <{RDF.type}> <{CG}{kind}> <{BASE}graph/shared> .\n"
        for kind in ("Person", "Group")
    )
    with closing(DrawnQuads(Collection.in_base(BASE), said.append)) as drawing:
        drawing.read("".join(kinds).encode())
        _, findings = drawing.drawn()

    told = {f.message for f in findings if f.file == f"{BASE}id/actor/a"}
    assert "this cannot be both Person and Group" in told
    assert said == ["validating what is stated", "inferring", "validating what is stated and inferred"]


def test_a_term_is_held_once_however_often_it_stands() -> None:
    with closing(DrawnQuads(Collection.in_base(BASE), print)) as drawing:
        for number in range(3):  # as parts of a run come
            quad = f"<{BASE}id/x> <{RDF.type}{number}> <{BASE}id/y> <{BASE}graph/shared> .\n"
            drawing.read(quad.encode())

        (columns,) = drawing.graphs.stated.values()
    assert len(list(columns)) == 3
    assert len({id(term) for subject, _, target in columns for term in (subject, target)}) == 2


def test_a_volume_that_comes_twice_is_read_once(tmp_path: Path, threads: Executor) -> None:
    again = tmp_path / "copy.xml"
    again.write_text(FIRST.replace('xml:id="d3"', 'xml:id="d33"'), "utf-8")
    messages: list[str] = []

    once = run(FILES, tmp_path / "once.nq", threads, [])
    twice = run((*FILES, again), tmp_path / "twice.nq", threads, messages)

    assert twice.counts["documents"] == once.counts["documents"] + 1
    told = (
        "3 of its documents are in harbor1931v01.xml already, of the volume harbor1931v01; they are left out"
    )
    assert [message for message in messages if message.startswith("copy.xml")] == [f"copy.xml: {told}"]
