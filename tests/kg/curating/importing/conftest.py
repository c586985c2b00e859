"""Invented volumes, an import of them, and how it is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.curating.drafting.source.tei_volume import FRUS, TEI, Volume
from kg.curating.importing.people.joined_people import JoinedPeople
from kg.curating.importing.runs.chunk_work import Chunk, read_document, row_of
from kg.curating.importing.runs.import_run import Import
from kg.curating.importing.runs.quad_output import QuadOutput
from kg.curating.importing.runs.volume_files import RawDocument
from kg.curating.importing.runs.work_folder import Row, WorkFolder
from kg.curating.importing.volumes.document_records import DocumentRecords
from kg.namespaces import CG, is_inferred
from kg.store import sparql

VOLUMES = Path(__file__).parent / "volumes"
BASE = "https://example.org/harbor/"
FILES = (VOLUMES / "harbor1931v01.xml", VOLUMES / "harbor1932v01.xml")
Asked = Callable[[str], list[tuple[str, ...]]]


@pytest.fixture(scope="session")
def threads() -> Iterator[Executor]:
    """An executor in this process."""
    with ThreadPoolExecutor(1) as executor:
        yield executor


def run(
    files: tuple[Path, ...],
    out: Path,
    executor: Executor,
    told: list[str],
    joined: JoinedPeople | None = None,
) -> Import:
    """Import files into `out`, whose parts are kept; what is told is added to `told`."""
    one = Import(
        files, BASE, "2026-11-27", WorkFolder(out.with_suffix(".parts")), told.append, lambda _, __: None
    )
    one.joined = joined or JoinedPeople()
    one.draft(executor, 1)
    QuadOutput(one).write(out)
    return one


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory, threads: Executor) -> tuple[Path, Import, list[str]]:
    """The import of both volumes: its file, the run and what it told."""
    told: list[str] = []
    out = tmp_path_factory.mktemp("import") / "harbor.nq"
    return out, run(FILES, out, threads, told), told


@pytest.fixture(scope="session")
def asked(imported: tuple[Path, Import, list[str]]) -> Asked:
    """How the import is asked for what is stated: rows of texts, the base IRI cut off."""
    store = ox.Store()
    quads = ox.parse(path=str(imported[0]), format=ox.RdfFormat.N_QUADS)
    store.extend(quad for quad in quads if not is_inferred(str(quad.graph_name)[1:-1]))
    prefixes = (
        f"PREFIX cg: <{CG}> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
        f"PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX t: <{BASE}id/telegram/> "
    )

    def ask(query: str) -> list[tuple[str, ...]]:
        found = sparql.rows(store, prefixes + query)
        return sorted(tuple(_short(cell) for cell in row) for row in found)

    return ask


def _short(term: object) -> str:
    text = getattr(term, "value", "")
    for begin in (f"{BASE}id/", str(CG), "https://w3id.org/cablegraph/id/"):
        text = text.removeprefix(begin)
    return str(text)


HEAD = (
    "<head>The Minister in Ostria (<persName type='from'>Vane</persName>) to the Secretary of State</head>"
    "<dateline><placeName>Lisbon</placeName>, <date when='1931-03-05T17:00:00'>March 5, 1931—5 p.m.</date></dateline>"
)
NOTE = "<note rend='inline' type='source'>811.3/9: Telegram</note>"


def read(inner: str, people: dict[str, tuple[str, str]] | None = None) -> tuple[DocumentRecords, Row]:
    """Return the records and the row of an invented document, of which `inner` is the content."""
    xml = (
        f"<div xmlns='{TEI.strip('{}')}' xmlns:frus='{FRUS.strip('{}')}' type='document' xml:id='d9'>"
        f"{inner}</div>"
    )
    raw = RawDocument("d9", 1, ("pg_9",), xml.encode())
    chunk = Chunk("v.xml", Volume("harbor1931v01", people or {}), BASE, "2026-11-27", (raw,))
    records, cited = read_document(chunk, raw)
    return records, row_of(records, raw, cited)


def cited(body: str, *keys: str, head: str = NOTE + HEAD) -> list[tuple[str, ...]]:
    """Return the chosen parts of each reference of a telegram from Ostria of 5 March 1931."""
    _, row = read(f"{head}<p>{body}</p>")
    return [tuple(str(one.get(key, "")) for key in keys) for one in row["citations"]]
