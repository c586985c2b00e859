"""Every quote stands where its record says, and every sentence is covered."""

from __future__ import annotations

import hashlib
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import build
from kg.checking import text_copies
from kg.checking.quotes import CheckReport, anchors_of, check, renderings
from kg.checking.texts import split_sentences
from kg.errors import DataError, TextError
from kg.namespaces import CG, PREFIXES
from kg.reading import ontology, record_files, triples
from kg.store.sparql import rows

TEXT = "He came at noon. He did not speak, they say."
RECORDS = {
    "telegram/x/index.yaml": "type: Telegram\n",
    "telegram/x/rendering.yaml": "r:\n  type: Rendering\n  renders: telegram:x\n  textHash: HASH\n",
    "telegram/x/passage.yaml": (
        "body-1:\n  type: Passage\n  passageOf: rendering/r\n  start: 0\n  end: 16\n"
        "body-2:\n  type: Passage\n  passageOf: rendering/r\n  start: 17\n  end: 44\n"
    ),
}


def checked(tmp_path: Path, statement: str, given: dict[str, str] | None = None) -> CheckReport:
    """Return the report on one statement about the small text."""
    digest = "a" * 64
    for name, content in {**RECORDS, "telegram/x/body.yaml": statement}.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content.replace("HASH", digest), encoding="utf-8")
    terms = ontology.load(build.Collection.shipped().ontology)
    records = record_files.read(tmp_path, terms.keys)
    store = ox.Store()
    store.extend(triples.from_records(records, terms))
    report = CheckReport()
    check(store, {digest: TEXT} if given is None else given, records, report)
    return report


def anchor(passage: str, quote: str, start: int, end: int) -> str:
    return (
        f"a-{start}:\n  type: Furniture\n  evidence:\n    - in: passage/{passage}\n"
        f"      quote: {quote}\n      start: {start}\n      end: {end}\n"
    )


def test_a_true_quote_is_verified_and_covers_its_sentence(tmp_path: Path) -> None:
    report = checked(tmp_path, anchor("body-1", "at noon", 8, 15) + anchor("body-2", "did not speak", 20, 33))

    assert (report.anchors, report.verified) == (2, 2)
    assert (report.sentences, report.covered) == (2, 2)
    assert report.findings == []


def test_a_sentence_without_anchor_is_found(tmp_path: Path) -> None:
    report = checked(tmp_path, anchor("body-1", "at noon", 8, 15))

    assert (report.sentences, report.covered) == (2, 1)
    assert [str(f) for f in report.findings] == [
        "telegram/x/rendering.yaml:4: no anchor in the sentence at 17-44; write a record or Furniture"
    ]


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (anchor("body-1", "at noon", 9, 16), "6: the quote is elsewhere; write start: 8 and end: 15"),
        (anchor("body-1", "at night", 8, 15), "the passage does not contain the quote 'at night'"),
        (anchor("body-1", "did not speak", 20, 33), "the quote is outside its passage (0 to 16)"),
    ],
)
def test_a_wrong_quote_is_found_with_its_line(tmp_path: Path, statement: str, message: str) -> None:
    report = checked(tmp_path, statement)

    assert report.verified == 0
    assert any(message in str(finding) for finding in report.findings)
    assert report.findings[0].file == "telegram/x/body.yaml"


def test_without_the_text_a_warning_says_that_nothing_was_verified(tmp_path: Path) -> None:
    report = checked(tmp_path, anchor("body-1", "at noon", 8, 15), given={})

    assert (report.anchors, report.verified, report.sentences) == (1, 0, 0)
    assert [f.severity for f in report.findings] == ["warning"]
    assert "1 anchors were not re-verified" in report.findings[0].message


def test_a_place_of_another_length_is_found_even_without_the_text(tmp_path: Path) -> None:
    report = checked(tmp_path, anchor("body-1", "at noon", 8, 16), given={})

    assert "telegram/x/body.yaml:7: start and end are 8 apart, but the quote has 7 code points" in map(
        str, report.findings
    )


def number(quotes: str) -> str:
    return f"n:\n  type: Marking\n  asWritten: Spec. No. 5\n  evidence:\n{quotes}"


def quoted(quote: str, start: int) -> str:
    return f"  - in: passage/body-1\n    quote: {quote}\n    start: {start}\n    end: {start + len(quote)}\n"


def test_quotes_that_lack_a_word_of_what_is_written_are_found(tmp_path: Path) -> None:
    report = checked(tmp_path, number(quoted("No. 5", 3)), given={})

    assert (
        "telegram/x/body.yaml:3: the quotes lack 'spec' of asWritten; quote the words that carry it"
        in map(str, report.findings)
    )


