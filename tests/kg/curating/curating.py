"""A small collection with a telegram that nobody has curated, and what somebody proposes of it; all invented."""

from __future__ import annotations

import hashlib
import shutil
from datetime import date
from pathlib import Path

from kg.curating.drafts.curation_folders import CurationFolders
from kg.curating.drafts.propose import Proposal

BASE = Path(__file__).parents[2] / "records"
TELEGRAM = "1900-03-04-gamma-9"
BODY = f"telegram/{TELEGRAM}/body-1"
DAY, NEXT = date(1900, 5, 6), date(1900, 5, 7)
HEAD = "No. 9, Ann to Ben, 4 March 1900"
FIRST = "Ben told me that he is against the new border. I did not see Ann."
SECOND = "It seems that Ann will travel to Alpha."
TEXT = f"{HEAD}\n{FIRST}\n{SECOND}\n"

POSITION = """\
ben-against:   # a comment
  type: Position
  content: Ben is against the border.
  heldBy: actor:ben
  opposes: issue:border
  topics: topic:border-question
  basis: conversation
  certainty: certain
  evidence:
  - in: passage/body-1
    quote: he is against the new border
"""
PREDICTION = """\
ann-travels:
  type: Prediction
  content: Ann will go to Alpha.
  heldBy: actor:ann
  topics: topic:border-question
  basis: opinion
  hedge: It seems
  certainty: certain
  evidence: [{in: passage/body-2, quote: It seems that Ann will travel}]
"""
UNLOCATED = POSITION.replace("he is against", "he was against")


def collection(folder: Path) -> CurationFolders:
    """Write the collection into an empty folder."""
    shutil.copytree(BASE, folder / "records")
    own = folder / "records" / "telegram" / TELEGRAM
    own.mkdir()
    (folder / "texts").mkdir()
    (folder / "texts" / "gamma.txt").write_text(TEXT, encoding="utf-8", newline="")
    (own / "index.yaml").write_text(
        "type: Telegram\nlabel: {en: telegram 9 from Gamma}\nholding: held\ndepth: statements\n"
    )
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    (own / "rendering.yaml").write_text(
        f"sheet:\n  type: Rendering\n  label: {{en: a sheet}}\n  renders: telegram:{TELEGRAM}\n"
        f"  textHash: {digest}\n  textLength: {len(TEXT)}\n"
    )
    places = [("header-1", "header", HEAD), ("body-1", "writer", FIRST), ("body-2", "writer", SECOND)]
    (own / "passage.yaml").write_text("".join(passage(*place) for place in places))
    (own / "header.yaml").write_text(header())
    (own / "curation.yaml").write_text(
        "catalogue:\n  type: Curation\n  curatedBy: Dora\n  curatedOn: 1900-05-01\n  curates: rendering/sheet\n"
    )
    (folder / "drafts").mkdir()
    return CurationFolders.of(folder / "records", folder / "drafts", folder / "texts")


def header() -> str:
    """Return the records of the head, which somebody has written before."""
    day = "earliest: 1900-03-04T00:00:00Z, latest: 1900-03-04T23:59:59Z, precision: day, dateBasis: stated, zone: stated"
    number = "inSeries: series:alpha-out, from: 9, to: 9"
    about = f"about: telegram:{TELEGRAM}"
    return "".join(
        f"{key}: {{{keys}, certainty: certain, evidence: [{{in: passage/header-1, quote: {quote}, "
        f"start: {TEXT.index(quote)}, end: {TEXT.index(quote) + len(quote)}}}]}}\n"
        for key, keys, quote in (
            (
                "number",
                f"type: DocumentNumber, numberOf: telegram:{TELEGRAM}, {number}, asWritten: No. 9",
                "No. 9",
            ),
            ("name-ann", "type: Naming, names: actor:ann, asWritten: Ann", "Ann"),
            ("sender", f"type: Fact, {about}, property: sender, value: actor:ann", "Ann"),
            ("addressee", f"type: Fact, {about}, property: addressee, value: actor:ben", "Ben"),
            (
                "date",
                f"type: TimeExtent, {about}, property: when, asWritten: 4 March 1900, {day}",
                "4 March 1900",
            ),
        )
    )


def passage(name: str, voice: str, words: str) -> str:
    start = TEXT.index(words)
    return (
        f"{name}:\n  type: Passage\n  passageOf: rendering/sheet\n  renders: telegram:{TELEGRAM}\n"
        f"  voice: {voice}\n  ordinal: {name[-1]}\n  start: {start}\n  end: {start + len(words)}\n"
        "  spokenBy: actor:ann\n"
    )


def proposal(
    text: str = POSITION, draft: str = "eve", by: str = "Eve Example", file: str = f"{BODY}.yaml"
) -> Proposal:
    return Proposal(draft, by, file, text)


def all_files(folder: Path) -> dict[str, bytes]:
    """Return the content of each file below a folder."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
