"""`/sparql` in the event loop: answers for programs, without a thread and without the web framework.

The handler itself asks a worker and awaits it. What may be a page it leaves to the application: answers and
errors of a client that prefers HTML, requests without a query, other addresses.
"""

from __future__ import annotations

import logging
from asyncio import Semaphore
from functools import lru_cache, partial
from weakref import WeakValueDictionary
from wsgiref.types import WSGIEnvironment

from werkzeug.exceptions import HTTPException, InternalServerError

from kg.errors import CablegraphError
from server.engine.evaluation.query_request import QueryAnswer, QueryRequest
from server.engine.processes.waiting import Waits
from server.error_responses import limits_of, problem, problem_type
from server.http.layers import rate_limit
from server.sparql_endpoint import PATHS, Endpoint, Prepared, root
from server.web import response_headers
from server.web.formats import HTML
from server.web.handling import Fields, Handler, Reply
from server.web.http_errors import ServerFaultError, ServiceCallsError
from server.web.request_target import client_name
from server.web.sparql_protocol import METHODS

_SHORT = 65_536  # bytes of a request that the loop itself reads, and of a response that it compresses
_LONGEST = 500  # characters of Accept
_CACHED = 256
_BODILESS = frozenset({204, 304})  # no Content-Length (RFC 9110 section 8.6)


class SparqlHandler:
    """Answers requests to `endpoint`, and leaves all others to `pages`.

    It waits by `waits`, and writes what failed into `log`.
    """

    def __init__(self, endpoint: Endpoint, pages: Handler, waits: Waits, log: logging.Logger) -> None:
        self._endpoint = endpoint
        self._site = endpoint.site
        self._pages = pages
        self._waits = waits
        self._log = log
        self._limits = limits_of(self._site.pool.limits)
        self._turns = _Turns(self._site.pool.limits.long_of_client)
        self._problem_type = lru_cache(_CACHED)(problem_type)
        self._common = lru_cache(_CACHED)(partial(_common, self._site.about.licence))
        self._client = lru_cache(_CACHED)(client_name)

    async def __call__(self, environ: WSGIEnvironment) -> Reply:
        """Answer one request."""
        if self._is_for_pages(environ):
            return await self._pages(environ)
        request_id = response_headers.request_id(environ.get("HTTP_X_REQUEST_ID", ""))
        reply = await self._reply(environ, request_id)
        if reply is None:
            environ["wsgi.input"].seek(0)
            return await self._pages(environ)
        if len(reply.body) > _SHORT:
            return await self._waits.call(self._complete, reply, environ, request_id)
        return self._complete(reply, environ, request_id)

    def _is_for_pages(self, environ: WSGIEnvironment) -> bool:
        accept = environ.get("HTTP_ACCEPT", "")
        return (
            environ["PATH_INFO"] not in PATHS
            or environ["REQUEST_METHOD"] not in METHODS
            or int(environ.get("CONTENT_LENGTH") or 0) > _SHORT
            or len(accept) > _LONGEST
            or self._problem_type(accept) == HTML
        )

    async def _reply(self, environ: WSGIEnvironment, request_id: str) -> Reply | None:
        """Return the response to a request, without what all have; None if it may be a page."""
        try:
            response_headers.refuse_wrong(environ)
            rate_limit.refuse(environ)
            prepared = self._endpoint.prepare(environ)
            if not isinstance(prepared, Prepared):
                return prepared
            if prepared.may_be_page:
                return None
            client = self._client(environ.get("REMOTE_ADDR", ""))
            async with self._turns.of(client):
                return prepared.reply(await self._answer(prepared.request, client))
        except (CablegraphError, HTTPException) as error:
            if isinstance(error, ServerFaultError):
                self._log.error("request %s: %s", request_id, error)
            return problem(error, environ, request_id, self._limits)
        except Exception:  # noqa: BLE001 - as in the application, a fault must not end the connection
            self._log.exception("request %s", request_id)
            return problem(InternalServerError(), environ, request_id, self._limits)

    async def _answer(self, request: QueryRequest, client: str) -> QueryAnswer:
        services = self._site.services
        try:
            return await self._site.pool.ask(self._waits, services.allowing(request), client)
        except ServiceCallsError:  # the calls block
            return await self._waits.call(services.answer, request, client)

    def _complete(self, reply: Reply, environ: WSGIEnvironment, request_id: str) -> Reply:
        """Return `reply` with the fields that all have, and compressed where that saves bytes."""
        fields = [*reply.fields, *self._common(root(environ)), ("X-Request-ID", request_id)]
        body = reply.body
        if reply.status == 200:
            coding = self._site.choices.coding(environ.get("HTTP_ACCEPT_ENCODING", ""))
            body, chosen = response_headers.compressed(body, coding)
            if chosen:
                fields.append(("Content-Encoding", chosen))
        if reply.status in _BODILESS:
            fields = [field for field in fields if field[0] != "Content-Type"]
        else:
            fields.append(("Content-Length", str(len(body))))
        return Reply(reply.status, fields, b"" if environ["REQUEST_METHOD"] == "HEAD" else body)


class _Turns:
    """Turns of clients: each has at most `most` queries in the pool, and its others wait for one of these.

    So none of them is refused for being one too many, and the queries of another client overtake them.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._turns: WeakValueDictionary[str, Semaphore] = WeakValueDictionary()

    def of(self, client: str) -> Semaphore:
        """Return the turns of `client`, kept as long as one of its queries has them."""
        turns = self._turns.get(client)
        if turns is None:
            turns = self._turns[client] = Semaphore(self._most)
        return turns


def _common(licence: str, prefix: str) -> Fields:
    """Return the fields of every response to a request whose address begins with `prefix`."""
    vary = ("Vary", ", ".join(response_headers.VARY))
    return [*response_headers.HEADERS.items(), *response_headers.common_links(licence, prefix), vary]
