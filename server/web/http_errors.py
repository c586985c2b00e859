"""Exceptions of the service; the attribute `problem` is the name of one in `problem_types.PROBLEMS`.

CablegraphError
├── RequestError                 the request is wrong, whatever its query; names its problem
│   ├── UnknownThingError             there is nothing with this IRI; suggests near ones
│   │   └── UnlinkedError                  no thing here has this identifier of another catalogue
│   └── RetiredThingError             this IRI is retired; names its successors
├── RateLimitError               the client has sent too many requests
├── ReleaseNotReadyError         the files for download are still being made
├── ReleaseFailedError           the files for download cannot be made now
├── ServiceFailedError           another service gave no usable response
├── ServiceCallsError            other services must be called first; internal
├── StoreCallError               the store elsewhere must be asked first; internal
├── StoreFailedError             the store elsewhere gave no usable answer
├── StoreLateError               the store elsewhere could not be reached in time
├── NotAcceptableError           the client accepts no format of this kind of result
├── ServerFaultError             the server failed; the request was not at fault
│   ├── LostProcessError             a process was killed from outside; can be replaced
│   └── AbandonedError               so many were killed that none is left to replace them
└── (QueryError, ForbiddenError)
    ├── ServiceRefusedError      the query calls another service
    └── UpdateRefusedError       the text is an update
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kg.errors import CablegraphError, ForbiddenError, did_you_mean
from server.web.formats import Kind


class RequestError(CablegraphError):
    """The request is wrong; `problem` is the name of the problem in `problem_types.PROBLEMS`."""

    def __init__(self, message: str, problem: str = "bad-request") -> None:
        super().__init__(message)
        self.problem = problem


def _suggestion(iris: Iterable[str]) -> str:
    """Return the sentence `Did you mean …?` with `iris`, to append; an empty text if there are none."""
    text = did_you_mean(f"<{iri}>" for iri in iris)
    return f" {text[0].upper()}{text[1:]}" if text else ""


class UnknownThingError(RequestError):
    """There is nothing called `iri` in the graph; `near` are similar IRIs that are there."""

    def __init__(self, iri: str, near: tuple[str, ...] = ()) -> None:
        super().__init__(f"There is nothing called <{iri}> here.{_suggestion(near)}", "not-found")
        self.iri, self.near = iri, near


class UnlinkedError(UnknownThingError):
    """No thing has this identifier of another catalogue; `near` are addresses of identifiers in use."""

    def __init__(self, reason: str, address: str, near: tuple[str, ...] = ()) -> None:
        super().__init__(address, near)
        self.args = (reason + _suggestion(near),)


class RetiredThingError(RequestError):
    """The IRI `iri` is no longer in use; `successors` are the IRIs that replace it."""

    def __init__(self, iri: str, successors: tuple[str, ...] = ()) -> None:
        now = " and ".join(f"<{name}>" for name in successors)
        hint = f"use {now}." if now else "nothing replaces it."
        super().__init__(f"<{iri}> is retired; {hint}", "gone")
        self.iri, self.successors = iri, successors


class NotAcceptableError(CablegraphError):
    """The client accepts none of the formats in which a result of this kind can be written."""

    problem = "not-acceptable"

    def __init__(self, message: str, kind: str = "") -> None:
        super().__init__(message)
        self.kind = kind


class ServerFaultError(CablegraphError):
    """The server failed; the request was not at fault."""


class LostProcessError(ServerFaultError):
    """A process of the service was killed from outside; another can take its place."""


class AbandonedError(ServerFaultError):
    """So many processes were killed that none is left to replace them."""


class ServiceRefusedError(ForbiddenError):
    """The query calls another endpoint with SERVICE (SPARQL 1.1 Federated Query)."""

    problem = "service-not-allowed"


class ServiceCallsError(CablegraphError):
    """The query must be sent again, with the solutions of other services in place of its `calls`.

    Each is a `federation.Call` as a tuple, or as a list on its way between processes.
    """

    def __init__(self, message: str, calls: list[tuple[int, int, str, bool, str]]) -> None:
        super().__init__(message)
        self.calls = calls


class ServiceFailedError(CablegraphError):
    """Another service gave no usable response."""

    problem = "service-failed"


class StoreCallError(CablegraphError):
    """The request must be sent again, with what the store elsewhere answers to `form` among its `fetched`.

    `form` has the fields and values of a query by POST (SPARQL 1.1 Protocol section 2.1.2), as pairs; `kind`
    is that of its result, `key` that of the answer.
    """

    def __init__(self, message: str, key: str, form: Sequence[Sequence[str]], kind: Kind) -> None:
        super().__init__(message)
        self.key, self.form, self.kind = key, form, kind


class StoreFailedError(CablegraphError):
    """The store elsewhere gave no usable answer; the message does not say where it is."""

    problem = "store-failed"


class StoreLateError(CablegraphError):
    """The store elsewhere could not be reached in time."""

    problem = "store-late"


class RateLimitError(CablegraphError):
    """The client has sent too many requests; `retry_after` is in seconds."""

    problem = "too-many-requests"

    def __init__(self, retry_after: int) -> None:
        super().__init__("You have sent more requests in a minute than this service allows one client.")
        self.retry_after = retry_after


class ReleaseNotReadyError(CablegraphError):
    """The files of a release, or a report of changes, are being made; `retry_after` is in seconds."""

    problem = "release-not-ready"

    def __init__(self, retry_after: int = 5) -> None:
        super().__init__("These files are being made; try again in a few seconds.")
        self.retry_after = retry_after


class ReleaseFailedError(CablegraphError):
    """The files of a release, or a report of changes, cannot be made; `retry_after` is in seconds."""

    problem = "release-failed"

    def __init__(self, retry_after: int = 60) -> None:
        super().__init__(
            "These files could not be made; the log of the service has the reason. "
            "Earlier releases are not affected."
        )
        self.retry_after = retry_after


class UpdateRefusedError(ForbiddenError):
    """The text is an update (SPARQL 1.1 Update) and not a query."""

    problem = "read-only"
