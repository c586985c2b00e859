"""Ask the service over its test client and read what comes back."""

from __future__ import annotations

import json
from urllib.parse import quote

from werkzeug.test import Client, TestResponse

FORM, QUERY = "application/x-www-form-urlencoded", "application/sparql-query"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
SELECT = "SELECT ?o { <http://ex.org/moscow> <http://ex.org/population> ?o }"
CONSTRUCT = "CONSTRUCT WHERE { <http://ex.org/telegram> <http://ex.org/sentBy> ?o }"


def get(client: Client, query: str, accept: str | None = None, more: str = "") -> TestResponse:
    headers = {"Accept": accept} if accept else {}
    return client.get(f"/sparql?query={quote(query)}{more}", headers=headers)


def numbers(response: TestResponse) -> list[int]:
    assert response.status_code == 200, response.text
    return [int(row["n"]["value"]) for row in json.loads(response.data)["results"]["bindings"]]


def problem(response: TestResponse, status: int, name: str) -> dict[str, object]:
    assert response.status_code == status, response.text
    assert response.content_type == "application/problem+json"
    document = json.loads(response.data)
    assert document["type"] == f"https://w3id.org/cablegraph/problems/{name}"
    assert document["status"] == status
    return dict(document)
