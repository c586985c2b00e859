"""MCP resources: the files of ontology and shapes, saved queries, telegrams with their provenance."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources.abc import Traversable
from io import BytesIO

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError
from mcp.server.mcpserver.resources import FunctionResource
from pyoxigraph import NamedNode, Triple

from kg.errors import CablegraphError, UnknownNameError
from kg.namespaces import CG, PREFIXES, Namespaces
from kg.resources import folder, walk
from server.engine.evaluation.sorted_graphs import write_triples
from server.model_context.tool_context import ToolContext, message
from server.site import pool_queries
from server.site.pool_queries import value

SCHEME = "cablegraph"
FOLDERS = ("ontology", "shapes")
_TYPES = {".ttl": "text/turtle", ".md": "text/markdown", ".jsonld": "application/ld+json"}
# Telegrams whose text somebody holds: there is a rendering with passages.
_HELD = f"""SELECT DISTINCT ?telegram ?label {{
  ?passage <{CG}passageOf>/<{CG}renders> ?telegram . ?telegram <{PREFIXES["rdfs"]}label> ?label
  FILTER (lang(?label) = "en") }} ORDER BY ?telegram"""
# The telegram, its renderings with hash, source and rights, its passages, and the graphs about it.
_ABOUT = f"""CONSTRUCT {{ ?s ?p ?o }} {{
  {{ VALUES ?s {{ %(telegram)s }} ?s ?p ?o }}
  UNION {{ ?s a <{CG}Rendering> ; <{CG}renders> %(telegram)s ; ?p ?o }}
  UNION {{ ?s <{CG}passageOf>/<{CG}renders> %(telegram)s ; ?p ?o }}
  UNION {{ GRAPH %(meta)s {{ ?s ?p ?o }} FILTER STRENDS(STR(?s), "/telegram/%(name)s") }} }}"""


def add(server: MCPServer, context: ToolContext) -> None:
    """Add the resources to `server`."""
    for name in FOLDERS:
        for path, file in walk(folder(name), f"{name}/"):
            if _type(path):
                server.add_resource(_file(path, file))
    for row in pool_queries.rows(context.pool, _HELD):
        server.add_resource(telegram(context, value(row["telegram"]), value(row["label"])))

    @server.resource(
        f"{SCHEME}://queries/{{name}}",
        title="A saved query",
        description="The SPARQL text of a saved query with its header; any SPARQL engine can run it.",
        mime_type="application/sparql-query",
    )
    def saved_query(name: str) -> str:
        if name not in context.queries:
            raise ResourceNotFoundError(str(UnknownNameError("saved query", name, context.queries)))
        return context.queries[name].text


def _type(name: str) -> str:
    return _TYPES.get(f".{name.rpartition('.')[2]}", "")


def _file(path: str, file: Traversable) -> FunctionResource:
    return FunctionResource.from_function(
        lambda: file.read_text(encoding="utf-8"),
        uri=f"{SCHEME}://{path}",
        name=path,
        description=f"The file {path} of the project.",
        mime_type=_type(path),
    )


def telegram(context: ToolContext, iri: str, label: str) -> FunctionResource:
    """Return the resource of the telegram `iri` with the title `label`; it is read on request."""
    names = context.pool.names
    name = names.name(iri).replace("telegram/", "", 1)

    def read() -> str:
        query = _ABOUT % {
            "telegram": NamedNode(iri),
            "meta": NamedNode(f"{names.home(iri)}graph/meta"),
            "name": name,
        }
        try:
            return _turtle(pool_queries.triples(context.pool, query), names)
        except CablegraphError as error:
            raise ResourceError(message(error)) from error

    return FunctionResource.from_function(
        read,
        uri=f"{SCHEME}://telegrams/{name}",
        name=name,
        title=label,
        description="Metadata of the telegram: sender, dates, numbers, renderings with hash, source and "
        "rights, passages with their voices. The text itself is not included.",
        mime_type="text/turtle",
    )


def _turtle(triples: Iterable[Triple], names: Namespaces) -> str:
    output = BytesIO()
    write_triples(triples, output, "text/turtle", names.prefixes)
    return output.getvalue().decode()
