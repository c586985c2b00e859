"""The same request from other programs: lines for a shell, for Python and for R.

Nothing in them needs more than what comes with each; the address is quoted by the rules of each.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from types import MappingProxyType

from server.workers.messages import Kind

# Kind of answer -> ending of its address, lines of Python and of R, in which {} is the quoted address.
_TABLE = (
    "csv",
    "import csv\nimport io\nimport urllib.request\n\n"
    "with urllib.request.urlopen({}) as answer:\n"
    '    rows = list(csv.DictReader(io.TextIOWrapper(answer, "utf-8")))\n'
    "for row in rows:\n    print(row)",
    'rows <- read.csv({}, encoding = "UTF-8")\nprint(rows)',
)
_TEXT = (
    "import urllib.request\n\nwith urllib.request.urlopen({}) as answer:\n    print(answer.read().decode())",
    'writeLines(readLines({}, encoding = "UTF-8"))',
)
_LINES: Mapping[Kind, tuple[str, str, str]] = MappingProxyType(
    {"solutions": _TABLE, "boolean": ("json", *_TEXT), "graph": ("ttl", *_TEXT)}
)


def snippets(kind: Kind, address: str, suffix: str) -> list[tuple[str, str]]:
    """Return pairs of a language and the lines that ask for an answer of this `kind`.

    `address` is that of the query without an ending, `suffix` its parameters with their question mark.
    """
    ending, python, r = _LINES[kind]
    whole = f"{address}.{ending}{suffix}"
    quoted = json.dumps(whole)  # a text that Python and R read alike
    return [
        ("cURL", f"curl --fail {shlex.quote(whole)}"),
        ("Python", python.format(quoted)),
        ("R", r.format(quoted)),
    ]
