"""Conversion of SSSOM mapping rows to records: a Link with its evidence, and a match on its subject.

As records, links are checked like all others: JSON-LD, SHACL, and findings with file and line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.errors import Finding
from kg.namespaces import ID, Namespaces
from kg.reading.authorities import AUTHORITIES, COLLECTION, THING_ELSEWHERE
from kg.reading.ontology import Key
from kg.reading.patterns import wrong_slug, wrong_value
from kg.reading.record_set import Object, RecordFile, Records, SourceLine
from kg.reading.sssom_file import RULES, MappingFile, MappingRow, parse

ENDING = ".sssom.tsv"
_CATALOGUE = f"{ID}catalogue/"
_CURIES = ("record_id", "subject_id", "object_id", "object_source", "mapping_justification")
_PLAIN = {column: key for column, key in RULES["columns"].items() if not key.startswith(".")}


def add(records: Records, name: str, content: bytes, keys: Mapping[str, Key], names: Namespaces) -> None:
    """Add the rows of the file of mappings `name` to `records`, with the source line of each.

    Nothing is raised: mistakes are added to `records.findings`, and a row with one is left out.
    """
    file = parse(name, content)
    records.findings += file.findings
    if not file.rows:
        records.unread.append(f"{names.id}link")
        return
    reader = _MappingReader(records, file, RecordFile(name, str(names.id)), keys)
    for row in file.rows:
        reader.row(row)
    records.documents.append(reader.document)


class _MappingReader:
    """Converter of the rows of one file, which also finds rows that contradict or repeat each other."""

    def __init__(
        self, records: Records, file: MappingFile, document: RecordFile, keys: Mapping[str, Key]
    ) -> None:
        self.records, self.file, self.document, self.keys = records, file, document, keys
        # The mappings so far by thing and catalogue.
        self.mappings: dict[tuple[str, str], list[_Mapping]] = {}

    def row(self, row: MappingRow) -> None:
        problems = list(self._problems(row))
        self.records.findings += [Finding(self.document.file, row.line, problem) for problem in problems]
        if not problems:
            self._add(row)

    def _problems(self, row: MappingRow) -> Iterator[str]:
        for column in _CURIES:
            cell = row.cells.get(column, "")
            if cell and not self.file.expand(cell):
                prefixes = ", ".join(sorted(self.file.header["curie_map"]))
                yield f"{column} {cell!r} has a prefix that curie_map lacks; there are: {prefixes}"
        if row.cells.get("predicate_id", "") not in ("", *RULES["predicates"]):
            yield f"predicate_id takes {' or '.join(RULES['predicates'])}"
        if row.cells.get("confidence", "") not in ("", *RULES["confidence"]):
            steps = ", ".join(f"{number} ({word})" for number, word in RULES["confidence"].items())
            yield f"confidence takes {steps}"
        yield from self._identifier_problems(row)

    def _identifier_problems(self, row: MappingRow) -> Iterator[str]:
        record = self.file.expand(row.cells.get("record_id", ""))
        slug = record.removeprefix(f"{self.document.base}link/")
        if record and (slug == record or wrong_slug(slug)):
            yield f"record_id takes link: and lower-case letters, digits and hyphens, not {slug!r}"
        elif record in self.records.things:
            first = self.records.things[record]
            name = row.cells["record_id"]
            yield f"{name} is already in {first.file}:{first.line}; choose another record_id"
        source = self.file.expand(row.cells.get("object_source", ""))
        name = source.removeprefix(_CATALOGUE)
        if name == COLLECTION:
            if not self._is_elsewhere(row):
                yield "object_id is not a thing of another collection, as in embassy:place/port-merrow"
        elif source and name not in AUTHORITIES:
            known = ", ".join(f"catalogue:{name}" for name in (*AUTHORITIES, COLLECTION))
            yield f"object_source is not a known catalogue; there are: {known}"
        elif source and not self._fits(row, name):
            example = f"{name}:{AUTHORITIES[name].example}"
            yield f"object_id is not an item of {AUTHORITIES[name].title}; use one as in {example}"

    def _is_elsewhere(self, row: MappingRow) -> bool:
        item = self.file.expand(row.cells.get("object_id", ""))
        return bool(re.match(THING_ELSEWHERE, item)) and not item.startswith(self.document.base)

    def _fits(self, row: MappingRow, name: str) -> bool:
        # Only the namespace is compared here; SHACL checks the form of the identifier.
        item = row.cells.get("object_id", "")
        start = AUTHORITIES[name].iri.partition("{}")[0]
        return item in ("", RULES["none"]) or self.file.expand(item).startswith(start)

    def _add(self, row: MappingRow) -> None:
        cells = row.cells
        record, thing = self.file.expand(cells["record_id"]), self.file.expand(cells["subject_id"])
        place = SourceLine(self.document.file, row.line)
        self.records.things[record] = place
        relation = RULES["predicates"][cells["predicate_id"]] if cells["object_id"] != RULES["none"] else ""
        about: Object = {"id": thing}
        link: Object = {"id": record, "type": "Link", "about": about}
        link["certainty"] = RULES["confidence"][cells["confidence"]]
        if relation:
            about[relation] = link["item"] = self.file.expand(cells["object_id"])
        for column, key in _PLAIN.items():
            if column in cells:
                link[key] = self._value(column, cells[column])
        self._remember(record, link, place)
        self._remember(thing, about, place)
        self.document.objects.append(link)
        self._refuse_conflict(row, thing, relation)

    def _value(self, column: str, cell: str) -> str:
        return self.file.expand(cell).removeprefix(_CATALOGUE) if column in _CURIES else cell

    def _remember(self, iri: str, record: Object, place: SourceLine) -> None:
        for key, value in record.items():
            text = value["id"] if isinstance(value, dict) else value
            self.records.values.setdefault((iri, key), []).append((place, text))
            problem = wrong_value(key, self.keys[key].takes, text)
            if problem:
                self.records.findings.append(Finding(place.file, place.line, problem))

    def _refuse_conflict(self, row: MappingRow, thing: str, relation: str) -> None:
        """Add a finding for a second exact match in a catalogue, a match beside "none found", or a repeat."""
        earlier = self.mappings.setdefault((thing, row.cells["object_source"]), [])
        mapping = _Mapping(row.line, relation, row.cells["object_id"])
        first = next((other for other in earlier if mapping.excludes(other)), None)
        earlier.append(mapping)
        if first:
            message = (
                f"{row.cells['subject_id']} has another row for this catalogue in line {first.line}, "
                "which this row repeats or contradicts; keep one"
            )
            self.records.findings.append(Finding(self.document.file, row.line, message))


@dataclass(frozen=True, slots=True)
class _Mapping:
    """The mapping of one row: its relation, empty where no item was found, and the item."""

    line: int
    relation: str
    item: str

    def excludes(self, other: _Mapping) -> bool:
        both_exact = self.relation == other.relation == "exactMatch"
        return both_exact or self.item == other.item or not (self.relation and other.relation)
