"""Reading of record files, of which those that have not changed since an earlier build are not read again.

The result of a file depends on its name and content, on the keys of records and on this program. What files
say of each other is looked for each time: two records of one name, names without a record. If anything is
wrong, all files are read as if there were no results, so that the findings are those of `record_files`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import partial
from importlib.resources.abc import Traversable

from kg.reading import record_files, triples
from kg.reading.again import file_results
from kg.reading.again.file_results import Said
from kg.reading.again.step_results import StepResults
from kg.reading.ontology import Ontology
from kg.reading.record_set import Records
from kg.resources import walk

Read = tuple[Records, list[str]]


def read(folder: Traversable, schema: Ontology, results: StepResults) -> Read:
    """Return the records below `folder` and the lines of N-Quads of their quads, none of them repeated.

    Raises DataError as `triples.from_records` does.
    """
    again = _joined(_files(folder, schema, results), schema) if results.remembers else None
    if again is not None:
        return again
    records = record_files.read(folder, schema.keys, schema.names)
    return records, file_results.lines(triples.from_records(records, schema))


def _files(folder: Traversable, schema: Ontology, results: StepResults) -> Iterator[Said | None]:
    """Yield what each file says, or None if something is wrong in it."""
    shared = f"{json.dumps(schema.context, sort_keys=True)} {schema.names}".encode()
    for name, file in walk(folder):
        if record_files.is_record_file(name):
            content = file.read_bytes()
            make = partial(file_results.made, name, content, schema)
            made = results.result((b"file", shared, name.encode(), content), make)
            yield None if made is None else file_results.read(made)


def _joined(files: Iterable[Said | None], schema: Ontology) -> Read | None:
    """Return the records and lines of all files, or None if something is wrong among them."""
    records, named, texts = Records(), set[str](), list[str]()
    for file in files:
        if file is None or not records.things.keys().isdisjoint(file["things"]):
            return None
        if not schema.classes.issuperset(file["classes"]):
            return None
        file_results.add(records, file)
        named.update(file["named"])
        texts.append(file["quads"])
    if not named <= records.things.keys() | schema.subjects:
        return None
    # A text may have what Unicode calls a line end; only N-Quads' own is none of its characters.
    lines = (f"{line}\n" for text in texts for line in text.split("\n") if line)
    return records, list(dict.fromkeys(lines))
