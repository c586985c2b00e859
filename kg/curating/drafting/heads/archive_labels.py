"""What an archive's page says of a document: its citation, labels with values, and shelf marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from kg.curating.drafting.finding.word_tables import WordTables, alternatives
from kg.curating.drafting.source.found import PROBABLE, Found, SourceText, trimmed

_CITATION = re.compile(
    r"\"(?P<title>[^\"\n]{8,500}?)[,.]?\"[,.]?\s*(?P<rest>[^\n]*?(?:Digital\s+Archive|Wilson\s+Center|CWIHP|National\s+Security\s+Archive)[^\n]*)"
)
_COLLECTION = re.compile(r"(?:Digital\s+Archive|Wilson\s+Center\s+Digital\s+Archive)\s*,\s*")
_ENDS = re.compile(
    r"\s*(?:,\s*(?:copy|courtesy)\b|[;.]\s*(?:copy|obtained|on file|translat|contributed|http)"
    r"|[;.,]?\s*(?:[Tt]ranslat(?:ed|ion)|Obtained|Contributed)\s|[;.]?\s*https?://|\s(?:Summary"
    r"|Credits|Original Language|Contents):|;|\.?\s*$|\.?\s*\n)"
)
_TRANSLATOR = re.compile(
    r"(?<![A-Za-z])(?i:translat(?:ed|ion)(?:\s+from\s+\w+)?(?:\s+for\s+[A-Z]+)?\s+by|translator:)\s+(?P<name>[^\n;(]{3,90})"
)
_URL = re.compile(r"https?://[^\s\"<>)\]]*?/document/(?P<id>[\w-]+)")
_ANY_URL = re.compile(r"https?://[^\s\"<>)\]]+[\w/]")
_SHELF = re.compile(
    r"(?<![A-Za-z])(?P<mark>(?:RGANI|RGASPI|AVP\s?RF|AVPRF|APRF|AP\s?RF|GARF|TsKhSD|TsAMO|РГАНИ|АВП\s?РФ|АП\s?РФ|ГАРФ|РГАСПИ)[.,]?\s*(?:F|Fond|Ф|фонд)\b[.,]?\s*[\w-]+(?:[.,;]\s*(?:Op|Opis|P|Papka|Por|D|Delo|Pap|L{1,2}|List|Listy|Оп|П|Д|Л{1,2}|Пор)\b\.?\s*[\d\w]+(?:\s?[-,]\s?\d+)*)*)"
)
_SUPPORTED = re.compile(
    r"^[ ]*This document was made possible with (?:the )?support (?:from|of) (?P<by>.+)$", re.M
)
_SOURCE = re.compile(r"^\s*(?:\d{1,2}\.?\s+)?\[?(?:Source|Quelle|Fuente|Источник)\s*:\s*", re.MULTILINE)


@dataclass(frozen=True)
class ArchivePage:
    """The values that the page gives, by member, and the spans of its own words."""

    values: Mapping[str, Found]
    spans: tuple[tuple[int, int], ...] = ()
    citation_title: Found | None = None
    source_note: tuple[int, int] | None = None
    credits: tuple[int, int] | None = None
    after_citation: int = 0
    marks: tuple[int, int] | None = None
    labels: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class LabelReader:
    """Reads the labels of archives' pages."""

    tables: WordTables

    @cached_property
    def _inline(self) -> re.Pattern[str]:
        return re.compile(
            r"(?<![\w\"])(?P<label>Citation|Summary|Credits|Original Language|Contents|Source"
            r"|Provenance)\s*:\s*"
        )

    @cached_property
    def _on_line(self) -> re.Pattern[str]:
        words = alternatives(self.tables["forms"]["labels"])
        return re.compile(rf"^[ ]*(?P<label>{words})[ ]*:?[ ]*$", re.IGNORECASE | re.MULTILINE)

    def read(self, source: SourceText) -> ArchivePage:
        """Return what the page says."""
        plain = source.plain
        labels = dict(self._labels(plain))
        values: dict[str, Found] = {}
        title, spans, after = None, [span for _, span in sorted(labels.items())], 0
        citation = _CITATION.search(plain)
        if citation:
            title = source.found(*citation.span("title"))
            values |= self._of_citation(source, citation)
            end = self._end(plain, citation)
            spans.append((citation.start(), end))
            after = self._after(plain, end, labels)
        values |= self._outside_citation(source, values, labels)
        note = _SOURCE.search(plain)
        note_span = (note.end(), _line_end(plain, note.end())) if note and "source" not in labels else None
        if note_span and "archive" not in values:
            values |= archive_of_note(source, *note_span)
        return ArchivePage(
            values,
            tuple(spans),
            title,
            note_span,
            labels.get("credits") or next((m.span("by") for m in _SUPPORTED.finditer(plain)), None),
            after,
            labels.get("original classification"),
            labels,
        )

    def _labels(self, plain: str) -> Iterator[tuple[str, tuple[int, int]]]:
        """Yield each label with the span of its value."""
        found = sorted(
            [*self._inline.finditer(plain), *self._on_line.finditer(plain)], key=lambda match: match.start()
        )
        for n, match in enumerate(found):
            label = " ".join(match.group("label").lower().split())
            end = found[n + 1].start() if n + 1 < len(found) else len(plain)
            if label in (
                "contents",
                "original language",
                "language",
                "source",
                "type",
                "record id",
                "original classification",
                "original uploaded date",
            ):
                end = min(end, self._short_value(plain, match.end(), label))
            elif n + 1 == len(found) or label in ("citation", "summary", "credits"):
                end = min(end, _line_end(plain, _skip(plain, match.end())))
            if end > match.end() and (
                label != "source" or not match.group().rstrip().endswith(":") or match.start() == 0
            ):
                yield label, trimmed(plain, match.end(), end)

    def _short_value(self, plain: str, start: int, label: str) -> int:
        """Return the end of a value of one line, or of a few words where the page stands in one line."""
        start = _skip(plain, start, 3 if label in ("record id", "original classification", "type") else 9)
        few = re.compile(
            r"(?:English|Russian|Spanish|German|Chinese|Portuguese|Polish|Czech|Original|Translation"
            r"|Transcript|Scan|Text|[-,/ ])+(?=[A-Z]|\s|$)"
        ).match(plain, start)
        line_end = _line_end(plain, start)
        return (
            few.end()
            if label in ("contents", "original language") and few and few.end() < line_end
            else line_end
        )

    def _end(self, plain: str, citation: re.Match[str]) -> int:
        """Return where a citation ends: before the next label, or with its address, or with its line."""
        label = self._inline.search(plain, citation.start("rest"), citation.end())
        address = _ANY_URL.search(plain, citation.start("rest"), citation.end())
        ends = [label.start() if label else citation.end(), address.end() if address else citation.end()]
        return min(ends)

    def _after(self, plain: str, end: int, labels: Mapping[str, tuple[int, int]]) -> int:
        """Return where the citation and the labels that follow it end, if they stand before the text."""
        last = max(
            [
                end if not labels else 0,
                *(
                    high
                    for label, (low, high) in labels.items()
                    if label in ("citation", "summary", "credits", "contents", "original language")
                ),
            ],
            default=end,
        )
        last = max(last, end) if not labels else last
        return last if len(plain) - last > 40 else 0

    def _of_citation(self, source: SourceText, citation: re.Match[str]) -> dict[str, Found]:
        plain, values = source.plain, {}
        place = _COLLECTION.search(plain, citation.start("rest"), citation.end())
        if place:
            end = _ENDS.search(plain, place.end(), _line_end(plain, citation.end()))
            low, high = trimmed(plain, place.end(), end.start() if end else citation.end(), " \n.,;")
            if 2 < high - low < 250 and not re.match(
                r"(?:[Tt]ranslat|http|Cold War|Record)", plain[low:high]
            ):
                values["archive"] = source.found(low, high)
        return values

    def _outside_citation(
        self, source: SourceText, known: Mapping[str, Found], labels: Mapping[str, tuple[int, int]]
    ) -> dict[str, Found]:
        """Return translator, record, shelf mark and provenance, wherever they stand."""
        plain, values = source.plain, dict[str, Found]()
        translator = _TRANSLATOR.search(plain)
        if translator:
            values["translator"] = _translator(source, *translator.span("name"))
        url = _URL.search(plain)
        if url:
            values["record_url"], values["record_id"] = (
                source.found(*url.span()),
                source.found(*url.span("id")),
            )
        identified = labels.get("record id")
        if identified and re.fullmatch(r"\d{3,9}", plain[slice(*identified)]):
            values["record_id"] = source.found(*identified)
        shelf = _SHELF.search(plain)
        if shelf and "archive" not in known:
            values["archive"] = source.found(*trimmed(plain, *shelf.span("mark"), " .,;"))
        given = labels.get("source") or labels.get("provenance")
        if given and "archive" not in {*known, *values}:
            low, high = given
            end = re.search(
                r"[;.]\s*(?:copy|obtained|translat|contributed)|,\s*(?:copy|courtesy)|\.\s*$|;",
                plain[low:high],
                re.IGNORECASE,
            )
            high = low + end.start() if end else high
            if 2 < high - low < 250 and not re.match(r"(?:obtained|translat|donat)", plain[low:high], re.I):
                values["archive"] = source.found(low, high)
        return values


