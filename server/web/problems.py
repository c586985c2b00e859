"""Every error as a problem document (RFC 9457), with one table of all problems there are."""

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
_TOLD = frozenset({"Allow", "Content-Range"})  # headers of an HTTPException that go with its document
_FAULT = "internal-error"
_HIDDEN = "The request was not at fault; the log has the reason."


@dataclass(frozen=True, slots=True)
class Problem:
    """One kind of problem: its status, its title, and what to know about it."""

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
            "The text cannot be read as a query of SPARQL 1.1. “line” and “column” tell where the reader got "
            "stuck, both counted from 1; the mistake lies there or shortly before. A prefix must be declared "
            "before it is used.",
        ),
        "wrong-parameter": Problem(
            400,
            "A parameter is wrong",
            "A saved query takes the parameters that its page lists, each once. The member “parameter” "
            "names the one that is meant, “allowed” lists what may be written instead.",
        ),
        "read-only": Problem(
            403,
            "The graph is read-only",
            "This service only answers questions. It takes no SPARQL Update, as a parameter or as a body.",
        ),
        "service-not-allowed": Problem(
            403,
            "SERVICE is not allowed",
            "This service calls no other one, with SILENT or without, except those that its operator "
            "allows, by their exact addresses. Ask both and join the answers yourself, or ask from the "
            "other endpoint with SERVICE and the address of this one.",
        ),
        "not-found": Problem(404, "There is nothing at this address", "Start again from the first page."),
        "method-not-allowed": Problem(
            405, "This method is not for this address", "The header Allow lists the methods that are."
        ),
        "not-acceptable": Problem(
            406,
            "No acceptable format",
            "SELECT and ASK give tables and truth values, CONSTRUCT and DESCRIBE give graphs; each has "
            "formats of its own, which the member “available” lists. Ask with Accept or with “?format=”.",
        ),
        "request-timeout": Problem(
            408,
            "The request did not come in time",
            "The member “limit” is how many seconds the body of a request may take.",
        ),
        "gone": Problem(
            410,
            "This name is retired",
            "The member “successors” lists what has taken its place, if anything.",
        ),
        "body-too-large": Problem(413, "The request is too large", "The member “limit” is in bytes."),
        "batch-too-large": Problem(
            413,
            "Too many questions at once",
            "A batch of reconciliation queries, or of things to extend, has as many as the manifest says in "
            "“batchSize”, or as the member “detail” says. Send the rest in another request.",
        ),
        "uri-too-long": Problem(
            414,
            "The address is too long",
            "Send a long query by POST. The member “limit” is in bytes, for path and parameters together.",
        ),
        "range-not-satisfiable": Problem(
            416,
            "The file has no such bytes",
            "The header Content-Range tells how many bytes the file has; the first is number 0.",
        ),
        "unsupported-media-type": Problem(
            415,
            "This is no type for a query",
            "A query is sent as application/sparql-query or as application/x-www-form-urlencoded, in UTF-8.",
        ),
        "too-many-requests": Problem(
            429,
            "Too many requests",
            "This service allows each client a number of requests a minute. The header Retry-After tells "
            "in how many seconds to ask again.",
        ),
        "headers-too-large": Problem(
            431,
            "The headers are too large",
            "The member “limit” is in bytes, for the address and all headers together.",
        ),
        "internal-error": Problem(
            500, "Something failed on this side", "The request was not at fault. The log has its id."
        ),
        "service-failed": Problem(
            502,
            "The other service did not answer",
            "The query calls another service with SERVICE, and that did not answer as it should, in time "
            "or in bounds. What is in the braces is asked of it as it stands: narrow it with VALUES or "
            "LIMIT. With SILENT the query goes on without.",
        ),
        "query-timeout": Problem(
            503,
            "The query took too long",
            "The member “limit” is the longest time in seconds. Asking the same again will not help: join "
            "on fewer variables, name the graph or the class, or take a part with LIMIT in a sub-query.",
        ),
        "query-memory": Problem(
            503,
            "The query needed too much memory",
            "The member “limit” is in bytes. Sort, group and collect less at once.",
        ),
        "result-too-large": Problem(
            503,
            "The answer is too large",
            "The member “limit” is in bytes. No answer is ever cut: ask for less, or for parts with "
            "ORDER BY, LIMIT and OFFSET. Whole graphs are files for download: the member “dumps” has "
            "their address.",
        ),
        "release-not-ready": Problem(
            503,
            "The files are being made",
            "The files to download are made when somebody first asks for those of new data, and so is what "
            "changed between two releases. The header Retry-After tells when to ask again.",
        ),
        "release-failed": Problem(
            503,
            "The files could not be made",
            "The disk may be full, or the file of the graph was replaced without a reload. The log of the "
            "service has the reason. The header Retry-After tells when it is tried again.",
        ),
        "busy": Problem(
            503,
            "The service is busy",
            "All workers are busy. The header Retry-After tells when to ask again.",
        ),
    }
)
# The first of each status stands for an HTTPException.
_BY_STATUS = {one.status: name for name, one in tuple(PROBLEMS.items())[::-1] if one.status < 500}


def name_of(error: Exception) -> str:
    """Return the name in PROBLEMS that fits `error`; what is not foreseen is an internal error."""
    if isinstance(error, HTTPException):
        return _BY_STATUS.get(error.code or 500, _FAULT)
    return getattr(error, "problem", "") or _BY_ERROR.get(type(error), _FAULT)


def document(error: Exception, instance: str, limits: Mapping[str, float]) -> dict[str, Any]:
    """Return the problem document of `error` (RFC 9457 section 3).

    `instance` identifies this occurrence; `limits` maps names of problems to the limit exceeded.
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
    """Return the headers that `error` needs beside its document."""
    if isinstance(error, (BusyError, RateLimitError, ReleaseFailedError, ReleaseNotReadyError)):
        return {"Retry-After": str(error.retry_after)}
    if isinstance(error, HTTPException):
        return {name: value for name, value in error.get_headers() if name in _TOLD}
    return {}


def _detail(error: Exception, name: str) -> str:
    if name == _FAULT:
        return _HIDDEN
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
