"""Places of quotes: the words of each passage in the user's copies, and missing bounds in record files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import yaml

from kg.checking.quotes import why_missing
from kg.errors import Finding
from kg.namespaces import CG, OA
from kg.reading.characters import nfc
from kg.store.sparql import rows

_PASSAGES = f"""
SELECT ?passage ?hash ?from ?to WHERE {{
  ?passage <{CG.passageOf}> ?rendering ; <{OA.start}> ?from ; <{OA.end}> ?to .
  ?rendering <{CG.textHash}> ?hash .
  FILTER (isNumeric(?from) && isNumeric(?to))
}}"""


@dataclass(frozen=True, slots=True)
class PassageText:
    """The text of a rendering, None where no file has it, and the bounds of one passage in it."""

    text: str | None
    start: int
    end: int

    @property
    def words(self) -> str | None:
        """Return the words of the passage; None where no file has the text."""
        return None if self.text is None else self.text[self.start : self.end]


def passages(store: ox.Store, texts: Mapping[str, str]) -> dict[str, PassageText]:
    """Return the passages of `store` by IRI; `texts` maps SHA-256 to text."""
    return {
        row["passage"].value: PassageText(
            texts.get(row["hash"].value), int(row["from"].value), int(row["to"].value)
        )
        for row in rows(store, _PASSAGES)
    }


def find(quote: str, passage: PassageText | None) -> tuple[int, int] | str:
    """Return start and end of the quote in the text, or the reason why they cannot be given."""
    if passage is None:
        return "`in` is not a passage of this telegram"
    if passage.text is None:
        return "no file has the textHash of the rendering of this passage; give its text with --texts"
    count = passage.text.count(quote, passage.start, passage.end)
    if not count:
        reason = why_missing(quote, passage.text, passage.start, passage.end)
        return f"the passage does not contain the quote; {reason}"
    if count > 1:
        return f"the passage contains the quote {count} times; quote words that it contains once"
    place = passage.text.index(quote, passage.start, passage.end)
    return place, place + len(quote)


def fill(path: Path, name: str, passages: Mapping[str, PassageText]) -> tuple[int, list[Finding]]:
    """Add the missing bounds to one record file; return how many, and findings for the other quotes.

    `passages` maps the values of `in`, such as `passage/body-7`. The file is written completely or not at
    all; every other character in it stays.
    """
    text = path.read_bytes().decode("utf-8")
    lines = text.split("\n")
    findings: list[Finding] = []
    added = 0
    for node in reversed(list(_anchors(text))):
        keys = {key.value: value for key, value in node.value}
        bounds = find(nfc(keys["quote"].value), passages.get(getattr(keys.get("in"), "value", "")))
        if isinstance(bounds, str):
            findings.append(Finding(name, node.start_mark.line + 1, bounds))
        elif node.flow_style:
            _fill_in_braces(lines, node, bounds)
        else:
            _fill_below(lines, node, bounds)
        added += not isinstance(bounds, str)
    if added:
        temporary = path.with_suffix(".tmp")
        temporary.write_bytes("\n".join(lines).encode())
        temporary.replace(path)
    return added, sorted(findings)


def _fill_in_braces(lines: list[str], node: yaml.MappingNode, bounds: tuple[int, int]) -> None:
    """Add the bounds before the closing brace of `{in: …, quote: …}`."""
    at, column = node.end_mark.line, node.end_mark.column - 1
    before, after = lines[at][:column], lines[at][column:]
    written = before.rstrip()
    comma = " " if written.endswith(",") else ", "
    lines[at] = f"{written}{comma}start: {bounds[0]}, end: {bounds[1]}{before[len(written) :]}{after}"


def _fill_below(lines: list[str], node: yaml.MappingNode, bounds: tuple[int, int]) -> None:
    """Add the bounds on lines of their own below the quote, as far to the right."""
    key, value = next((key, value) for key, value in node.value if key.value == "quote")
    at = value.end_mark.line + (value.end_mark.column > 0)
    end = "\r" if lines[0].endswith("\r") else ""
    indent = " " * key.start_mark.column
    added = [f"{indent}start: {bounds[0]}{end}", f"{indent}end: {bounds[1]}{end}"]
    if at == len(lines):  # the quote is the end of a file without a last line end
        lines[-1] += end
        added[-1] = added[-1].removesuffix(end)
    lines[at:at] = added


def _anchors(text: str) -> Iterator[yaml.MappingNode]:
    """Yield the anchors that have a quote but no `start`, in the order of the file."""
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    stack = [root] if root else []
    anchors = []
    while stack:
        node = stack.pop()
        if isinstance(node, yaml.SequenceNode):
            stack += node.value
        if isinstance(node, yaml.MappingNode):
            keys = {key.value for key, _ in node.value}
            if "quote" in keys and "start" not in keys:
                anchors.append(node)
            stack += [value for _, value in node.value]
    yield from sorted(anchors, key=lambda node: node.start_mark.index)
