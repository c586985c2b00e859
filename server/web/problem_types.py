"""The types of problem documents (RFC 9457 section 3.1.1): status, title, and what to know, by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


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
        "store-failed": Problem(
            502,
            "The store did not answer",
            "This service asks a store elsewhere. Its answer was missing, broken off or not the result of a "
            "query. The request was not at fault; try again in a moment.",
        ),
        "store-late": Problem(
            504,
            "The store could not be reached in time",
            "This service asks a store elsewhere, which did not accept the connection in time. The request "
            "was not at fault; try again in a moment.",
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
