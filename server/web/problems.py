"""Problem documents (RFC 9457): the table of all problem types, and the document of an error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from werkzeug.exceptions import HTTPException

from kg.errors import (
    BusyError,
    CablegraphError,
    MemoryLimitError,
    ParameterError,
    QuerySyntaxError,
    SizeLimitError,
    TimeLimitError,
)
from kg.namespaces import BASE
from server.web.formats import OFFERS
from server.web.http_errors import (
    NotAcceptableError,
    RateLimitError,
    ReleaseFailedError,
    ReleaseNotReadyError,
    RetiredThingError,
    UnknownThingError,
)

TYPES = BASE + "problems/"
MEDIA_TYPES = ("application/problem+json", "application/json", "text/plain", "text/html")


_BY_ERROR: Mapping[type[Exception], str] = MappingProxyType(
    {
        QuerySyntaxError: "query-syntax",
        ParameterError: "wrong-parameter",
        TimeLimitError: "query-timeout",
        MemoryLimitError: "query-memory",
        SizeLimitError: "result-too-large",
        BusyError: "busy",
    }
)
_KEPT_HEADERS = frozenset({"Allow", "Content-Range"})  # of an HTTPException, sent with its document
_FAULT = "internal-error"
_FAULT_DETAIL = "The request was not at fault; the log has the reason."


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem type: its HTTP status, its title, and what to know about it."""

    status: int
    title: str
    about: str


PROBLEMS: Mapping[str, Problem] = MappingProxyType(
    {
        "bad-request": Problem(
            400,
            "The request is wrong",
            "A request carries exactly one query, as the parameter “query” or as a body of the type "
            "application/sparql-query, in UTF-8. Graphs are named by absolute IRIs.",
        ),
        "query-syntax": Problem(
            400,
            "The query is not SPARQL",
            "The text cannot be read as a query of SPARQL 1.1. “line” and “column” tell where the parser "
            "stopped, both counted from 1; the mistake is there or shortly before. A prefix must be declared "
            "before it is used, unless the page of the form lists it.",
        ),
        "wrong-parameter": Problem(
            400,
            "A parameter is wrong",
            "A saved query takes the parameters that its page lists, each once. The member “parameter” "
            "names the wrong one; “allowed” lists the values that it may have.",
        ),
        "read-only": Problem(
            403,
            "The graph is read-only",
            "This service answers queries only. It accepts no SPARQL Update.",
        ),
        "service-not-allowed": Problem(
            403,
            "SERVICE is not allowed",
            "This service calls no other service, with or without SILENT, except those that its operator "
            "allows by their exact addresses. Query both and join the answers yourself, or query the "
            "other endpoint and call this one with SERVICE.",
        ),
        "not-found": Problem(404, "There is nothing at this address", "Start again from the first page."),
        "method-not-allowed": Problem(
            405, "This address does not support this method", "The header Allow lists those that it supports."
        ),
        "not-acceptable": Problem(
            406,
            "No acceptable format",
            "SELECT gives a table, ASK a truth value, CONSTRUCT and DESCRIBE give a graph. The member "
            "“available” lists the formats of each. Choose one with the header Accept or with “?format=”.",
        ),
        "request-timeout": Problem(
            408,
            "The request did not arrive in time",
            "The member “limit” is how many seconds the body of a request may take.",
        ),
        "gone": Problem(
            410,
            "This IRI is retired",
            "The member “successors” lists the IRIs that replace it, if any.",
        ),
        "body-too-large": Problem(413, "The request is too large", "The member “limit” is in bytes."),
        "batch-too-large": Problem(
            413,
            "The batch is too large",
            "A batch of reconciliation queries, or of things to extend, has a largest size: “batchSize” in "
            "the manifest, or the number in the member “detail”. Send the rest in another request.",
        ),
        "uri-too-long": Problem(
            414,
            "The address is too long",
            "Send a long query by POST. The member “limit” is in bytes, for path and parameters together.",
        ),
        "range-not-satisfiable": Problem(
            416,
            "The range is outside the file",
            "The header Content-Range has the size of the file in bytes; the first byte is number 0.",
        ),
        "unsupported-media-type": Problem(
            415,
            "This media type is not supported",
            "Send a query as application/sparql-query or as application/x-www-form-urlencoded, in UTF-8.",
        ),
        # Not 503, which a later try may cure (RFC 9110 section 15.6.4), and not 413, which is about the size
        # of the request: the query is well-formed and cannot be processed as it is (section 15.5.21).
        "result-too-large": Problem(
            422,
            "The answer is too large",
            "The member “limit” is in bytes. The same query would fail again, since no answer is ever "
            "truncated: ask for less, or for parts with ORDER BY, LIMIT and OFFSET. Whole graphs are files "
            "for download; the member “dumps” has their address.",
        ),
        "too-many-requests": Problem(
            429,
            "Too many requests",
            "This service limits the requests of each client in a minute. The header Retry-After has the "
            "number of seconds to wait.",
        ),
        "headers-too-large": Problem(
            431,
            "The headers are too large",
            "The member “limit” is the largest size of the address and all headers together, in bytes.",
        ),
        "internal-error": Problem(
            500, "The server failed", "The request was not at fault. The log has its id."
        ),
        "service-failed": Problem(
            502,
            "The other service did not answer",
            "The query calls another service with SERVICE. Its answer was missing, wrong, late or too "
            "large. It gets the pattern in the braces as it is: narrow that with VALUES or LIMIT. With "
            "SILENT the query continues without its solutions.",
        ),
        "query-timeout": Problem(
            503,
            "The query took too long",
            "The member “limit” is the longest time in seconds. Sending the same query again will not help: "
            "join on fewer variables, name the graph or the class, or take a part with LIMIT in a subquery.",
        ),
        "query-memory": Problem(
            503,
            "The query needed too much memory",
            "The member “limit” is in bytes. Sort, group and collect less at once.",
        ),
        "release-not-ready": Problem(
            503,
            "The files are being made",
            "The files of new data are made at the first request for them, and so are the reports of what "
            "changed between two releases. The header Retry-After has the number of seconds to wait.",
        ),
        "release-failed": Problem(
            503,
            "The files could not be made",
            "The disk may be full, or the file of the graph was replaced without a reload. The log of the "
            "service has the reason. The header Retry-After has the number of seconds to wait.",
        ),
        "busy": Problem(
            503,
            "The service is busy",
            "All workers are busy. The header Retry-After has the number of seconds to wait.",
        ),
    }
)
# An HTTPException is the first problem with its status.
_BY_STATUS = {problem.status: name for name, problem in tuple(PROBLEMS.items())[::-1] if problem.status < 500}


