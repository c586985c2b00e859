"""What the fuzzer does not know: how a query travels."""

from __future__ import annotations

from typing import Any

import schemathesis


@schemathesis.serializer("application/sparql-query")
def sparql(_: Any, value: Any) -> dict[str, Any]:
    return {"data": str(value).encode(errors="surrogatepass")}
