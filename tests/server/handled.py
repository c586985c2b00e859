"""Handlers as WSGI applications, so that the client of werkzeug can ask them, and applications as handlers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http import HTTPStatus
from io import BytesIO
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from werkzeug.test import Client
from werkzeug.wsgi import get_input_stream

from server import Service
from server.web.handling import Handler, InThreads, Reply, reply_of


def as_wsgi(handler: Handler) -> WSGIApplication:
    """Return an application that awaits `handler` in an event loop of its own for each request."""

    async def awaited(environ: WSGIEnvironment) -> Reply:
        return await handler(environ)

    def app(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        environ["wsgi.input"] = BytesIO(get_input_stream(environ).read())
        reply = asyncio.run(awaited(environ))
        start(f"{reply.status} {HTTPStatus(reply.status).phrase}", reply.fields)
        return [reply.body]

    return app


def at_once(app: WSGIApplication) -> Handler:
    """Return a handler that calls `app` in the event loop."""

    async def handler(environ: WSGIEnvironment) -> Reply:
        return reply_of(app, environ)

    return handler


@contextmanager
def handler_of(app: Service | Flask | WSGIApplication) -> Iterator[Handler]:
    """Return the whole service around an application in Flask; of any other, one that calls it in threads."""
    if isinstance(app, Service):
        yield app
    elif isinstance(app, Flask):
        service = Service(app)
        yield service
        service.close()
    else:
        with ThreadPoolExecutor(16, "answer") as threads:
            yield InThreads(app, threads)


@contextmanager
def client_of(app: Flask, **given: Any) -> Iterator[Client]:
    """Return a client of the whole service around `app`, with the options of `Service`."""
    service = Service(app, **given)
    yield Client(as_wsgi(service))
    service.close()