def name_of(error: Exception) -> str:
    """Return the name of `error` in PROBLEMS; any other error is an internal one."""
    if isinstance(error, HTTPException):
        return _BY_STATUS.get(error.code or 500, _FAULT)
    return getattr(error, "problem", "") or _BY_ERROR.get(type(error), _FAULT)


def document(error: Exception, instance: str, limits: Mapping[str, float]) -> dict[str, Any]:
    """Return the problem document of `error` (RFC 9457 section 3).

    `instance` is a URI that identifies this occurrence; `limits` maps names of problems to the limit
    exceeded, in seconds or bytes.
    """
    name = name_of(error)
    problem = PROBLEMS[name]
    return {
        "type": TYPES + name,
        "title": problem.title,
        "status": problem.status,
        "detail": _detail(error, name),
        "instance": instance,
    } | _members(error, name, limits)


def headers(error: Exception) -> dict[str, str]:
    """Return the header fields that a response with the document of `error` has as well."""
    if isinstance(error, (BusyError, RateLimitError, ReleaseFailedError, ReleaseNotReadyError)):
        return {"Retry-After": str(error.retry_after)}
    if isinstance(error, HTTPException):
        return {name: value for name, value in error.get_headers() if name in _KEPT_HEADERS}
    return {}


def _detail(error: Exception, name: str) -> str:
    if name == _FAULT:
        return _FAULT_DETAIL
    return str(error) if isinstance(error, CablegraphError) else PROBLEMS[name].about


def _members(error: Exception, name: str, limits: Mapping[str, float]) -> dict[str, Any]:
    members: dict[str, Any] = {"limit": limits[name]} if name in limits else {}
    if isinstance(error, QuerySyntaxError):
        members |= {"line": error.line, "column": error.column}
    if isinstance(error, ParameterError):
        members |= {"parameter": error.parameter, "allowed": list(error.allowed)}
    if isinstance(error, NotAcceptableError):
        members["available"] = {kind: list(offers) for kind, offers in OFFERS.items()}
    if isinstance(error, UnknownThingError) and error.near:
        members["near"] = list(error.near)
    if isinstance(error, RetiredThingError):
        members["successors"] = list(error.successors)
    return members
