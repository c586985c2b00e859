"""The service manifests of the reconciliation API: versions, capabilities and addresses."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from flask import request, url_for

from kg.asking.reconciling.entities import ROOTS
from kg.namespaces import CG
from server.data.reconciling.directory import BATCH, Directory
from server.data.reconciling.extension import SETTINGS

WIDTH, HEIGHT = 400, 200  # pixels of a preview


def v0_2(directory: Directory, name: str, endpoint: str) -> dict[str, Any]:
    """Return the manifest of 0.2 for the service `name` at `endpoint`."""
    suggest = {
        kind: {
            "service_url": endpoint,
            "service_path": f"/suggest/{kind}",
            "flyout_service_path": f"/flyout/{kind}?id=${{id}}",
        }
        for kind in ("entity", "type", "property")
    }
    return {
        "versions": ["0.2"],
        "identifierSpace": directory.known.names.id,
        "schemaSpace": str(CG),
        **_common(directory, name),
        "view": {"url": f"{_root()}/id/{{{{id}}}}"},
        "preview": {"url": f"{endpoint}/preview?id={{{{id}}}}", "width": WIDTH, "height": HEIGHT},
        "suggest": suggest,
        "extend": {
            "propose_properties": {"service_url": endpoint, "service_path": "/properties"},
            "property_settings": [
                {
                    "name": setting.id,
                    "label": setting.label,
                    "type": setting.type,
                    "default": setting.default,
                    "help_text": setting.about,
                }
                for setting in SETTINGS
            ],
        },
    }


def v1(directory: Directory, name: str) -> dict[str, Any]:
    """Return the manifest of the 1.0 draft, whose addresses clients derive from that of the manifest."""
    return {
        "versions": ["1.0-draft"],
        **_common(directory, name),
        "view": {"url": f"{_root()}/id/{{+id}}"},
        "preview": {"width": WIDTH, "height": HEIGHT},
        "suggest": {"entity": True, "property": True, "type": True},
        "extend": {
            "proposeProperties": True,
            "propertySettings": [
                {
                    "id": setting.id,
                    "name": setting.label,
                    "type": setting.type,
                    "default": setting.default,
                    "helpText": setting.about,
                }
                for setting in SETTINGS
            ],
        },
        "standardizedScore": True,
        "lang": "en",
    }


def _common(directory: Directory, name: str) -> dict[str, Any]:
    known = directory.known.types
    types = [
        {**directory.type(root), "broader": [directory.type(up) for up in known[root].broader if up in known]}
        for root in ROOTS
        if root in known
    ]
    return {
        "name": f"{name}: diplomatic telegrams",
        "documentation": url_for("reconcile/reconcile/documentation", _external=True),
        "serviceVersion": version("cablegraph"),
        "defaultTypes": types,
        "batchSize": BATCH,
    }


def _root() -> str:
    return request.url_root.rstrip("/")
