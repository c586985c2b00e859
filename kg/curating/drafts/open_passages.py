"""Passages in the order of the text: their words, what is stated of them, which are still to read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg.checking.quote_places import PassageText
from kg.checking.texts import Sentence, split_sentences
from kg.curating.drafts import draft_reading
from kg.curating.drafts.curation_folders import CurationFolders
from kg.curating.drafts.draft_reading import DraftReading
from kg.errors import TextError, UnknownNameError
from kg.namespaces import CG
from kg.store.sparql import rows
from kg.terms import value

_PASSAGES = f"""SELECT ?passage ?voice ?speaker WHERE {{
  ?passage <{CG.passageOf}> [] ; <{CG.voice}> ?voice . OPTIONAL {{ ?passage <{CG.spokenBy}> ?speaker }} }}"""
_STATED = f"""SELECT DISTINCT ?passage ?statement WHERE {{
  ?statement <{CG.evidence}>|<{CG.basedOn}> ?anchor . ?anchor <{CG.inPassage}> ?passage
}} ORDER BY ?passage ?statement"""


@dataclass(frozen=True, slots=True)
class OpenPassage:
    """One passage: its path, voice and speaker, its words, those before it, and what is stated of it.

    The bounds of `sentences` count from the beginning of the text; `stated` has the paths of the statements
    in the records and in the draft.
    """

    passage: str
    voice: str
    speaker: str
    words: str
    before: str
    sentences: tuple[Sentence, ...]
    stated: tuple[str, ...]

    @property
    def telegram(self) -> str:
        """Return the name of the telegram that has the passage."""
        return self.passage.split("/")[1]

    @property
    def name(self) -> str:
        """Return how a record of the telegram names the passage, as in `passage/body-7`."""
        return self.passage.partition(f"{self.telegram}/")[2]


def passages(folders: CurationFolders, name: str = "", telegram: str = "") -> list[OpenPassage]:
    """Return the passages whose texts are there, those of one `telegram` or all, in the order of the texts.

    Raises UnknownNameError for a telegram without passages, and TextError if no text is there.
    """
    reading = draft_reading.read(folders, folders.started(name))
    found = reading.passages(folders.texts)
    telegrams = sorted({_telegram(reading, iri) for iri in found})
    if telegram and telegram not in telegrams:
        raise UnknownNameError("telegram with passages", telegram, telegrams)
    base = f"{reading.base}telegram/{telegram}/" if telegram else reading.base
    own = {iri: text for iri, text in found.items() if iri.startswith(base) and text.text is not None}
    if not own:
        raise TextError("there is no copy of a text to read; put one into the folder of the texts")
    return list(_passages(reading, own))


def unread(all_passages: list[OpenPassage], after: str = "") -> list[OpenPassage]:
    """Return the passages of which nothing is stated; those behind the passage with the path `after` only."""
    if after and after not in {passage.passage for passage in all_passages}:
        raise UnknownNameError("passage", after, [passage.passage for passage in all_passages])
    places = [passage.passage for passage in all_passages]
    first = places.index(after) + 1 if after else 0
    return [passage for passage in all_passages[first:] if not passage.stated]


def _passages(reading: DraftReading, texts: dict[str, PassageText]) -> Iterator[OpenPassage]:
    about = {value(row["passage"]): row for row in rows(reading.store, _PASSAGES)}
    stated: dict[str, list[str]] = {}
    for row in rows(reading.store, _STATED):
        stated.setdefault(value(row["passage"]), []).append(reading.path(value(row["statement"])))
    before = ("", "")
    in_order = sorted(
        texts.items(), key=lambda item: (_telegram(reading, item[0]), item[1].start, -item[1].end)
    )
    for iri, text in in_order:
        telegram = _telegram(reading, iri)
        words = text.words or ""
        row = about[iri]
        speaker = value(row["speaker"]) if row["speaker"] is not None else ""
        yield OpenPassage(
            passage=reading.path(iri),
            voice=value(row["voice"]).rpartition("/")[2],
            speaker=reading.path(speaker).replace("/", ":", 1),
            words=words,
            before=before[1] if before[0] == telegram else "",
            sentences=tuple(_moved(sentence, text.start) for sentence in split_sentences(words)),
            stated=tuple(stated.get(iri, ())),
        )
        before = (telegram, words)


def _telegram(reading: DraftReading, iri: str) -> str:
    return reading.path(iri).split("/")[1]


def _moved(sentence: Sentence, by: int) -> Sentence:
    return Sentence(sentence.start + by, sentence.end + by, sentence.text)
