"""JSON schemas for what the reconciliation service answers, written from the text of the specifications.

0.2: Community Group Final Report of 10 April 2023; 1.0: the draft with `match` and `propertyValue`.
Stricter than the text where it leaves room: nothing that is not foreseen here.
"""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator

Schema = dict[str, Any]


def objects(required: Schema, optional: Schema | None = None) -> Schema:
    """Return the schema of an object with exactly these keys."""
    properties = {**required, **(optional or {})}
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def lists(items: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": items, **more}


TEXT: Schema = {"type": "string", "minLength": 1}
WHOLE: Schema = {"type": "integer", "minimum": 1}
TRUTH: Schema = {"type": "boolean"}
ADDRESS: Schema = {"type": "string", "pattern": "^https?://"}
NAMED = objects({"id": TEXT, "name": TEXT})
TYPES = lists(objects({"id": TEXT, "name": TEXT}, {"broader": lists(NAMED)}), uniqueItems=True)
SCORE: Schema = {"type": "number", "minimum": 0, "maximum": 100}
# The pattern of the specification: a date with its time.
MOMENT: Schema = {
    "type": "string",
    "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$",
}


def _settings(key: str, label: str, about: str) -> Schema:
    kinds = [("number", {"type": "number"}), ("checkbox", TRUTH)]
    return lists(
        {
            "oneOf": [
                objects({key: TEXT, label: TEXT, about: TEXT, "type": {"const": kind}, "default": default})
                for kind, default in kinds
            ]
        }
    )


_COMMON = {
    "name": TEXT,
    "documentation": ADDRESS,
    "serviceVersion": TEXT,
    "defaultTypes": TYPES,
    "batchSize": WHOLE,
}
_SIZE = {"width": {"const": 400}, "height": {"const": 200}}
_SUGGEST = objects(
    {
        "service_url": ADDRESS,
        "service_path": {"type": "string", "pattern": "^/"},
        "flyout_service_path": {"type": "string", "pattern": r"^/.*\$\{id\}"},
    }
)
MANIFEST_0_2 = objects(
    {
        **_COMMON,
        "versions": {"type": "array", "contains": {"const": "0.2"}},
        "identifierSpace": ADDRESS,
        "schemaSpace": ADDRESS,
        "view": objects({"url": {"type": "string", "pattern": r"^https?://.*\{\{id\}\}"}}),
        "preview": objects({"url": {"type": "string", "pattern": r"^https?://.*\{\{id\}\}"}, **_SIZE}),
        "suggest": objects({"entity": _SUGGEST, "property": _SUGGEST, "type": _SUGGEST}),
        "extend": objects(
            {
                "propose_properties": objects({"service_url": ADDRESS, "service_path": TEXT}),
                "property_settings": _settings("name", "label", "help_text"),
            }
        ),
    }
)
MANIFEST_V1 = objects(
    {
        **_COMMON,
        "versions": {"type": "array", "contains": {"const": "1.0-draft"}},
        "view": objects({"url": {"type": "string", "pattern": r"^https?://.*\{\+?id\}"}}),
        "preview": objects(_SIZE),
        "suggest": objects({"entity": TRUTH, "property": TRUTH, "type": TRUTH}),
        "extend": objects(
            {"proposeProperties": TRUTH, "propertySettings": _settings("id", "name", "helpText")}
        ),
        "standardizedScore": {"const": True},
        "lang": {"enum": ["en", "ru", "es"]},
    }
)


def _candidates(feature: Schema) -> Schema:
    return lists(
        objects(
            {
                "id": TEXT,
                "name": TEXT,
                "description": TEXT,
                "type": lists(NAMED, minItems=1),
                "score": SCORE,
                "match": TRUTH,
                "features": lists(feature, minItems=1),
            }
        )
    )


_VALUE: Schema = {"type": ["number", "boolean"]}
RESULTS_0_2: Schema = {
    "type": "object",
    "additionalProperties": objects(
        {"result": _candidates(objects({"id": TEXT, "value": _VALUE}))}, {"warning": TEXT}
    ),
}
RESULTS_V1 = objects(
    {
        "results": lists(
            objects(
                {"candidates": _candidates(objects({"id": TEXT, "name": TEXT, "value": _VALUE}))},
                {"warning": TEXT},
            )
        )
    }
)
SUGGESTED_ENTITIES = objects(
    {"result": lists(objects({"id": TEXT, "name": TEXT, "description": TEXT, "notable": lists(NAMED)}))}
)
SUGGESTED = objects({"result": lists(NAMED)})
FLYOUT = objects({"id": TEXT, "html": TEXT})
PROPOSED = objects({"properties": lists(NAMED), "type": {"type": "string"}}, {"limit": WHOLE})
_CELL: Schema = {
    "oneOf": [
        NAMED,
        objects({"str": TEXT}),
        objects({"int": {"type": "integer"}}),
        objects({"date": MOMENT}),
    ]
}
_META = lists(objects({"id": TEXT, "name": TEXT}, {"type": NAMED}))
EXTENDED_0_2 = objects(
    {
        "meta": _META,
        "rows": {
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": lists(_CELL)},
        },
    }
)
EXTENDED_V1 = objects(
    {
        "meta": _META,
        "rows": lists(
            objects({"id": TEXT, "properties": lists(objects({"id": TEXT, "values": lists(_CELL)}))})
        ),
    }
)


def valid(content: Any, schema: Schema) -> Any:
    """Return `content`, which has to be valid by `schema`."""
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(content)
    return content
