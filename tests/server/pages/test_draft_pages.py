"""What is proposed has pages, where the service has a folder of drafts; they change nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pyoxigraph as ox
import pytest
from werkzeug.test import Client

from kg.curating.drafts.curation_folders import CurationFolders
from kg.curating.drafts.propose import propose
from kg.reading.collection.collection import Collection
from server import create_app
from server.cli.serve_options import Options
from server.engine.evaluation.query_request import Limits
from server.engine.workers.pool import Pool

from ...kg.curating.curating import BODY, DAY, FIRST, PREDICTION, SECOND, all_files, collection, proposal
from ..handled import client_of
from ..pools import open_pool

Asked = Callable[[Path | None], Client]


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with open_pool(ox.Store, Limits(workers=1), "v") as pool:
        yield pool


@pytest.fixture
def folders(tmp_path: Path) -> CurationFolders:
    return collection(tmp_path / "collection")


@pytest.fixture
def client(pool: Pool, folders: CurationFolders) -> Iterator[Asked]:
    """Makes a client of a service that shows the texts in a folder, if there is one."""
    with ExitStack() as stack:

        def made(texts: Path | None) -> Client:
            app = create_app(pool, data_version="v", queries={}, drafts=folders.drafts, texts=texts)
            return stack.enter_context(client_of(app, cache_size=1 << 20))

        yield made


def test_proposals_stand_under_the_words_that_they_quote(client: Asked, folders: CurationFolders) -> None:
    propose(folders, proposal(PREDICTION + "carla: {type: Naming, names: <b>}\n"), DAY)
    propose(folders, proposal("carla:\n  type: Person\n  label: {en: Carla}\n", file="actor.yaml"), DAY)
    asked = client(folders.texts)
    before = all_files(folders.drafts.parent)

    index, draft = asked.get("/drafts/"), asked.get("/drafts/eve")

    assert '<a href="/drafts/eve">eve</a>' in index.text
    shown = [draft.text.index(text) for text in ("label: {en: Carla}", "&lt;b&gt;")]
    assert shown == sorted(shown)
    assert draft.headers["Cache-Control"] == "no-cache"
    assert all_files(folders.drafts.parent) == before


def test_the_page_has_the_words_where_texts_are_shown(client: Asked, folders: CurationFolders) -> None:
    propose(folders, proposal(), DAY)
    propose(folders, proposal(PREDICTION), DAY)

    with_words = client(folders.texts).get("/drafts/eve").text
    without = client(None).get("/drafts/eve").text

    places = [with_words.index(text) for text in (FIRST, "ben-against:", SECOND, "ann-travels:")]
    assert places == sorted(places)
    assert FIRST not in without
    assert without.index("Not in a text that is here") < without.index("ben-against:")


def test_what_is_proposed_later_is_there_at_the_next_request(client: Asked, folders: CurationFolders) -> None:
    asked = client(None)
    assert "There is none." in asked.get("/drafts/").text
    propose(folders, proposal(), DAY)
    assert "There is none." not in asked.get("/drafts/").text
    propose(folders, proposal(PREDICTION), DAY)
    assert "ann-travels:" in asked.get("/drafts/eve").text


def test_a_draft_that_is_none_or_no_yaml_is_said_to_be(client: Asked, folders: CurationFolders) -> None:
    propose(folders, proposal(), DAY)
    asked = client(None)

    assert asked.get("/drafts/ewe").status_code == 404
    assert asked.post("/drafts/eve").status_code == 405
    (folders.drafts / "eve" / f"{BODY}.yaml").write_text("a: [\n")
    assert f"drafts/eve/{BODY}.yaml" in asked.get("/drafts/eve").text


def test_without_a_folder_there_is_no_such_page(pool: Pool) -> None:
    assert create_app(pool, data_version="v", queries={}).test_client().get("/drafts/").status_code == 404


@pytest.mark.parametrize(
    ("host", "proxy", "shown"),
    [("127.0.0.1", False, True), ("127.0.0.1", True, False), ("192.0.2.1", False, False)],
)
def test_only_this_machine_sees_drafts(host: str, proxy: bool, shown: bool, tmp_path: Path) -> None:
    options = Options(
        host=host, port=0, timeout=1, workers=1, texts=tmp_path, drafts=tmp_path, graph=None, rdf12=False,
        allow_service=(), rate=None, metrics=False, access_log=False, log_queries=False, behind_proxy=proxy,
        cache_size=0, dumps=None, pid_file=None, open=False, collection=Collection.shipped(), watch=False,
        store=None, store_files=None,
    )  # fmt: skip

    assert (options.shown_drafts is not None, options.shown_texts is not None) == (shown, shown)
