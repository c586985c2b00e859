"""The errors that only a server has.

CablegraphError
├── RequestError                 the request is wrong before any query is looked at; names its problem
├── NotAcceptableError           no wanted format suits this kind of result
├── ServerFaultError             this side failed; the client did nothing wrong
└── (QueryError, ForbiddenError)
    ├── ServiceRefusedError      the query calls another service
    └── UpdateRefusedError       the query wants to write
"""

from __future__ import annotations

from kg.errors import CablegraphError, ForbiddenError


class RequestError(CablegraphError):
    """The request is wrong; `problem` is a name in `server.problems.PROBLEMS`."""

    def __init__(self, message: str, problem: str = "bad-request") -> None:
        super().__init__(message)
        self.problem = problem


class NotAcceptableError(CablegraphError):
    """The result is of a kind for which the client wants none of the formats there are."""

    def __init__(self, message: str, kind: str = "") -> None:
        super().__init__(message)
        self.kind = kind


class ServerFaultError(CablegraphError):
    """Something broke on this side."""


class ServiceRefusedError(ForbiddenError):
    """The query calls another endpoint with SERVICE (SPARQL 1.1 Federated Query)."""


class UpdateRefusedError(ForbiddenError):
    """The text is an update (SPARQL 1.1 Update) and not a query."""
