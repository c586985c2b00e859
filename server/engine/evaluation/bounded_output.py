"""Output of answers within a size limit, and tables as the formats of SPARQL results have them."""

from __future__ import annotations

from typing import IO, cast

from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from kg.errors import SizeLimitError
from kg.reading.characters import not_in_xml
from server.web.formats import RESULTS
from server.web.http_errors import NotAcceptableError


class BoundedBuffer:
    """The output of a serialiser in memory; raises SizeLimitError beyond `limit` bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.collected = bytearray()

    def write(self, piece: bytes) -> int:
        """Add `piece` and return its length; the error also ends the evaluation behind the serialiser."""
        if len(self.collected) + len(piece) > self.limit:
            raise SizeLimitError(
                f"The answer is larger than {self.limit:,} bytes. Ask for less with LIMIT, fewer variables "
                "or a narrower pattern, or fetch it in parts with ORDER BY, LIMIT and OFFSET."
            )
        self.collected += piece
        return len(piece)

    def flush(self) -> None:
        """Do nothing; a serialiser expects a file, and everything is in memory."""


class PartBuffer(BoundedBuffer):
    """The output of a serialiser of SPARQL results in TSV, which has a line for each row: a part of the rows.

    It has the line with the columns, and at most `most` rows, or all, after the first `skip`. `total` is the
    number of rows that were written into it.
    """

    def __init__(self, limit: int, skip: int, most: int | None) -> None:
        super().__init__(limit)
        self._first, self._end = skip + 1, None if most is None else skip + 1 + most  # lines, counted from 0
        self._line = 0  # which is written now

    @property
    def total(self) -> int:
        """The number of all rows, when the last one was written."""
        return self._line - 1

    def write(self, piece: bytes) -> int:
        """Take a piece of the whole and return its length; raises as that of any output does."""
        if self._end is not None and self._line >= self._end:  # nothing of it is wanted
            self._line += piece.count(b"\n")
            return len(piece)
        *ended, begun = piece.split(b"\n")
        wanted = []
        for line in ended:
            wanted += [line, b"\n"] if self._wanted else []
            self._line += 1
        super().write(b"".join([*wanted, begun] if self._wanted else wanted))
        return len(piece)

    @property
    def _wanted(self) -> bool:
        return not self._line or (self._line >= self._first and (self._end is None or self._line < self._end))


def table(
    results: bytes,
    media_type: str,
    result_limit: int,
    written: QueryResultsFormat = QueryResultsFormat.JSON,
) -> bytes:
    """Return `results`, SPARQL results that are `written` in JSON, as `evaluate` writes them as `media_type`.

    Raises SizeLimitError and NotAcceptableError as it does.
    """
    solutions = parse_query_results(results, written)
    output = BoundedBuffer(result_limit)
    cast("QuerySolutions", solutions).serialize(cast("IO[bytes]", output), RESULTS[media_type])
    return finished(bytes(output.collected), media_type)


def finished(written: bytes, media_type: str) -> bytes:
    """Return a table that the engine wrote as `media_type`, as a client gets it.

    Raises NotAcceptableError if the format cannot hold one of its characters.
    """
    return _as_xml(written) if RESULTS[media_type] == QueryResultsFormat.XML else written


def _as_xml(written: bytes) -> bytes:
    """Return what the engine wrote as XML, with carriage returns that readers keep (XML 1.0 section 2.11).

    Raises NotAcceptableError if it has a character that XML cannot hold (section 2.2).
    """
    if character := not_in_xml(written.decode()):
        raise NotAcceptableError(
            f"XML cannot write the character {character} of this answer; ask for JSON.", "solutions"
        )
    return written.replace(b"\r", b"&#xD;")
