"""A release that was damaged or does not agree with itself is found out."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.errors import ReleaseError
from kg.publishing.dumps import check


@pytest.fixture
def own(release: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(release, tmp_path / "own"))


def found(folder: Path) -> list[str]:
    return [str(finding) for finding in check.check(folder)]


def replaced(folder: Path, name: str, content: bytes) -> None:
    """Put `content` into a file, its gzip file and all lists, as somebody would who wants it to go unseen."""
    sums = (folder / "SHA256SUMS").read_text(encoding="utf-8")
    told = json.loads((folder / "MANIFEST.json").read_bytes())
    (entry,) = [entry for entry in told["files"] if entry["name"] == name]
    packed = gzip.compress(content, mtime=0)
    copies = [(f"{name}.gz", packed, entry["gzip"])] if "gzip" in entry else []
    for path, data, place in ((name, content, entry), *copies):
        digest = hashlib.sha256(data).hexdigest()
        sums = sums.replace(place["sha256"], digest)
        place["sha256"], place["bytes"] = digest, len(data)
        (folder / path).write_bytes(data)
    listed(folder, told, sums)


def listed(folder: Path, told: object, sums: str = "") -> None:
    """Write the manifest anew, and its checksum."""
    sums = sums or (folder / "SHA256SUMS").read_text(encoding="utf-8")
    before = hashlib.sha256((folder / "MANIFEST.json").read_bytes()).hexdigest()
    (folder / "MANIFEST.json").write_text(json.dumps(told), encoding="utf-8")
    after = hashlib.sha256((folder / "MANIFEST.json").read_bytes()).hexdigest()
    (folder / "SHA256SUMS").write_text(sums.replace(before, after), encoding="utf-8")


def changed(name: str, change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    return lambda folder: replaced(folder, name, change((folder / name).read_bytes()))


def test_a_release_as_it_was_made_has_no_findings(release: Path) -> None:
    assert check.check(release) == []


@pytest.mark.slow
def test_the_real_release_has_no_findings(real: Path) -> None:
    assert check.check(real) == []


def test_a_changed_a_lost_and_a_foreign_file_are_found(own: Path) -> None:
    with (own / "ontology.ttl").open("ab") as file:
        file.write(b"\n")
    (own / "shapes.nt").unlink()
    (own / "layers" / "mine.txt").touch()
    (own / ".hidden").touch()

    first, second, third = found(own)
    assert first.startswith("layers/mine.txt: is not in SHA256SUMS")
    assert second.startswith("ontology.ttl: has the SHA-256 ")
    assert third.startswith("shapes.nt: cannot be read: No such file")


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        (
            "layers/shared.ttl",
            lambda old: old.replace(b"Ann ", b"Ana "),
            "has other statements than layers/shared.nq",
        ),
        ("layers/shared.jsonld", lambda old: old.replace(b"Ann ", b"Ana "), "has other statements than"),
        ("layers/shared.rdf", lambda old: old.replace(b"Ann ", b"Ana "), "has other statements than"),
        (
            "layers/shared.nt",
            lambda old: old + b"<http://e/s> <http://e/p> <http://e/o> .\n",
            "statements, not",
        ),
        ("layers/shared.trig", lambda old: old + b"<", "cannot be read"),
        ("ontology.nq", lambda old: b"".join(old.splitlines(keepends=True)[::-1]), "not in canonical form"),
        ("ontology.nq", lambda old: old + b"_:a <http://e/p> _:b .\n", "has blank nodes"),
    ],
)
def test_a_file_that_tells_something_else_is_found_though_the_lists_agree(
    own: Path, name: str, change: Callable[[bytes], bytes], message: str
) -> None:
    changed(name, change)(own)
    (finding,) = [line for line in found(own) if line.startswith(f"{name}:") and message in line]

    assert finding


def test_whole_n_quads_of_other_data_are_found(own: Path) -> None:
    changed("cablegraph.nq", lambda old: old.replace(b"Ann ", b"Ana "))(own)

    assert [line for line in found(own) if "that is not the data version" in line]


def test_a_gzip_file_of_another_text_or_of_no_gzip_is_found(own: Path) -> None:
    for name, packed in (("shapes.nt", gzip.compress(b"x")), ("shapes.nq", b"x" * 20)):
        told = json.loads((own / "MANIFEST.json").read_bytes())
        sums = (own / "SHA256SUMS").read_text(encoding="utf-8")
        (entry,) = [entry for entry in told["files"] if entry["name"] == name]
        digest = hashlib.sha256(packed).hexdigest()
        sums = sums.replace(entry["gzip"]["sha256"], digest)
        entry["gzip"]["sha256"] = digest
        (own / f"{name}.gz").write_bytes(packed)
        listed(own, told, sums)

    quads, triples = found(own)
    assert quads.startswith("shapes.nq.gz: is not valid gzip")
    assert triples == "shapes.nt.gz: has other content than shapes.nt"


def test_lists_that_differ_are_found(own: Path) -> None:
    told = json.loads((own / "MANIFEST.json").read_bytes())
    told["files"] = [entry for entry in told["files"] if entry["name"] != "README.md"]
    (entry,) = [entry for entry in told["files"] if entry["name"] == "LICENSE-DATA"]
    entry["sha256"] = "0" * 64
    listed(own, told)

    assert [line.partition(":")[0] for line in found(own)] == ["LICENSE-DATA", "README.md", "README.md.gz"]


def test_what_holds_no_release_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="is not a release"):
        check.check(tmp_path)
    (tmp_path / "SHA256SUMS").write_text("nonsense\n")
    with pytest.raises(ReleaseError, match="two spaces"):
        check.check(tmp_path)
    (tmp_path / "SHA256SUMS").write_text("")
    (tmp_path / "MANIFEST.json").write_text("{}")
    with pytest.raises(ReleaseError, match="not a valid list of a release"):
        check.check(tmp_path)


def test_a_file_that_is_no_xml_is_found_though_the_engine_reads_it(own: Path) -> None:
    name = "layers/shared.rdf"
    before = (own / name).read_bytes()
    replaced(own, name, before.replace("Анна".encode(), b"\x01", 1))

    assert [text for text in found(own) if "is not XML" in text] == [
        f"{name}: is not XML: not well-formed (invalid token): line {before[: before.index('Анна'.encode())].count(10) + 1}, "
        f"column {len(before[: before.index('Анна'.encode())].rpartition(bytes([10]))[2].decode())}"
    ]
