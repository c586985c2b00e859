"""Reading: every mistake gives file, line, what is wrong and how to write it; good records keep text."""

from __future__ import annotations

import random
import re
import shutil
import unicodedata
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.build import Collection
from kg.errors import DataError, Finding
from kg.reading import record_files, triples
from kg.reading.characters import nfc, not_in_xml
from kg.reading.ontology import Ontology, load
from kg.reading.record_set import Records, SourceLine

HERE = Path(__file__).parents[2] / "reading"
ROOT = Path(__file__).parents[3]
GOOD = HERE / "good"
BAD = sorted((HERE / "bad").glob("*.yaml"))
ID = "https://w3id.org/cablegraph/id/"
TELEGRAM = f"{ID}telegram/1901-02-03-port-7"
_EXPECT = re.compile(r"# expect: (.*)$")


@pytest.fixture(scope="module")
def schema(sources: Collection) -> Ontology:
    return load(sources.ontology)


@pytest.fixture(scope="module")
def good(schema: Ontology) -> Records:
    return record_files.read(GOOD, schema.keys)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the good records, to be spoilt."""
    return Path(shutil.copytree(GOOD, tmp_path / "records"))


def findings(folder: Path, schema: Ontology) -> list[Finding]:
    """Return what one run over `folder` finds, dangling references included."""
    try:
        triples.from_records(record_files.read(folder, schema.keys), schema)
    except DataError as error:
        return list(error.findings)
    return []


def expected(file: Path) -> list[tuple[str, int, str]]:
    lines = enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
    return [(file.name, n, found.group(1)) for n, line in lines if (found := _EXPECT.search(line))]


def agrees(found: Finding, wanted: tuple[str, int, str]) -> bool:
    return (found.file, found.line) == wanted[:2] and found.message.startswith(wanted[2])


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_a_bad_file_gives_the_findings_that_it_announces_and_no_other(
    file: Path, folder: Path, schema: Ontology
) -> None:
    shutil.copy(file, folder)
    found, wanted = findings(folder, schema), expected(file)

    assert wanted
    assert [(f.file, f.line) for f in found] == [w[:2] for w in wanted]
    assert [f.message for f, w in zip(found, wanted, strict=True) if not agrees(f, w)] == []


def test_one_run_shows_the_mistakes_of_all_files(folder: Path, schema: Ontology) -> None:
    for file in BAD:
        shutil.copy(file, folder)
    found = {(f.file, f.line) for f in findings(folder, schema)}

    assert {want[:2] for file in BAD for want in expected(file)} <= found


def test_good_records_give_no_finding(folder: Path, schema: Ontology) -> None:
    assert findings(folder, schema) == []


def literals(folder: Path, schema: Ontology) -> set[str]:
    quads = triples.from_records(record_files.read(folder, schema.keys), schema)
    return {quad.object.value for quad in quads if isinstance(quad.object, ox.Literal)}


@pytest.mark.parametrize(
    "written", ["e\u0301", '"e\\u0301"', "\u00e9"], ids=["two code points", "escape", "one"]
)
def test_records_are_read_in_nfc_whatever_form_they_are_saved_in(
    folder: Path, schema: Ontology, written: str
) -> None:
    record = f"jose:\n  type: Person\n  label:\n    es: {written}\n  note: {written}\n"
    (folder / "jose.yaml").write_text(record, encoding="utf-8")

    assert "\u00e9" in literals(folder, schema)
    assert not [text for text in literals(folder, schema) if not unicodedata.is_normalized("NFC", text)]


def test_what_ships_is_in_nfc_and_fits_xml() -> None:
    shipped = [file for kind in ("ontology", "shapes", "queries") for file in (ROOT / kind).rglob("*.*")]
    shipped += [file for file in (ROOT / "kg").rglob("*") if file.suffix in (".yaml", ".tsv")]
    contents = {file: file.read_text(encoding="utf-8") for file in shipped}

    assert len(contents) > 150
    assert [str(f) for f, text in contents.items() if nfc(text) != text or not_in_xml(text)] == []


# Mistakes that do not fit into a file with comments: name, content, line, message.
FILES = [
    ("empty.yaml", b"", 0, "the file is empty; write a record or delete the file"),
    ("comment.yaml", b"# nothing\n", 0, "the file is empty; write a record or delete the file"),
    (
        "latin.yaml",
        b"one:\n  type: Person\n  note: caf\xe9\n",
        3,
        "this is not UTF-8; save the file as UTF-8",
    ),
    ("wide.yaml", "one: x".encode("utf-16"), 1, "this is not UTF-8; save the file as UTF-8"),
    (
        "control.yaml",
        "ж:\n  type: Person\n  note: a\x01b\n".encode(),
        3,
        "this is not YAML: control characters are not allowed; delete the invisible character",
    ),
    (
        "open.yaml",
        b'one:\n  type: Person\n  note: "never closed\n',
        4,
        "this is not YAML: found unexpected end of stream; "
        'put quotation marks around text that holds ": " or " #" or begins with a special character',
    ),
    (
        "deep.yaml",
        b"one: " + b"[" * 100_000,
        1,
        "this is nested more than 20 deep; close the brackets or indent less",
    ),
    (
        "deep-mappings.yaml",
        b"one: " + b"{a: " * 2_000,
        1,
        "this is nested more than 20 deep; close the brackets or indent less",
    ),
    (
        "deep-entries.yaml",
        b"one:\n  " + b"- " * 2_000 + b"x",
        2,
        "this is nested more than 20 deep; close the brackets or indent less",
    ),
    (
        "deep-lines.yaml",
        b"\n".join(b" " * level + b"a:" for level in range(1_500)),
        21,
        "this is nested more than 20 deep; close the brackets or indent less",
    ),
    ("itself.yaml", b"one: &x {type: Person, about: *x}", 1, "a"),
    ("text.yaml", b"hello\n", 1, "a record file consists of `key: value` lines"),
    (
        "Upper.yaml",
        b"one: {type: Link}",
        0,
        "'Upper' is not a valid identifier; use lower-case letters a to z, digits and single hyphens",
    ),
    ("index.yaml", b"one: {type: Link}", 0, "index.yaml stands for its folder; move it into one"),
    (
        "other.yml",
        b"one: {type: Link}",
        0,
        "a record file ends with .yaml, a table of links with .sssom.tsv; rename it",
    ),
    (
        "Folder Name/one.yaml",
        b"type: Link",
        0,
        "'Folder Name' is not a valid identifier; use lower-case letters a to z, digits and single hyphens",
    ),
    (
        "big-iri.yaml",
        b"one:\n  type: Rendering\n  page: http://[::1\n",
        3,
        "page takes the name of a thing, as in actor:fidel-castro or passage/body-7, not 'http://[::1'",
    ),
]


@pytest.mark.parametrize(("name", "content", "line", "message"), FILES, ids=[row[0] for row in FILES])
def test_a_file_that_cannot_be_used_is_named_with_its_line(
    name: str, content: bytes, line: int, message: str, folder: Path, schema: Ontology
) -> None:
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)
    found = findings(folder, schema)

    assert found
    assert {(f.file, f.line) for f in found} == {(name, line)}
    assert any(f.line == line and f.message.startswith(message) for f in found if f.file == name)


# Three ways to give an identifier that another file has: what is written, and the file that is read second.
TWICE = [
    (
        "telegram.yaml",
        "1901-02-03-port-7: {type: Telegram}",
        "telegram.yaml",
        "telegram/1901-02-03-port-7/index.yaml",
    ),
    ("actor/anna-berg.yaml", "type: Person", "actor.yaml", "actor/anna-berg.yaml"),
    ("actor/index.yaml", "anna-berg: {type: Person}", "actor.yaml", "actor/index.yaml"),
]


@pytest.mark.parametrize(("name", "text", "second", "first"), TWICE)
def test_a_duplicate_identifier_is_told_in_the_file_that_is_read_second(
    name: str, text: str, second: str, first: str, folder: Path, schema: Ontology
) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    found = findings(folder, schema)

    assert [(f.file, f.line) for f in found] == [(second, 1)]
    assert found[0].message.endswith(f" is already in {first}:1; choose another key")


def test_what_may_stand_in_an_unreadable_file_is_not_called_missing(folder: Path, schema: Ontology) -> None:
    (folder / "actor.yaml").write_bytes(b"anna-berg: [\n")
    (folder / "event.yaml").unlink()
    found = [(f.file, f.line) for f in findings(folder, schema)]

    assert found == [("actor.yaml", 2), ("telegram/1901-02-03-port-7/body-1.yaml", 6)]


def test_an_editors_lock_file_and_other_files_are_left_alone(folder: Path, schema: Ontology) -> None:
    for name in (".#actor.yaml", "README.md", "actor.yaml~"):
        (folder / name).write_text("no: [record", encoding="utf-8")

    assert findings(folder, schema) == []


def test_a_byte_order_mark_does_no_harm(folder: Path, schema: Ontology) -> None:
    file = folder / "event.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())

    assert findings(folder, schema) == []


def test_the_path_is_the_identifier(good: Records) -> None:
    own = {iri.removeprefix(ID) for iri in good.things}

    assert own == {
        "actor/anna-berg",
        "actor/harbour-office",
        "event/meeting",
        "issue/new-pier",
        "link/actor-anna-berg",
        "topic/harbour-works",
        "telegram/1901-02-03-port-7",
        "telegram/1901-02-03-port-7/rendering/web",
        "telegram/1901-02-03-port-7/passage/body-1",
        "telegram/1901-02-03-port-7/body-1/berg-opposes",
        "telegram/1901-02-03-port-7/body-1/berg-opposes#when",
        "telegram/1901-02-03-port-7/body-1/berg-opposes#when/evidence/1",
        "telegram/1901-02-03-port-7/body-1/berg-opposes#evidence/1",
        "telegram/1901-02-03-port-7/body-1/berg-opposes#evidence/2",
        "telegram/1901-02-03-port-7/body-1/berg-thinks",
        "telegram/1901-02-03-port-7/body-1/berg-thinks#embeds",
    }


BODY = "telegram/1901-02-03-port-7/body-1.yaml"
OPPOSES = f"{TELEGRAM}/body-1/berg-opposes"
PLACES = [
    (OPPOSES, None, None, (BODY, 1)),
    (OPPOSES, "heldBy", None, (BODY, 4)),
    (OPPOSES, "heldBy", f"{ID}actor/anna-berg", (BODY, 4)),
    (OPPOSES, "evidence", f"{OPPOSES}#evidence/2", (BODY, 16)),
    (OPPOSES, "evidence", None, (BODY, 14)),
    (OPPOSES, "hedge", None, (BODY, 1)),
    (f"{OPPOSES}#when", "asWritten", "0511", (BODY, 10)),
    (f"{TELEGRAM}/body-1/berg-thinks", "restates", OPPOSES, (BODY, 25)),
    (f"{ID}actor/anna-berg", "variant", "Mrs Berg", ("actor.yaml", 7)),
    (f"{ID}actor/anna-berg", "label", "Анна Берг", ("actor.yaml", 5)),
    (f"{ID}actor/anna-berg", "closeMatch", None, ("link.yaml", 5)),
]


@pytest.mark.parametrize(("subject", "key", "value", "place"), PLACES)
def test_each_key_remembers_its_line(
    subject: str, key: str | None, value: str | None, place: tuple[str, int], good: Records
) -> None:
    assert good.place(subject, key, value) == SourceLine(*place)


def test_what_nobody_wrote_has_no_place(good: Records) -> None:
    assert good.place(f"{ID}actor/nobody", "label") is None


def test_the_shipped_records_have_no_mistake_of_form(sources: Collection, schema: Ontology) -> None:
    read = record_files.read(sources.records, schema.keys)

    assert read.findings == []
    assert len(read.documents) > 15


PIECES = (
    *(
        "\t",
        ":",
        ": ",
        "- ",
        "\n",
        "&a ",
        "*a",
        "!x ",
        "[",
        "]",
        "{",
        "}",
        '"',
        "'",
        "#",
        "|",
        "%",
        "@",
        "~",
        "?",
        "\\",
    ),
    *(
        "\u00a0",
        "\u2028",
        "\x00",
        "\x7f",
        "\ufeff",
        "\U0001f6a2",
        "<<: ",
        "? ",
        "_:b",
        "//",
        "---\n",
        "&amp;",
    ),
    *("type: ", "id: ", "actor:", "http://", "null", "%zz"),
)


def edited(text: str, dice: random.Random) -> str:
    """Return `text` after one to three random edits: cut, doubled, moved or foreign characters."""
    for _ in range(dice.randint(1, 3)):
        at = dice.randrange(len(text) + 1)
        to = min(len(text), at + dice.randint(1, 30))
        text = dice.choice(
            (
                text[:at] + text[to:],
                text[:to] + text[at:],
                text[:at] + dice.choice(PIECES) + text[at:],
                text[:at] + dice.choice(PIECES) + text[to:],
            )
        )
    return text


@pytest.mark.parametrize("seed", range(6))
def test_no_edit_makes_the_reader_fail_otherwise_than_with_findings(
    seed: int, folder: Path, schema: Ontology
) -> None:
    dice = random.Random(seed)  # noqa: S311 (no secret)
    files = sorted(folder.rglob("*.yaml"))
    refused = 0
    for _ in range(60):
        file = dice.choice(files)
        before = file.read_bytes()
        file.write_bytes(edited(before.decode(), dice).encode())
        found = findings(folder, schema)
        refused += bool(found)
        assert all(f.message and f.file and "\n" not in f.message for f in found)
        file.write_bytes(before)

    assert refused > 20


@pytest.mark.parametrize("seed", range(2))
def test_no_wrong_byte_makes_the_reader_fail_otherwise_than_with_findings(
    seed: int, folder: Path, schema: Ontology
) -> None:
    dice = random.Random(seed)  # noqa: S311 (no secret)
    file = folder / "telegram" / "1901-02-03-port-7" / "body-1.yaml"
    before = file.read_bytes()
    for _ in range(60):
        at = dice.randrange(len(before))
        file.write_bytes(before[:at] + bytes([dice.randrange(256)]) + before[at + dice.randrange(2) :])
        assert all(f.file for f in findings(folder, schema))
