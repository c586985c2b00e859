"""A client of the Model Context Protocol curates a passage of a third document, and a person accepts it."""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from anyio.from_thread import start_blocking_portal
from click.testing import CliRunner
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.server.mcpserver import MCPServer
from mcp_types import ElicitResult

from kg.build import build
from kg.cli.main import main
from kg.curating.drafts.curation_folders import CurationFolders
from kg.namespaces import ID
from kg.reading.collection.collection import Collection
from server.model_context.curating import acceptance_tool, curation_tools

from ...kg.curating.curating import (
    BODY,
    FIRST,
    HEAD,
    POSITION,
    PREDICTION,
    SECOND,
    TELEGRAM,
    UNLOCATED,
    all_files,
    collection,
)
from ...kg.reading.collection.test_collection import GOOD
from .. import foreign
from .modelling import Model

ROOT = Path(__file__).parents[3]
README = (ROOT / "server" / "model_context" / "README.md").read_text(encoding="utf-8")
EVE = {"draft": "eve", "by": "Eve, a language model"}
AGAINST = f"{BODY}/ben-against"
TOOLS = {
    *("guidelines", "next_passage", "find_thing", "propose", "withdraw", "list_drafts", "check_draft"),
    *("compare_drafts", "accept"),
}  # fmt: skip
MODES = pytest.mark.parametrize("mode", ["auto", "legacy"])


@pytest.fixture
def folders(tmp_path: Path) -> CurationFolders:
    return collection(tmp_path / "collection")


def person(asked: list[str], answer: ElicitResult) -> Callable[..., Any]:
    """Return what a client calls for a person who gives this answer; the questions go to `asked`."""

    async def say(_: object, question: Any) -> ElicitResult:
        asked.append(question.message)
        return answer

    return say


YES = ElicitResult(action="accept", content={"accept": True, "name": "Bob"})


@contextmanager
def client(server: Any, says: Callable[..., Any] | None = None, mode: str = "auto") -> Iterator[Model]:
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(Client(server, elicitation_callback=says, mode=mode)) as connected,  # type: ignore[arg-type]
    ):
        yield Model(portal, connected)


def server(folders: CurationFolders) -> MCPServer:
    own, lock = MCPServer("curating"), threading.Lock()
    curation_tools.add(own, folders, lock)
    acceptance_tool.add(own, folders, lock)
    return own


def test_a_passage_is_read_proposed_checked_mended_and_accepted(folders: CurationFolders) -> None:
    asked: list[str] = []
    before = all_files(folders.records)
    with client(server(folders), person(asked, YES)) as talker:
        assert "Read sentence by sentence" in talker.ask("guidelines")["sections"]["Guidelines"]
        assert "type: Position" in talker.ask("guidelines", kind="Position")["example"]
        found = talker.ask("next_passage", draft="eve", telegram=TELEGRAM)
        assert (found["left"], found["next"]["words"], found["next"]["before"]) == (2, FIRST, HEAD)
        assert talker.ask("find_thing", name="Ben", kind="Person")["things"][0]["name"] == "actor:ben"
        wrong = talker.ask("propose", **EVE, file=found["next"]["file"], records=UNLOCATED)
        assert [finding["line"] for finding in wrong["findings"]] == [11]
        assert talker.ask("check_draft", draft="eve")["violations"] > 0
        assert talker.ask("propose", **EVE, file=found["next"]["file"], records=POSITION)["findings"] == []
        checked = talker.ask("check_draft", draft="eve")
        assert (checked["violations"], checked["quotes"], checked["quotes_verified"]) == (0, 1, 1)
        assert talker.ask("next_passage", draft="eve", telegram=TELEGRAM)["next"]["words"] == SECOND
        assert all_files(folders.records) == before
        done = talker.ask("accept", draft="eve", records=[AGAINST])

    assert (done["accepted"], done["records"]) == (True, [AGAINST])
    assert len(asked) == 1
    assert "content: Ben is against the border." in asked[0]
    accepted = yaml.safe_load((folders.records / f"{BODY}.yaml").read_text())
    assert accepted["ben-against"]["writtenIn"].startswith("curation/eve-")
    built = build(folders.sources)
    assert any(str(quad.subject) == f"<{ID}{AGAINST}>" for quad in built.quads)
    curation = yaml.safe_load((folders.records / "telegram" / TELEGRAM / "curation.yaml").read_text())
    assert [c["reviewer"] for c in curation.values() if "reviewer" in c] == ["Bob"]


@MODES
@pytest.mark.parametrize(
    "answer",
    [
        ElicitResult(action="decline"),
        ElicitResult(action="cancel"),
        ElicitResult(action="accept", content={"accept": False, "name": "Bob"}),
    ],
    ids=["declined", "cancelled", "no"],
)
def test_nothing_moves_without_the_persons_word(
    answer: ElicitResult, mode: str, folders: CurationFolders
) -> None:
    with client(server(folders), person([], answer), mode) as talker:
        talker.ask("propose", **EVE, file=f"{BODY}.yaml", records=POSITION)
        before = all_files(folders.drafts.parent)
        assert talker.ask("accept", draft="eve", records=[AGAINST])["accepted"] is False
    assert all_files(folders.drafts.parent) == before


def test_older_clients_are_asked_too(folders: CurationFolders) -> None:
    with client(server(folders), person([], YES), "legacy") as talker:
        talker.ask("propose", **EVE, file=f"{BODY}.yaml", records=POSITION)
        assert talker.ask("accept", draft="eve", records=[AGAINST])["accepted"] is True


