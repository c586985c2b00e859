"""Description of the CSV tables as a Data Package 2.0 (https://datapackage.org)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from kg.asking.questions.columns import TYPES, Column
from kg.publishing.tables.data_set import About, TextSource
from kg.publishing.tables.table_definition import TableDefinition
from kg.publishing.tables.table_rows import FilledTable

_PROFILE = "https://datapackage.org/profiles/2.0/{}.json"
_DIALECT = {
    "$schema": _PROFILE.format("tabledialect"),
    "header": True,
    "delimiter": ",",
    "lineTerminator": "\r\n",
    "quoteChar": '"',
    "doubleQuote": True,
}


def write(filled: Sequence[FilledTable], about: About, files: Mapping[str, bytes]) -> bytes:
    """Return `datapackage.json` for the tables; `files` has the CSV of each by the name of the table."""
    keys = {one.table.name: one.table.key.name for one in filled}
    package = {
        "$schema": _PROFILE.format("datapackage"),
        "name": about.name,
        "title": about.title,
        "description": f"{about.description} {about.licence_reach}",
        "homepage": about.homepage,
        "version": about.version,
        "licenses": [{"name": about.licence, "path": about.licence_address, "title": about.licence_title}],
        "contributors": [{"title": about.creator, "roles": ["creator"]}],
        "keywords": list(about.keywords),
        "sources": [_source(source) for source in about.sources],
        "resources": [_resource(one.table, files[one.table.name], keys) for one in filled],
    }
    return (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode()


def _source(source: TextSource) -> dict[str, str]:
    fields = {"title": source.title, "path": source.page}
    return {name: text for name, text in fields.items() if text}


def _resource(table: TableDefinition, content: bytes, keys: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": table.name,
        "type": "table",
        "path": f"{table.name}.csv",
        "title": table.title,
        "description": table.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "dialect": _DIALECT,
        "schema": _schema(table, keys),
    }


def _schema(table: TableDefinition, keys: Mapping[str, str]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "$schema": _PROFILE.format("tableschema"),
        "fields": [_field(column, column is table.key) for column in table.columns],
        "primaryKey": [table.key.name],
        "missingValues": [""],
    }
    foreign = [
        {"fields": [column.name], "reference": _reference(table, column, keys)}
        for column in table.columns
        if column.references
    ]
    return {**schema, "foreignKeys": foreign} if foreign else schema


def _reference(table: TableDefinition, column: Column, keys: Mapping[str, str]) -> dict[str, Any]:
    """Return the target of a foreign key, without `resource` if it is the same table."""
    fields = {"fields": [keys[column.references]]}
    return fields if column.references == table.name else {"resource": column.references, **fields}


def _field(column: Column, key: bool) -> dict[str, Any]:
    names = TYPES[column.type]
    field: dict[str, Any] = {
        "name": column.name,
        "title": column.label,
        "description": column_description(column),
    }
    if column.separator:
        field |= {"type": "list", "delimiter": column.separator, "itemType": names.field}
    else:
        field |= {"type": names.field, "format": names.format}
    constraints = {"required": column.required, "unique": key}
    true = {name: True for name, holds in constraints.items() if holds}
    return {**field, "constraints": true} if true else field


def column_description(column: Column) -> str:
    """Return the description of a column, with the separator of several values in a cell."""
    joined = f' Several values are joined by "{column.separator}".' if column.separator else ""
    return f"{column.about}{joined}"
