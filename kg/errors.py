"""The exceptions of cablegraph, findings, and the wording of "did you mean …?".

CablegraphError
├── DataError            records, ontology, shapes or queries are wrong; carries all findings
│   └── ContradictionError   two statements exclude each other
├── ReleaseError         a release of the data cannot be made, or its folder does not match its checksums
├── NoDocumentError      a page is no document, so that nothing is drafted from it
├── TextError            a user's copy of a text is missing or does not have the expected hash
├── QueryError           a query cannot be answered as it is
│   ├── QuerySyntaxError     the query is not SPARQL; has line and column
│   ├── ForbiddenError       an update or a SERVICE call: the graph is read-only and calls no service
│   ├── TimeLimitError       the query took longer than its time limit
│   ├── MemoryLimitError     the query needed more memory than its limit
│   ├── SizeLimitError       the answer is larger than its limit
│   └── BusyError            no worker became free in time
├── ParameterError       a parameter of a saved query is unknown or its value is not valid
├── IdentifierError      a text is not a catalogue identifier, or fits several catalogues
└── UnknownNameError     there is no such name; suggests similar ones

Every message says where, what, and what to write instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

# The similarity (0 to 1) from which a name is suggested: nom and name have 0.57, writer and wishes 0.5.
ALIKE = 0.55
# The number of names that a message lists when none is similar; the graph has thousands.
_SHOWN = 50


def near(name: str, known: Iterable[str], most: int = 3, alike: float = ALIKE) -> list[str]:
    """Return at most `most` of the `known` names that are spelt like `name`, the most similar first."""
    return get_close_matches(name, list(known), n=most, cutoff=alike)


def did_you_mean(names: Iterable[str]) -> str:
    """Return the question `did you mean a or b?`; an empty text if there are no names."""
    choices = " or ".join(names)
    return f"did you mean {choices}?" if choices else ""


def there_are(names: Iterable[str], most: int = _SHOWN) -> str:
    """Return `there are: a, b`, with at most `most` names and then their number; an empty text for none."""
    known = list(names)
    more = f" … ({len(known)} in all)" if len(known) > most else ""
    return f"there are: {', '.join(known[:most])}{more}" if known else ""


def unknown(kind: str, name: str, known: Sequence[str]) -> str:
    """Return the message that there is no `kind` called `name`, with similar names or else all names."""
    instead = did_you_mean(near(name, known)) or there_are(known)
    return "; ".join(filter(None, (f"there is no {kind} {name!r}", instead)))


class CablegraphError(Exception):
    """The base class of all errors that cablegraph raises on purpose."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One problem at one line of one file, or of a whole file.

    `line` counts from 1; 0 stands for the whole file.
    `severity` is "violation", "warning" or "info" (SHACL section 3.6.2.3).
    """

    file: str
    line: int
    message: str
    severity: str = "violation"

    def __str__(self) -> str:
        """Return `file:line: message`, with the severity where it is not a violation."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        label = "" if self.severity == "violation" else f"{self.severity}: "
        return f"{place}: {label}{self.message}"


class DataError(CablegraphError):
    """Records, ontology, shapes or queries are wrong; `findings` holds every finding, sorted."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: Sequence[Finding] = tuple(sorted(findings))
        super().__init__("\n".join(map(str, self.findings)))


class ContradictionError(DataError):
    """Two statements exclude each other, for example absent and present at one event."""


class ReleaseError(CablegraphError):
    """A release of the data cannot be made, or a release folder does not match its checksums."""


class TextError(CablegraphError):
    """A user's copy of a text is missing, unreadable or does not have the expected hash."""


class NoDocumentError(CablegraphError):
    """A page is no document, but a list, an error or front matter: nothing is drafted from it."""


class QueryError(CablegraphError):
    """A query cannot be answered as it is."""


class QuerySyntaxError(QueryError):
    """The query is not SPARQL 1.1; `line` and `column` count from 1, 0 where unknown."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.line, self.column = line, column


class ForbiddenError(QueryError):
    """The query is an update or calls another service."""


class TimeLimitError(QueryError):
    """The query took longer than its time limit."""


class MemoryLimitError(QueryError):
    """The query needed more memory than its limit."""


class SizeLimitError(QueryError):
    """The answer is larger than its limit."""


class BusyError(QueryError):
    """No worker became free in time; `retry_after` is in seconds."""

    def __init__(self, message: str, retry_after: int = 1) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ParameterError(CablegraphError):
    """A parameter of a saved query is unknown, or its value is not valid.

    `parameter` is its name; `allowed` lists what may be written instead, the most similar first.
    """

    def __init__(self, message: str, parameter: str, allowed: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.parameter, self.allowed = parameter, tuple(allowed)


class IdentifierError(CablegraphError):
    """A text is not a catalogue identifier, or fits several catalogues; `allowed` lists valid forms."""

    def __init__(self, message: str, allowed: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.allowed = tuple(allowed)


class UnknownNameError(CablegraphError):
    """There is no such name; `near` holds similar ones.

    They are the names `meant`, if there are any, and otherwise those of `known` that are spelt like it.
    """

    def __init__(self, kind: str, name: str, known: Iterable[str], meant: Sequence[str] = ()) -> None:
        names = sorted(known)
        message = f"there is no {kind} {name!r}; {did_you_mean(meant)}"
        super().__init__(message if meant else unknown(kind, name, names))
        self.name, self.near = name, tuple(meant or near(name, names))
