"""What a type of a column is called elsewhere.

Sources: Table Schema (Data Package 2.0), section "Field Types"; Metadata Vocabulary for Tabular Data
(CSVW), section 5.11.1; SQLite, "Datatypes In SQLite", section 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one type: Table Schema type and format, CSVW datatype, SQLite type."""

    field: str
    format: str
    csvw: str
    sqlite: str


NAMES: Mapping[str, Names] = MappingProxyType(
    {
        "text": Names("string", "default", "string", "TEXT"),
        "iri": Names("string", "uri", "anyURI", "TEXT"),
        "integer": Names("integer", "default", "integer", "INTEGER"),
        "date": Names("date", "default", "date", "TEXT"),
        "dateTime": Names("datetime", "default", "dateTime", "TEXT"),
    }
)
