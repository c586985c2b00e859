"""The reconciliation queries that clients send, parsed and checked, in 0.2 and the 1.0 draft."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kg.asking.reconciling.identifier_forms import without_brackets
from kg.asking.reconciling.reconciliation_query import (
    CANDIDATES,
    MOST_CANDIDATES,
    Condition,
    ReconciliationQuery,
)
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


def json_value(text: str, name: str) -> Any:
    """Return the value of the JSON in `text`; raises ParameterError, with `name`, if it is invalid."""
    try:
        content = json.loads(text)
        json.dumps(content, ensure_ascii=False).encode()  # a lone surrogate could not be sent back
    except RecursionError:
        raise ParameterError(f"{name} is nested too deeply", name) from None
    except ValueError as error:
        raise ParameterError(f"{name} is not valid JSON: {error}", name) from None
    return content


def check_count(count: int, most: int, name: str) -> None:
    """Raise RequestError (413) if `name` has more than `most` members."""
    if count > most:
        raise RequestError(f"{name} has {count:,} members; send at most {most} at once.", "batch-too-large")


def string_value(given: Any, name: str, where: str) -> str:
    """Return `given` if it is a string; raises ParameterError otherwise."""
    if not isinstance(given, str):
        raise ParameterError(f"{name} in {where} must be a string", name)
    return given


def list_value(given: Any, name: str, where: str) -> list[Any]:
    """Return `given` if it is a list; raises ParameterError otherwise."""
    if not isinstance(given, list):
        raise ParameterError(f"{name} in {where} must be a list", name)
    return given


def object_value(given: Any, where: str, known: set[str]) -> Mapping[str, Any]:
    """Return `given` if it is an object with only keys in `known`; raises ParameterError otherwise."""
    names = ", ".join(sorted(known))
    if not isinstance(given, dict):
        raise ParameterError(f"{where} must be an object with {names}", "queries")
    unknown = sorted(given.keys() - known)
    if unknown:
        raise ParameterError(f"{where} has the unknown key {unknown[0]!r}; use {names}", "queries")
    return given


def number(given: Mapping[str, str], name: str, least: int, most: int) -> int | None:
    """Return the query parameter `name` as a number from `least` to `most`, or None without it.

    Raises ParameterError for anything else.
    """
    written = given.get(name, "")
    if not written:
        return None
    if written.isascii() and written.isdecimal() and len(written) < 12 and least <= int(written) <= most:
        return int(written)
    bounds = f"a whole number from {least} to {most:,}"
    raise ParameterError(f"{name} must be {bounds}, not {written[:20]!r}", name, (bounds,))


def v0_2(written: str) -> dict[str, ReconciliationQuery | ParameterError]:
    """Return the queries of a batch of 0.2 by their keys, or the error of a query that is none.

    Raises RequestError and ParameterError for a batch that is none.
    """
    batch = json_value(written, "queries")
    if not isinstance(batch, dict) or not batch:
        example = '{"q0": {"query": "Castro"}}'
        raise ParameterError(f"queries must be a JSON object of queries by keys, as in {example}", "queries")
    check_count(len(batch), BATCH, "queries")
    return {key: _or_error(_query, key, query) for key, query in batch.items()}


def v1(content: Any) -> list[ReconciliationQuery | ParameterError]:
    """Return the queries of a batch of the 1.0 draft, in order, or the error of a query that is none.

    Raises RequestError and ParameterError for a batch that is none.
    """
    queries = content.get("queries") if isinstance(content, dict) else None
    if not isinstance(queries, list) or not queries:
        raise ParameterError('the body must be {"queries": [ … ]} with at least one query', "queries")
    check_count(len(queries), BATCH, "queries")
    return [_or_error(_query_v1, f"queries[{place}]", query) for place, query in enumerate(queries)]


def _or_error(
    read: Callable[[str, Any], ReconciliationQuery], where: str, content: Any
) -> ReconciliationQuery | ParameterError:
    """Return the query `content`, or the error that says what is wrong with it: the others are answered."""
    try:
        return read(where, content)
    except ParameterError as error:
        return error


def suggestion(given: Mapping[str, str], skipping: str) -> tuple[str, int, int]:
    """Return the prefix, how many suggestions to skip (the parameter `skipping`), and how many to return."""
    skip = number(given, skipping, 0, _MOST_SKIPPED) or 0
    return given.get("prefix", ""), skip, number(given, "limit", 1, MOST_SUGGESTIONS) or SUGGESTIONS


def proposal(given: Mapping[str, str]) -> tuple[str, int | None]:
    """Return the type whose properties the client wants, empty for all, and the limit, None without one."""
    return type_name(given.get("type", "")), number(given, "limit", 1, MOST_SUGGESTIONS)


def type_name(given: str) -> str:
    """Return the local name of a class or property, written as `Person`, `cg:Person` or as an IRI."""
    return without_brackets(given).removeprefix(CG).removeprefix("cg:")


def _query(where: str, content: Any) -> ReconciliationQuery:
    query = object_value(content, where, _KEYS_0_2)
    strict = query.get("type_strict", "any")
    if strict not in _STRICT:
        raise ParameterError(f"type_strict in {where} must be any, all or should", "type_strict", _STRICT)
    types = query.get("type") or []
    return ReconciliationQuery(
        name=string_value(query.get("query") or "", "query", where),
        types=tuple(_type(one, where) for one in (types if isinstance(types, list) else [types])),
        conditions=_conditions(where, list_value(query.get("properties") or [], "properties", where)),
        limit=_limit(query, where),
        all_types=strict == "all",
        prefer_types=strict == "should",
    )


def _query_v1(where: str, content: Any) -> ReconciliationQuery:
    query = object_value(content, where, _KEYS_V1)
    names: list[str] = []
    others: list[Condition] = []
    for one in list_value(query.get("conditions"), "conditions", where):
        kind = one.get("matchType") if isinstance(one, dict) else None
        if kind == "property":
            others += _condition(where, one, "propertyId", "propertyValue")
        elif kind in _KINDS:
            names += _values(one.get("propertyValue"), where)
        else:
            raise ParameterError(f"matchType in {where} must be name, property or id", "matchType", _KINDS)
    if len(names) > 1:
        raise ParameterError(f"{where} has {len(names)} names; send one query for each", "conditions")
    types = (_type(query["type"], where),) if query.get("type") else ()
    return ReconciliationQuery("".join(names), types, tuple(others), _limit(query, where))


def _conditions(where: str, given: list[Any]) -> tuple[Condition, ...]:
    return tuple(condition for one in given for condition in _condition(where, one, "pid", "v"))


def _condition(where: str, given: Any, property_key: str, value_key: str) -> Iterator[Condition]:
    """Yield the condition `given`, or nothing if its value is a blank cell."""
    if not isinstance(given, dict) or property_key not in given or value_key not in given:
        raise ParameterError(f"a property in {where} needs {property_key!r} and {value_key!r}", "properties")
    quantifier, required = given.get("matchQuantifier", "any"), given.get("required", False)
    if quantifier not in _QUANTIFIERS:
        raise ParameterError(
            f"matchQuantifier in {where} must be any, all or none", "matchQuantifier", _QUANTIFIERS
        )
    if not isinstance(required, bool):
        raise ParameterError(f"required in {where} must be true or false", "required", ("true", "false"))
    if given.get("matchQualifier"):
        raise ParameterError(
            f"{where} has a matchQualifier; this service supports none, so leave it out", "matchQualifier"
        )
    name = type_name(string_value(given[property_key], property_key, where))
    values = tuple(value for value in _values(given[value_key], where) if value.strip())
    if values:
        yield Condition(name, values, required=required, quantifier=quantifier)


def _values(given: Any, where: str) -> list[str]:
    """Return one or more property values as strings, also blank ones; of an entity its id, or its name."""
    values = []
    for one in given if isinstance(given, list) else [given]:
        value = (one.get("id") or one.get("name")) if isinstance(one, dict) else one
        if value is None or isinstance(value, bool):
            value = {None: "", True: "true", False: "false"}[value]
        if not isinstance(value, (str, int, float)):
            kinds = "a string, a number, a boolean or an entity with its id"
            raise ParameterError(f"a value in {where} must be {kinds}", "properties")
        values.append(str(value))
    return values


def _type(given: Any, where: str) -> str:
    """Return the name of a type; some clients send it as an object with an id."""
    return type_name(string_value(given.get("id") if isinstance(given, dict) else given, "type", where))


def _limit(query: Mapping[str, Any], where: str) -> int:
    limit = query.get("limit")
    if limit is None:
        return CANDIDATES
    if isinstance(limit, bool) or not (isinstance(limit, (int, float)) and float(limit).is_integer()):
        raise ParameterError(f"limit in {where} must be a whole number", "limit")
    return min(int(limit), MOST_CANDIDATES)
