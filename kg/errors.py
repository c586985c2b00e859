"""The errors of cablegraph.

CablegraphError
├── DataError            records, ontology, shapes or queries are wrong; carries all findings
│   └── ContradictionError   two statements exclude each other
├── ReleaseError         a release of the data cannot be made, or is not what it says
├── TextError            a user's copy of a text is missing or is not the text that was hashed
├── QueryError           a query cannot be answered as it is
│   ├── QuerySyntaxError     not SPARQL; knows line and column
│   ├── ForbiddenError       an update, a SERVICE call: this graph is read-only and calls nobody
│   ├── TimeLimitError       took longer than its limit
│   ├── MemoryLimitError     needed more memory than its limit
│   ├── SizeLimitError       the answer is larger than its limit
│   └── BusyError            no worker became free in time
├── ParameterError       a parameter of a saved query is unknown or has no fitting value
├── IdentifierError      a text is no identifier of a catalogue, or one of several; offers forms
└── UnknownNameError     a name that a user gave does not exist; offers near ones

Every message says where, what, and what to write instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

# So alike, of 1, is what may have been meant: nom is 0.57 like name, and writer 0.5 like wishes.
ALIKE = 0.55
# So many names are shown when none is near; the graph has thousands.
_SHOWN = 50


def near(name: str, known: Iterable[str], most: int = 3, alike: float = ALIKE) -> list[str]:
    """Return at most `most` of `known` that are spelt like `name`, the nearest first."""
    return get_close_matches(name, list(known), n=most, cutoff=alike)


def did_you_mean(names: Iterable[str]) -> str:
    """Return the question `did you mean a or b?`; an empty text if there are no names."""
    some = " or ".join(names)
    return f"did you mean {some}?" if some else ""


def there_are(names: Iterable[str], most: int = _SHOWN) -> str:
    """Return `there are: a, b`, at most so many, and how many there are; an empty text if there are none."""
    known = list(names)
    more = f" … ({len(known)} in all)" if len(known) > most else ""
    return f"there are: {', '.join(known[:most])}{more}" if known else ""


def unknown(kind: str, name: str, known: Sequence[str]) -> str:
    """Return that there is no `kind` called `name`, and what to write instead: near names, else all."""
    instead = did_you_mean(near(name, known)) or there_are(known)
    return "; ".join(filter(None, (f"there is no {kind} {name!r}", instead)))


class CablegraphError(Exception):
    """Root of all errors that cablegraph raises on purpose."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that is wrong, or worth a look, at one line of one file.

    `line` counts from 1; 0 means that the file as a whole is meant.
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
    """Records, ontology, shapes or queries are wrong; `findings` holds every one of them."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: Sequence[Finding] = tuple(sorted(findings))
        super().__init__("\n".join(map(str, self.findings)))


class ContradictionError(DataError):
    """Two statements exclude each other, for example absent and present at one event."""


class ReleaseError(CablegraphError):
    """A release of the data cannot be made, or a folder does not hold the one that it says."""


class TextError(CablegraphError):
    """A text that a user points to is missing, unreadable or not the one that was hashed."""


class QueryError(CablegraphError):
    """A query cannot be answered as it is."""


class QuerySyntaxError(QueryError):
    """The query is not SPARQL 1.1; `line` and `column` count from 1, 0 where unknown."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.line, self.column = line, column


class ForbiddenError(QueryError):
    """The query wants to write or to call another service."""


class TimeLimitError(QueryError):
    """The query took longer than its limit."""


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
    """A parameter of a saved query is unknown, or its value is none that fits.

    `parameter` is its name, `allowed` what may be written instead, the nearest first.
    """

    def __init__(self, message: str, parameter: str, allowed: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.parameter, self.allowed = parameter, tuple(allowed)


class IdentifierError(CablegraphError):
    """A text is no identifier of a catalogue, or could be of several; `allowed` is what to write."""

    def __init__(self, message: str, allowed: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.allowed = tuple(allowed)


class UnknownNameError(CablegraphError):
    """A name that a user gave does not exist."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        super().__init__(unknown(kind, name, names))
        self.name, self.near = name, tuple(near(name, names))
