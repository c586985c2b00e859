"""The properties that can be asked and fetched of a thing, read from `properties.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from kg.namespaces import PREFIXES
from kg.reconciling.resources import read


@dataclass(frozen=True, slots=True)
class Property:
    """One property: its path in SPARQL from the thing, and what it is called in each language.

    `namespace` is what IRIs lose that are identifiers elsewhere; `language` is that of texts;
    `describes` tells whether its values help to tell namesakes apart.
    """

    id: str
    path: str
    labels: Mapping[str, str]
    namespace: str = ""
    language: str = ""
    describes: bool = False

    @property
    def query(self) -> str:
        """Return the SELECT for ?thing and ?value."""
        only = f'FILTER (lang(?value) = "{self.language}")' if self.language else ""
        within = f'FILTER (STRSTARTS(STR(?value), "{self.namespace}"))' if self.namespace else ""
        return f"{prologue()}SELECT DISTINCT ?thing ?value {{ ?thing {self.path} ?value {only} {within} }}"


def load() -> Mapping[str, Property]:
    """Return all properties by id, in the order of the table."""
    table = yaml.safe_load(read("properties.yaml"))
    return {
        key: Property(
            id=key,
            path=row["path"],
            labels=row["label"],
            namespace=row.get("namespace", ""),
            language=row.get("language", ""),
            describes=row.get("describes", False),
        )
        for key, row in table.items()
    }


def prologue() -> str:
    """Return the declarations of all prefixes."""
    return "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
