"""What the depth of a document promises of its text: a passage, or quoted words, for each sentence.

A catalogue entry promises the head; mentions promise that all of the text stands in passages; statements
promise a record for each sentence. Nothing is asked beyond what a depth promises.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.checking.texts import Sentence, split_sentences
from kg.namespaces import CG, ID, OA
from kg.store.sparql import rows

CATALOGUE, MENTIONS, STATEMENTS = (f"{ID}depth/{name}" for name in ("catalogue", "mentions", "statements"))
Span = tuple[int, int]

_TEXTS = f"""
SELECT ?rendering ?hash ?depth WHERE {{
  ?rendering <{CG.textHash}> ?hash . OPTIONAL {{ ?rendering <{CG.renders}>/<{CG.depth}> ?depth }}
}} ORDER BY ?rendering"""
_PASSAGES = f"""
SELECT ?rendering ?voice ?from ?to WHERE {{
  ?passage <{CG.passageOf}> ?rendering ; <{OA.start}> ?from ; <{OA.end}> ?to .
  OPTIONAL {{ ?passage <{CG.voice}> ?voice }} FILTER (isNumeric(?from) && isNumeric(?to))
}} ORDER BY ?rendering ?from ?to"""
_DEPTHS = f"SELECT ?depth (COUNT(*) AS ?n) WHERE {{ [] <{CG.depth}> ?depth }} GROUP BY ?depth ORDER BY ?depth"


@dataclass
class Text:
    """The text of a rendering by its SHA-256, the depth of its document, and its passages, the head apart."""

    digest: str
    depth: str
    passages: list[Span] = field(default_factory=list)
    head: list[Span] = field(default_factory=list)


def texts(store: ox.Store) -> dict[str, Text]:
    """Return the text of each rendering of `store`, by its IRI; one without a depth as statements."""
    found = {
        row["rendering"].value: Text(row["hash"].value, row["depth"].value if row["depth"] else STATEMENTS)
        for row in rows(store, _TEXTS)
    }
    for row in rows(store, _PASSAGES):
        text = found.get(row["rendering"].value)
        if text:
            span = (int(row["from"].value), int(row["to"].value))
            text.passages.append(span)
            if row["voice"] and row["voice"].value == f"{ID}voice/header":
                text.head.append(span)
    return found


def depths(store: ox.Store) -> dict[str, int]:
    """Return how many documents are held at each depth, by its name."""
    return {row["depth"].value.rpartition("/")[2]: int(row["n"].value) for row in rows(store, _DEPTHS)}


def lacks(kept: Text, text: str, quoted: Sequence[Span]) -> Iterator[tuple[str, str]]:
    """Yield message and severity of each sentence, or all, that lack what the depth of `kept` promises."""
    sentences = split_sentences(text)
    if kept.depth == STATEMENTS:
        for sentence in without(sentences, quoted):
            yield f"no anchor in the sentence {_at(sentence)}; write a record or Furniture", "violation"
        return
    if kept.depth == MENTIONS:
        for sentence in without(sentences, kept.passages):
            yield f"no passage has the sentence {_at(sentence)}; write its passage and voice", "violation"
    head = [sentence for sentence in sentences if _touched(sentence, kept.head)]
    bare = without(head, quoted)
    if bare:
        first = _at(bare[0])
        yield f"{len(bare)} of {len(head)} lines of the head have no record, the first {first}", "warning"


def without(sentences: Iterable[Sentence], spans: Sequence[Span]) -> list[Sentence]:
    """Return the sentences that no span touches."""
    return [sentence for sentence in sentences if not _touched(sentence, spans)]


def _touched(sentence: Sentence, spans: Sequence[Span]) -> bool:
    return any(start < sentence.end and end > sentence.start for start, end in spans)


def _at(sentence: Sentence) -> str:
    return f"at {sentence.start}-{sentence.end}"
