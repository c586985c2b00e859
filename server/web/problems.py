"""Problem documents (RFC 9457): the type of the problem of an error, and its document."""

from __future__ import annotations

from collections.abc import Mapping
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
from server.web.problem_types import PROBLEMS

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