@MODES
def test_a_client_that_cannot_ask_is_told_who_can(mode: str, folders: CurationFolders) -> None:
    with client(server(folders), mode=mode) as talker:
        talker.ask("propose", **EVE, file=f"{BODY}.yaml", records=POSITION)
        assert "let somebody run: cablegraph review eve" in talker.error(
            "accept", draft="eve", records=[AGAINST]
        )


def test_what_changes_while_the_person_reads_is_not_accepted(folders: CurationFolders) -> None:
    async def change(_: object, __: object) -> ElicitResult:
        path = folders.drafts / "eve" / f"{BODY}.yaml"
        path.write_text(path.read_text().replace("the border.", "everything."))
        return YES

    with client(server(folders), change, "legacy") as talker:
        talker.ask("propose", **EVE, file=f"{BODY}.yaml", records=POSITION)
        assert "has changed since" in talker.error("accept", draft="eve", records=[AGAINST])
    assert not (folders.records / f"{BODY}.yaml").exists()


def test_what_is_not_there_not_valid_or_too_much_is_an_error_that_says_so(folders: CurationFolders) -> None:
    with client(server(folders), person([], YES)) as talker:
        assert "no draft 'eve'" in talker.error("check_draft", draft="eve")
        assert "did you mean Position" in talker.error("guidelines", kind="Positon")
        assert "no file for proposals" in talker.error("propose", **EVE, file="../x.yaml", records=POSITION)
        talker.ask("propose", **EVE, file=f"{BODY}.yaml", records=UNLOCATED)
        assert "did you mean" in talker.error("accept", draft="eve", records=[AGAINST[:-1]])
        assert "start is missing" in talker.error("accept", draft="eve", records=[AGAINST])
        long = POSITION.replace("Ben is against the border.", "Ben is against. " * 400)
        talker.ask("propose", **EVE, file=f"{BODY}.yaml", records=long)
        assert "too many to be shown at once" in talker.error("accept", draft="eve", records=[AGAINST])


def test_drafts_are_listed_withdrawn_and_compared(folders: CurationFolders) -> None:
    with client(server(folders)) as talker:
        talker.ask("propose", **EVE, file=f"{BODY}.yaml", records=POSITION + PREDICTION)
        talker.ask("propose", draft="bob", by="Bob", file=f"{BODY}.yaml", records=POSITION)
        compared = talker.ask("compare_drafts", first="eve", second="bob")
        assert compared["measures"]["assertions on the same words"] == 1
        assert [point["about"] for point in compared["disagreements"]] == ["assertion of one alone"]
        left = talker.ask("withdraw", draft="eve", records=[AGAINST])
        assert left == talker.ask("list_drafts")
        assert {draft["name"]: draft["records"] for draft in left["drafts"]} == {
            "bob": [AGAINST], "eve": [f"{BODY}/ann-travels"],
        }  # fmt: skip
        assert (
            talker.ask("next_passage", draft="eve", after=f"telegram/{TELEGRAM}/passage/body-2")["next"]
            is None
        )


def test_tools_say_whether_they_write(folders: CurationFolders) -> None:
    with client(server(folders)) as talker:
        listed = talker.do(talker.client.list_tools).tools
    tools = {tool.name: tool.annotations for tool in listed}
    rows = re.findall(r"^\| `(\w+)` \| ([^|]*) \| [^|]* \|$", README, re.MULTILINE)
    assert rows == [(tool.name, tool.title) for tool in listed]
    assert set(tools) == TOOLS
    assert {name for name, hints in tools.items() if not hints.read_only_hint} == {
        "propose",
        "withdraw",
        "accept",
    }


def test_the_command_adds_the_tools_and_only_if_told(folders: CurationFolders) -> None:
    where = [f"--{name}={getattr(folders, name)}" for name in ("records", "drafts", "texts")]
    parameters = StdioServerParameters(
        command=sys.executable, args=["-m", "kg", "mcp", "--curate", *where], cwd=ROOT,
        env={"XDG_CACHE_HOME": os.environ["XDG_CACHE_HOME"]},
    )  # fmt: skip
    with client(stdio_client(parameters)) as talker:
        names = {tool.name for tool in talker.do(talker.client.list_tools).tools}
        assert names > TOOLS
        assert talker.ask("next_passage", draft="eve", telegram=TELEGRAM)["left"] == 2
        assert talker.ask("describe", thing="actor:ann")["label"] == "Ann"  # of these records


@pytest.mark.parametrize("given", [["--curate", "--http"], ["--drafts", "x"]])
def test_curating_is_for_standard_input_alone_and_its_folders_for_curating(given: list[str]) -> None:
    result = CliRunner().invoke(main, ["mcp", *given])

    assert result.exit_code == 2
    assert "where a person can be asked" in result.output


def test_a_collection_of_ones_own_is_curated_in_its_base(tmp_path: Path) -> None:
    place = tmp_path / "own"
    place.mkdir()
    plain = collection(place)
    (place / "collection.yaml").write_text(GOOD)
    own = CurationFolders.of(plain.records, plain.drafts, plain.texts, Collection.at(place))
    with client(server(own), person([], YES)) as talker:
        said = [
            talker.ask("guidelines", kind="Position"),
            talker.ask("next_passage", draft="eve", telegram=TELEGRAM),
            talker.ask("find_thing", name="Ben", kind="Person"),
            talker.ask("propose", **EVE, file=f"{BODY}.yaml", records=POSITION),
            talker.ask("check_draft", draft="eve"),
            talker.ask("compare_drafts", first="eve", second="records"),
            talker.ask("accept", draft="eve", records=[AGAINST]),
        ]

    assert said[2]["things"][0]["name"] == "actor:ben"
    assert (said[4]["violations"], said[6]["accepted"]) == (0, True)
    assert [foreign.iris(str(answer)) for answer in said] == [set()] * len(said)