def archive_of_note(source: SourceText, low: int, high: int) -> dict[str, Found]:
    """Return the archive that a source note names, up to its first sentence end that is none of a number."""
    end = re.search(r"\.(?=\s+(?:[A-Z]|No\s)|\s*$)|;|\s+\(?(?:copy|obtained)\s", source.plain[low:high])
    low, high = trimmed(source.plain, low, low + end.start() if end else high, " \n.")
    if high - low < 4 or not re.search(r"[,/]|Archive|Library|Department|File", source.plain[low:high]):
        return {}
    return {"archive": source.found(low, high)}


def _translator(source: SourceText, low: int, high: int) -> Found:
    """Return the name of a translator without what follows it."""
    text = source.plain[low:high]
    end = re.search(
        (
            r"(?<![ .][A-Z])\.(?=\s*(?:$|http|[A-Z][a-z]{2,}|\]))|\s+(?:of|for|from|at|on|in|with"
            r"|http\S*)\b|\s*[,;(\]\"]|\s(?:Summary|Credits|Original|Contents):"
        ),
        text,
    )
    certainty = PROBABLE if end and end.group().strip() in ("of", "for") else "certain"
    return source.found(*trimmed(source.plain, low, low + end.start() if end else high, " .,"), certainty)


def _line_end(plain: str, start: int) -> int:
    end = plain.find("\n", start)
    return len(plain) if end < 0 else end


def _skip(plain: str, start: int, most: int = 9) -> int:
    """Return the place of the next character that is no white space, over at most so many line ends."""
    match = re.compile(rf"(?:[ ]*\n){{0,{most}}}[ ]*").match(plain, start)
    return match.end() if match else start
