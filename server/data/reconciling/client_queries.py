"""The queries that clients of the reconciliation service send, in 0.2 and the 1.0 draft, and their faults."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from kg.asking.reconciling.reconciliation_query import CANDIDATES, Condition, ReconciliationQuery
from kg.errors import ParameterError
from kg.namespaces import CG
from server.data.reconciling.directory import BATCH
from server.web.http_errors import RequestError

SUGGESTIONS, MOST_SUGGESTIONS = 20, 100
_MOST_SKIPPED = 1_000_000
_STRICT = ("any", "all", "should")
_KINDS = ("name", "property", "id")
_QUANTIFIERS = ("any", "all", "none")
_KEYS_0_2 = {"query", "type", "limit", "properties", "type_strict"}
_KEYS_V1 = {"type", "limit", "conditions", "lang", "dir"}


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


def v0_2(written: str) -> dict[str, ReconciliationQuery]:
    """Return the batch of 0.2 by its keys. Raises RequestError and ParameterError."""
    batch = decoded(written, "queries")
    if not isinstance(batch, dict) or not batch:
        example = '{"q0": {"query": "Castro"}}'
        raise ParameterError(f"queries is a JSON object of queries by keys, as in {example}", "queries")
    measured(len(batch), BATCH, "queries")
    return {key: _query(key, asked) for key, asked in batch.items()}


def v1(content: Any) -> list[ReconciliationQuery]:
    """Return the batch of the 1.0 draft, in order. Raises RequestError and ParameterError."""
    queries = content.get("queries") if isinstance(content, dict) else None
    if not isinstance(queries, list) or not queries:
        raise ParameterError('the body is {"queries": [ … ]} with at least one query', "queries")
    measured(len(queries), BATCH, "queries")
    return [_query_v1(f"queries[{place}]", asked) for place, asked in enumerate(queries)]


def suggestion(given: Mapping[str, str], skipping: str) -> tuple[str, int, int]:
    """Return prefix, how many to skip (by the parameter `skipping`), and how many to give."""
    skip = number(given, skipping, 0, _MOST_SKIPPED) or 0
    return given.get("prefix", ""), skip, number(given, "limit", 1, MOST_SUGGESTIONS) or SUGGESTIONS


def proposal(given: Mapping[str, str]) -> tuple[str, int | None]:
    """Return the type for which properties are to be proposed, and how many at most."""
    return type_name(given.get("type", "")), number(given, "limit", 1, MOST_SUGGESTIONS)


def type_name(given: str) -> str:
    """Return the name of a class that was written as such, as `cg:Person`, or as an IRI."""
    return given.removeprefix(CG).removeprefix("cg:")


def _query(where: str, content: Any) -> ReconciliationQuery:
    asked = keyed(content, where, _KEYS_0_2)
    strict = asked.get("type_strict", "any")
    if strict not in _STRICT:
        raise ParameterError(f"type_strict in {where} is any, all or should", "type_strict", _STRICT)
    types = asked.get("type") or []
    return ReconciliationQuery(
        name=text(asked.get("query") or "", "query", where),
        types=tuple(_type(one, where) for one in (types if isinstance(types, list) else [types])),
        conditions=tuple(
            _condition(where, one, "pid", "v")
            for one in listed(asked.get("properties") or [], "properties", where)
        ),
        limit=_limit(asked, where),
        all_types=strict == "all",
        prefer_types=strict == "should",
    )


def _query_v1(where: str, content: Any) -> ReconciliationQuery:
    asked = keyed(content, where, _KEYS_V1)
    names: list[str] = []
    others: list[Condition] = []
    for one in listed(asked.get("conditions"), "conditions", where):
        kind = one.get("matchType") if isinstance(one, dict) else None
        if kind == "property":
            others.append(_condition(where, one, "propertyId", "propertyValue"))
        elif kind in _KINDS:
            names += _values(one.get("propertyValue"), where)
        else:
            raise ParameterError(f"matchType in {where} is name, property or id", "matchType", _KINDS)
    if len(names) > 1:
        raise ParameterError(f"{where} has {len(names)} names; ask for each by itself", "conditions")
    types = (_type(asked["type"], where),) if asked.get("type") else ()
    return ReconciliationQuery("".join(names), types, tuple(others), _limit(asked, where))


def _condition(where: str, given: Any, property_key: str, value_key: str) -> Condition:
    if not isinstance(given, dict) or property_key not in given or value_key not in given:
        raise ParameterError(f"a property in {where} needs {property_key!r} and {value_key!r}", "properties")
    quantifier, required = given.get("matchQuantifier", "any"), given.get("required", False)
    if quantifier not in _QUANTIFIERS:
        raise ParameterError(
            f"matchQuantifier in {where} is any, all or none", "matchQuantifier", _QUANTIFIERS
        )
    if not isinstance(required, bool):
        raise ParameterError(f"required in {where} is true or false", "required", ("true", "false"))
    if given.get("matchQualifier"):
        raise ParameterError(f"{where} asks for a matchQualifier; this service has none", "matchQualifier")
    name, values = text(given[property_key], property_key, where), _values(given[value_key], where)
    return Condition(name, tuple(values), required=required, quantifier=quantifier)


def _values(given: Any, where: str) -> list[str]:
    """Return one or more property values as texts: of an entity its id, or else its name."""
    found = []
    for one in given if isinstance(given, list) else [given]:
        value = (one.get("id") or one.get("name")) if isinstance(one, dict) else one
        if isinstance(value, bool):
            value = "true" if value else "false"
        if not isinstance(value, (str, int, float)) or value == "":
            kinds = "a text, a number, a truth value or an entity with its id"
            raise ParameterError(f"a value in {where} is {kinds}", "properties")
        found.append(str(value))
    return found


def _type(given: Any, where: str) -> str:
    """Return the name of a type, which some clients send as an object."""
    return type_name(text(given.get("id") if isinstance(given, dict) else given, "type", where))


def _limit(asked: Mapping[str, Any], where: str) -> int:
    limit = asked.get("limit")
    if limit is None:
        return CANDIDATES
    if isinstance(limit, bool) or not (isinstance(limit, (int, float)) and float(limit).is_integer()):
        raise ParameterError(f"limit in {where} is a whole number", "limit")
    return int(limit)
