"""`cablegraph new` writes a collection that is valid, and refuses what would not be."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from kg.cli.main import main
from kg.reading.collection.collection import Collection
from kg.reading.collection.folders import MergedFolder, RewrittenFile

OPTIONS = ["--base", "https://w3id.org/havana/", "--title", 'A: "title"', "--curator", "Jané"]


def new(place: Path, *more: str) -> Result:
    return CliRunner().invoke(main, ["new", str(place), *OPTIONS, *more])


def test_the_new_folder_is_a_collection(tmp_path: Path) -> None:
    made = new(tmp_path / "a", "--language", "ru", "--language", "en")
    about = Collection.at(tmp_path / "a").about

    assert made.exit_code == 0
    assert str(tmp_path / "a" / "collection.yaml") in made.stdout.splitlines()
    assert (about.title, about.base, about.curator) == ('A: "title"', "https://w3id.org/havana/", "Jané")
    assert about.languages == ("ru", "en")
    assert "/texts/" in (tmp_path / "a" / ".gitignore").read_text(encoding="utf-8").splitlines()
    rule = (tmp_path / "a" / "w3id" / ".htaccess").read_text(encoding="utf-8").splitlines()
    assert rule[-2:] == ["RewriteEngine on", "RewriteRule ^(.*)$ https://cablegraph.example.org/$1 [R=302,L]"]
    readme = (tmp_path / "a" / "w3id" / "README.md").read_text(encoding="utf-8")
    assert "Contact: Jané, GitHub: @your-name" in readme
    assert "into the folder `havana` there" in (tmp_path / "a" / "README.md").read_text(encoding="utf-8")


def test_a_base_elsewhere_needs_no_rule_file(tmp_path: Path) -> None:
    new(tmp_path / "a", "--base", "https://example.org/havana/")

    assert not (tmp_path / "a" / "w3id").exists()
    assert "at <https://example.org/havana/>" in (tmp_path / "a" / "README.md").read_text(encoding="utf-8")


def test_an_empty_collection_checks(tmp_path: Path) -> None:
    new(tmp_path / "a")

    checked = CliRunner().invoke(main, ["check", "--collection", str(tmp_path / "a")])

    assert checked.exit_code == 0
    assert "there are no telegrams yet" in checked.stdout
    assert "violations: 0, warnings: 0" in checked.stdout


def test_a_folder_with_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("")

    made = new(tmp_path)

    assert made.exit_code == 2
    assert "is not empty; name a new folder" in made.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["mine"]


def test_a_wrong_base_leaves_no_folder(tmp_path: Path) -> None:
    made = new(tmp_path / "a", "--base", "https://w3id.org/havana")

    assert made.exit_code == 3
    assert "collection.yaml:2: base ends with a slash" in made.stderr
    assert not (tmp_path / "a").exists()


def test_the_environment_names_the_collection(tmp_path: Path) -> None:
    new(tmp_path / "a")
    (tmp_path / "a" / "collection.yaml").write_text("title: x\n")

    checked = CliRunner().invoke(main, ["check"], env={"CABLEGRAPH_COLLECTION": str(tmp_path / "a")})

    assert checked.exit_code == 3
    assert "collection.yaml: base is missing" in checked.stderr


def test_rewritten_files_are_read_like_others(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one")
    folder = RewrittenFile(tmp_path, lambda text: text.replace("one", "two"))
    file = folder / "a.txt"

    assert (folder.is_dir(), file.is_file(), folder.name) == (True, True, tmp_path.name)
    assert [entry.read_bytes() for entry in folder.iterdir()] == [b"two"]
    with file.open() as text, file.open("rb") as content:
        assert (text.read(), content.read()) == ("two", b"two")


def test_a_merged_folder_is_no_file(tmp_path: Path) -> None:
    folder = MergedFolder("a/b", (tmp_path,))
    refused = 0
    for read in (folder.open, folder.read_text, folder.read_bytes):
        try:
            read()
        except IsADirectoryError:
            refused += 1

    assert (folder.name, refused) == ("b", 3)
