"""The errors that only a server has; `problem` is the name of what is told of one, in `problems.PROBLEMS`.

CablegraphError
├── RequestError                 the request is wrong before any query is looked at; names its problem
│   ├── UnknownThingError             nothing has this name; offers near ones
│   │   └── UnlinkedError                  an identifier of another catalogue leads to nothing here
│   └── RetiredThingError             this name is retired; knows its successors
├── RateLimitError               the client has sent too many requests
├── ReleaseNotReadyError         the files to download are still being made
├── ReleaseFailedError           they cannot be made at present
├── ServiceFailedError           another service did not answer as it should
├── ServiceCallsError            other services are to be asked first; never leaves the server
├── NotAcceptableError           no wanted format suits this kind of result
├── ServerFaultError             this side failed; the client did nothing wrong
│   ├── LostProcessError             a process was killed from outside, and can be replaced
│   └── AbandonedError               so many were killed that nobody is left to replace them
└── (QueryError, ForbiddenError)
    ├── ServiceRefusedError      the query calls another service
    └── UpdateRefusedError       the query wants to write
"""

from __future__ import annotations

from collections.abc import Iterable

from kg.errors import CablegraphError, ForbiddenError, did_you_mean


class RequestError(CablegraphError):
    """The request is wrong."""

    def __init__(self, message: str, problem: str = "bad-request") -> None:
        super().__init__(message)
        self.problem = problem


def _question(iris: Iterable[str]) -> str:
    """Return whether one of `iris` was meant, as a sentence to append; an empty text if there are none."""
    question = did_you_mean(f"<{iri}>" for iri in iris)
    return f" {question[0].upper()}{question[1:]}" if question else ""


class UnknownThingError(RequestError):
    """The graph has nothing called `iri`; `near` are the names that come close to it."""

    def __init__(self, iri: str, near: tuple[str, ...] = ()) -> None:
        super().__init__(f"There is nothing called <{iri}> here.{_question(near)}", "not-found")
        self.iri, self.near = iri, near


class UnlinkedError(UnknownThingError):
    """An identifier of another catalogue leads to nothing here; `near` are addresses of others that do."""

    def __init__(self, reason: str, address: str, near: tuple[str, ...] = ()) -> None:
        super().__init__(address, near)
        self.args = (reason + _question(near),)


class RetiredThingError(RequestError):
    """The name `iri` is no longer in use; `successors` have taken its place."""

    def __init__(self, iri: str, successors: tuple[str, ...] = ()) -> None:
        now = " and ".join(f"<{name}>" for name in successors)
        hint = f"it is now {now}." if now else "nothing has taken its place."
        super().__init__(f"The name <{iri}> is retired: {hint}", "gone")
        self.iri, self.successors = iri, successors


class NotAcceptableError(CablegraphError):
    """The result is of a kind for which the client wants none of the formats there are."""

    problem = "not-acceptable"

    def __init__(self, message: str, kind: str = "") -> None:
        super().__init__(message)
        self.kind = kind


class ServerFaultError(CablegraphError):
    """Something broke on this side."""


class LostProcessError(ServerFaultError):
    """A process of the service was killed from outside; another can take its place."""


class AbandonedError(ServerFaultError):
    """So many processes were killed that nobody is left to replace them."""


class ServiceRefusedError(ForbiddenError):
    """The query calls another endpoint with SERVICE (SPARQL 1.1 Federated Query)."""

    problem = "service-not-allowed"


class ServiceCallsError(CablegraphError):
    """The query has to be asked again with what other services answer to `calls` in place of them.

    Each is a `federation.Call` as a tuple, or as a list on its way between processes.
    """

    def __init__(self, message: str, calls: list[tuple[int, int, str, bool, str]]) -> None:
        super().__init__(message)
        self.calls = calls


class ServiceFailedError(CablegraphError):
    """Another service did not answer as it should."""

    problem = "service-failed"


class RateLimitError(CablegraphError):
    """The client has sent too many requests; `retry_after` is in seconds."""

    problem = "too-many-requests"

    def __init__(self, retry_after: int) -> None:
        super().__init__("You have sent more requests in a minute than this service allows to one client.")
        self.retry_after = retry_after


class ReleaseNotReadyError(CablegraphError):
    """A release, or what changed since one, is being made; `retry_after` is in seconds."""

    problem = "release-not-ready"

    def __init__(self, retry_after: int = 5) -> None:
        super().__init__("These files are being made; ask again in some seconds.")
        self.retry_after = retry_after


class ReleaseFailedError(CablegraphError):
    """A release, or what changed since one, cannot be made; `retry_after` is in seconds."""

    problem = "release-failed"

    def __init__(self, retry_after: int = 60) -> None:
        super().__init__(
            "These files could not be made; the log of the service has the reason. "
            "Releases that are there already are not affected."
        )
        self.retry_after = retry_after


class UpdateRefusedError(ForbiddenError):
    """The text is an update (SPARQL 1.1 Update) and not a query."""

    problem = "read-only"