def test_quotes_that_lack_a_word_of_a_hedge_are_found(tmp_path: Path) -> None:
    statement = "b:\n  type: Belief\n  hedge: they say\n  evidence:\n"
    without, with_it = quoted("did not speak", 20), quoted("they say", 35)

    report = checked(tmp_path, statement + without, given={})
    assert (
        "telegram/x/body.yaml:3: the quotes lack 'they say' of hedge; quote the words that carry it"
        in map(str, report.findings)
    )

    report = checked(tmp_path, statement + without + with_it, given={})
    assert not [f for f in report.findings if "hedge" in f.message]


def test_quotes_that_have_its_words_together_are_not(tmp_path: Path) -> None:
    report = checked(tmp_path, number(quoted("Spec.", 0) + quoted("No. 5", 9)), given={})

    assert not [f for f in report.findings if "asWritten" in f.message]


def test_every_quote_of_the_real_graph_is_in_the_users_texts(
    texts: Path, graph: build.Build, store: ox.Store
) -> None:
    report = CheckReport()
    check(store, text_copies.read(texts, renderings(store).values()).texts, graph.records, report)

    assert report.anchors > 1000
    assert report.verified == report.anchors
    assert (report.sentences, report.covered) == (144, 144)  # 49 and 95, counted in the texts


def test_a_changed_text_is_not_taken_for_the_hashed_one(
    tmp_path: Path, small_sources: build.Collection
) -> None:
    tmp_path.joinpath("copy.txt").write_text("another text")

    with pytest.raises(TextError, match="no file has the SHA-256"):
        build.build(small_sources, tmp_path)


def test_texts_are_found_by_hash_whatever_their_name(tmp_path: Path) -> None:
    content = "naïve\r\ntext\n"
    tmp_path.joinpath("sub").mkdir()
    tmp_path.joinpath("sub", "any name").write_bytes(content.encode())
    digest = "3ff3ff9ba0ff4b9d6c62f4e2d2f1b7d8c6d1b3d6c9b8a7f6e5d4c3b2a1908070"

    assert texts_of(tmp_path, digest) == {}
    assert list(texts_of(tmp_path, sha(content)).values()) == [content]


def sha(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def texts_of(folder: Path, digest: str) -> dict[str, str]:
    try:
        return dict(text_copies.read(folder, [digest]).texts)
    except TextError:
        return {}


def test_a_missing_folder_of_texts_is_named(tmp_path: Path) -> None:
    with pytest.raises(TextError, match="there is no such folder"):
        text_copies.read(tmp_path / "nowhere", [])


def test_no_real_quote_has_more_than_ten_words(store: ox.Store) -> None:
    quotes = [found.quote for found in anchors_of(store)]

    assert len(quotes) > 1000
    assert max(len(quote.split()) for quote in quotes) <= 10


def test_no_real_quote_is_a_whole_sentence_of_prose(texts: Path, store: ox.Store) -> None:
    # A sentence of prose ends with a mark; lines of the head, the foot and the page do not.
    sentences = {
        sentence.text.strip(' \xa0"”')
        for text in text_copies.read(texts, renderings(store).values()).texts.values()
        for sentence in split_sentences(text)
        if sentence.text.rstrip('"”')[-1:] in {".", "?", "!"} and len(sentence.text.split()) > 3
    }
    bare = {sentence.rstrip(".?!") for sentence in sentences}

    assert len(sentences) > 80
    assert [
        found.quote for found in anchors_of(store) if found.quote.strip(' "”').rstrip(".?!") in bare
    ] == []


def test_no_real_text_of_ours_repeats_eleven_words_of_a_source(texts: Path, store: ox.Store) -> None:
    copies = text_copies.read(texts, renderings(store).values()).texts.values()
    runs = {run for text in copies for run in elevens(text)}
    ours = f"SELECT ?text {{ ?s <{CG}content>|<{CG}note>|<{CG}reason>|<{CG}condition>|<{PREFIXES['rdfs']}label> ?text }}"
    found = [row["text"].value for row in rows(store, ours)]

    assert len(runs) > 2000
    assert len(found) > 1000
    assert [text for text in found if runs & set(elevens(text))] == []


def elevens(text: str) -> list[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return [tuple(words[i : i + 11]) for i in range(len(words) - 10)]


@pytest.mark.slow
def test_a_wrong_quote_stops_the_build(tmp_path: Path, texts: Path, sources: build.Collection) -> None:
    records = tmp_path / "records"
    shutil.copytree(str(sources.records), records)
    file = records / "telegram/1962-11-02-havana-1717/body-9.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("quote: did not speak", "quote: did speak", 1))
    own = replace(sources, records=records)

    with pytest.raises(
        DataError, match=r"body-9\.yaml:\d+: the passage does not contain the quote 'did speak'"
    ):
        build.build(own, texts)
