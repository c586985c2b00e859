"""Write solutions that another service gave as VALUES (SPARQL 1.1 section 10).

The text goes into a query, so every term is made by the engine's own types, which refuse what is
no IRI or language tag and write the rest with its escapes.
"""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

from pyoxigraph import Literal, NamedNode

from server.refusals import ServiceFailedError

_VARIABLE = re.compile(r"[?$](\w+)")
_MALFORMED = "answered with something that is not SPARQL results in JSON"


def as_values(results: bytes, query: str) -> str:
    """Return a group with the solutions in `results` (SPARQL 1.1 Query Results JSON) for `query`.

    Variables that the query does not have are left out. A blank node becomes an IRI that occurs
    nowhere else (RDF 1.1 section 3.5), since VALUES can hold none. Raises ServiceFailedError, with
    the rest of a sentence that begins with the service, when the text is something else.
    """
    try:
        parsed = json.loads(results)
        given = set(parsed["head"]["vars"])
        names = [name for name in dict.fromkeys(_VARIABLE.findall(query)) if name in given]
        scope = uuid.uuid4()
        rows = [_row(binding, names, scope) for binding in parsed["results"]["bindings"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ServiceFailedError(_MALFORMED) from None
    return f"{{ VALUES ({' '.join(f'?{name}' for name in names)}) {{ {' '.join(rows)} }} }}"


def _row(binding: dict[str, Any], names: list[str], scope: uuid.UUID) -> str:
    return f"({' '.join(_term(binding.get(name), scope) for name in names)})"


def _term(value: dict[str, Any] | None, scope: uuid.UUID) -> str:
    if value is None:
        return "UNDEF"
    kind, text = value["type"], value["value"]
    if kind == "uri":
        return str(NamedNode(text))
    if kind == "bnode":
        return f"<{uuid.uuid5(scope, text).urn}>"
    if kind not in ("literal", "typed-literal"):
        raise ValueError(kind)
    if "xml:lang" in value:
        return str(Literal(text, language=value["xml:lang"]))
    datatype = value.get("datatype")
    return str(Literal(text, datatype=NamedNode(datatype) if datatype else None))
