"""What the fuzzer does not know: how a query travels, and that a batch is JSON within a form."""

from __future__ import annotations

import json
from typing import Any

import schemathesis


@schemathesis.serializer("application/sparql-query")
def sparql(_: Any, value: Any) -> dict[str, Any]:
    return {"data": str(value).encode(errors="surrogatepass")}


@schemathesis.hook("map_body")
def batch(context: Any, body: Any) -> Any:
    """Make every other text that was thought of for a batch the name of one."""
    return _named(body) if context.operation.path == "/reconcile" else body


@schemathesis.hook("map_query")
def batch_in_address(context: Any, query: Any) -> Any:
    return _named(query) if context.operation.path == "/reconcile" else query


def _named(given: Any) -> Any:
    text = given.get("queries") if isinstance(given, dict) else None
    if not isinstance(text, str) or text.startswith("{") or len(text) % 2:
        return given
    return {"queries": json.dumps({"q0": {"query": text or "Castro"}})}
