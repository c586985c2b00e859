"""Read JSON and numbers from clients of the reconciliation service, in bounds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from kg.errors import ParameterError
from server.refusals import RequestError


def decoded(text: str, name: str) -> Any:
    """Return the JSON in `text`; raises ParameterError, naming the parameter, if it is none."""
    try:
        found = json.loads(text)
        json.dumps(found, ensure_ascii=False).encode()  # half a surrogate pair could not be sent back
    except RecursionError:
        raise ParameterError(f"{name} is nested too deeply", name) from None
    except ValueError as error:
        raise ParameterError(f"{name} is no JSON: {error}", name) from None
    return found


def measured(count: int, most: int, name: str) -> None:
    """Raise RequestError (413) for more than `most` at once."""
    if count > most:
        raise RequestError(
            f"{name} has {count:,} members; here are {most} allowed at once.", "batch-too-large"
        )


def text(given: Any, name: str, where: str) -> str:
    """Return `given` if it is a text; raises ParameterError."""
    if not isinstance(given, str):
        raise ParameterError(f"{name} in {where} is a text", name)
    return given


def listed(given: Any, name: str, where: str) -> list[Any]:
    """Return `given` if it is a list; raises ParameterError."""
    if not isinstance(given, list):
        raise ParameterError(f"{name} in {where} is a list", name)
    return given


def keyed(given: Any, where: str, known: set[str]) -> Mapping[str, Any]:
    """Return `given` if it is an object with no other keys than `known`; raises ParameterError."""
    names = ", ".join(sorted(known))
    if not isinstance(given, dict):
        raise ParameterError(f"{where} is an object with {names}", "queries")
    unknown = sorted(given.keys() - known)
    if unknown:
        raise ParameterError(f"{where} has {unknown[0]!r}, which is none of {names}", "queries")
    return given


def number(given: Mapping[str, str], name: str, least: int, most: int) -> int | None:
    """Return the number that a parameter of the address gives, None without one; raises ParameterError."""
    written = given.get(name, "")
    if not written:
        return None
    if written.isascii() and written.isdecimal() and len(written) < 12 and least <= int(written) <= most:
        return int(written)
    bounds = f"a whole number from {least} to {most:,}"
    raise ParameterError(f"{name} is {bounds}, not {written[:20]!r}", name, (bounds,))
