"""The addresses of the service and what each answers."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

import pyoxigraph
from flask import Flask, Response, g, request

from server import description, headers, keywords, negotiation, page
from server.formats import GRAPHS, HTML, behind, content_type
from server.messages import Request
from server.negotiation import Types
from server.pool import Pool
from server.problems import PROBLEMS
from server.protocol import METHODS, QUERY, Operation, operation
from server.refusals import NotAcceptableError, RequestError


@dataclass(frozen=True, slots=True)
class Site:
    """What one application serves."""

    pool: Pool
    name: str
    data_version: str
    max_age: int


def register(app: Flask, site: Site) -> None:
    """Give `app` its addresses."""
    for rule in ("/sparql", "/sparql/"):  # no redirect: clients of other endpoints do not follow it
        app.add_url_rule(
            rule, f"sparql{rule}", lambda: _sparql(site), methods=METHODS, provide_automatic_options=False
        )
    app.add_url_rule("/", "start", lambda: _html(page.start_page()))
    app.add_url_rule("/problems/<name>", "problem", _about)
    app.add_url_rule("/healthz", "health", lambda: _health(site))


def _sparql(site: Site) -> Response:
    if request.method == "OPTIONS":
        return _with_query_header(
            Response(status=204, headers={"Allow": ", ".join(METHODS), **headers.PREFLIGHT})
        )
    asked = operation(request)
    if asked.query is None:
        return _with_query_header(_no_query(site, asked))
    g.query = asked.query
    types = negotiation.choose(request.accept_mimetypes, asked.format_name)
    caching = _caching(site, asked, types)
    if _known(caching.get("ETag", "")):
        return Response(status=304, headers=caching)
    return _with_query_header(_answer(site, asked, types, caching))


def _answer(site: Site, asked: Operation, types: Types, caching: dict[str, str]) -> Response:
    answer = site.pool.answer(
        Request(
            query=asked.query or "",
            types={kind: behind(kind, media_type) for kind, media_type in types.items()},
            default_graphs=asked.default_graphs,
            named_graphs=asked.named_graphs,
            timeout=asked.timeout,
            base=request.base_url,
        )
    )
    media_type = types[answer.kind]
    if media_type == HTML:
        return _html(page.result_page(asked, answer, request.path))
    return Response(answer.body, headers={"Content-Type": content_type(media_type), **caching})


def _no_query(site: Site, asked: Operation) -> Response:
    """Answer a bare GET: the form for people, the service description for programs."""
    types = _description_types(asked)
    if types == HTML:
        return _html(page.start_page())
    body = description.describe(request.base_url, site.name, site.data_version, types)
    return Response(body, headers={"Content-Type": content_type(types), "Cache-Control": "no-cache"})


def _description_types(asked: Operation) -> str:
    if asked.format_name:
        named = negotiation.choose(request.accept_mimetypes, asked.format_name).get("graph")
    else:
        named = negotiation.best(request.accept_mimetypes, (*GRAPHS, HTML))
    if named is None:
        raise NotAcceptableError("The service is described in RDF and in HTML.", "graph")
    return named


def _caching(site: Site, asked: Operation, types: Types) -> dict[str, str]:
    """Return Cache-Control and a strong ETag over all that the answer hangs on (RFC 9110 section 8.8.3)."""
    if keywords.volatile(asked.query or ""):
        return {"Cache-Control": "no-store"}
    parts = [
        *(site.data_version, pyoxigraph.__version__, request.base_url, headers.coding()),
        *(asked.query, asked.default_graphs, asked.named_graphs, sorted(types.items())),
    ]
    digest = hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]
    return {"ETag": f'"{digest}"', "Cache-Control": f"public, max-age={site.max_age}"}


def _known(tag: str) -> bool:
    """Tell whether the client has the answer; it can know the tag only from having been given it."""
    known = request.if_none_match
    return request.method in ("GET", "HEAD") and not known.star_tag and known.contains_weak(tag.strip('"'))


def _with_query_header(response: Response) -> Response:
    response.headers["Accept-Query"] = f'"{QUERY}"'  # RFC 10008
    return response


def _html(text: str) -> Response:
    return Response(text, headers={"Content-Type": content_type(HTML), "Cache-Control": "no-cache"})


def _about(name: str) -> Response:
    if name not in PROBLEMS:
        raise RequestError(f"There is no problem {name!r}; there are: {', '.join(PROBLEMS)}.", "not-found")
    return _html(page.about_page(name, PROBLEMS[name]))


def _health(site: Site) -> Response:
    alive = site.pool.alive
    return Response(
        "ok\n" if alive else "the data process is gone\n",
        200 if alive else 503,
        {"Content-Type": content_type("text/plain"), "Cache-Control": "no-store"},
    )
