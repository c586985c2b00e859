"""Notice of a release, licence and citation, as comments of its files; and notes on what it lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import yaml

from kg.errors import DataError
from kg.publishing.tables.data_set import TextSource
from kg.reading.collection.description import Description
from kg.resources import document
from kg.store.layers import OURS

SHOWN = 16  # digits of a data version that identify it; the name of its release
_FINDINGS = 3  # at most, in a note


def address(about: Description) -> str:
    """Return the IRI below which the releases of a collection have theirs."""
    return f"{about.base}dumps/"


def citation(version: str, about: Description = OURS) -> str:
    """Return the citation of the data `version` of the collection `about`, in one line."""
    short = version[:SHOWN]
    return f"{about.curator}. {about.title}. Data version {short}. {address(about)}{short}/"


@dataclass(frozen=True, slots=True)
class Notice:
    """What a file says of itself in its first lines: its title, data version, licence, citation, sources.

    `sources` are the texts that the data rest on, `about` describes the collection.

    `sources` are the texts that the data rest on.
    """

    title: str
    version: str
    sources: tuple[TextSource, ...] = ()
    about: Description = OURS

    def lines(self) -> tuple[str, ...]:
        """Return the lines of the notice, without characters that could end a comment."""
        return (
            f"{_printable(self.title)}. {_printable(self.about.title)}.",
            *(f"Source: {_printable(_source(source))}" for source in self.sources),
            f"Licence: {self.about.licence}",
            f"Data version: {self.version}",
            f"Cite as: {_printable(citation(self.version, self.about))}",
        )

    def hash_comment(self) -> bytes:
        """Return the notice as lines that begin with #, for Turtle, N-Triples, TriG and SPARQL."""
        return "".join(f"# {line}\n" for line in self.lines()).encode()

    def xml_comment(self) -> bytes:
        """Return the notice as an XML comment, which must not have a double hyphen (XML 1.0 section 2.5)."""
        text = re.sub("-(?=-)", "- ", "\n".join(self.lines()))
        return f"<!--\n{text}\n-->\n".encode()


def _source(source: TextSource) -> str:
    return ", ".join(text for text in (source.title, source.publisher, source.page) if text)


def _printable(text: str) -> str:
    """Return `text`, which comes from the data, in one line and without characters that cannot be seen."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def citation_file(version: str, about: Description = OURS) -> bytes:
    """Return CITATION.cff for data of `version` (Citation File Format 1.2.0)."""
    content = yaml.safe_load(document("CITATION.cff").read_text(encoding="utf-8"))
    content["version"] = version
    content["url"] = f"{address(about)}{version[:SHOWN]}/"
    content["message"] = "Please cite the title with the data version."
    content["license"] = "CC-BY-4.0"
    if not about.is_ours:
        content = {
            key: content[key]
            for key in ("cff-version", "message", "type", "version", "url")
            if key in content
        }
        content |= {"title": about.title, "authors": [{"name": about.curator}], "license-url": about.licence}
    if about.others:
        content["references"] = [_reference(other) for other in about.others]
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100).encode()


def licence_file(about: Description = OURS) -> bytes:
    """Return LICENSE-DATA: our reasons for ours, and the name of the licence of each other collection."""
    if about.is_ours:
        own = document("LICENSE-DATA").read_text(encoding="utf-8")
    else:
        own = f"{about.title}\nLicence: {about.licence_name}, {about.licence}\n"
    others = (f"\n{o.title}\nLicence: {o.licence_name}, {o.licence}\n" for o in about.others)
    return "".join((own, *others)).encode()


def _reference(other: Description) -> dict[str, object]:
    """Return the entry of CITATION.cff for a collection that is read together with the cited one."""
    return {
        "type": "data",
        "title": other.title,
        "authors": [{"name": other.curator}],
        "url": other.base,
        "license-url": other.licence,
    }


@dataclass(frozen=True, slots=True)
class Note:
    """One sentence for the users of the release, with the first findings about a problem, if any."""

    text: str
    findings: tuple[str, ...] = ()


def missing_files(name: str, error: DataError) -> Note:
    """Return the note that the files of the provider `name` are left out because of `error`."""
    findings = error.findings
    places = "one place" if len(findings) == 1 else f"{len(findings):,} places"
    return Note(
        f"The {name} are left out: the data do not fit them, in {places}.",
        tuple(str(finding) for finding in findings[:_FINDINGS]),
    )


def omitted_files(errors: Mapping[str, DataError]) -> Iterator[Note]:
    """Yield the note that the files with these paths are left out, and why; nothing if there are none."""
    if errors:
        reasons = dict.fromkeys(f"{path}: {error.findings[0].message}" for path, error in errors.items())
        files = "One file is" if len(errors) == 1 else f"{len(errors):,} files are"
        yield Note(
            f"{files} left out: what they would hold cannot be written in their syntax.",
            tuple(reasons)[:_FINDINGS],
        )


def many_layers(graphs: Sequence[str]) -> Iterator[Note]:
    """Yield the note that `graphs` have no files of their own, or nothing if there are none."""
    if graphs:
        yield Note(
            f"{len(graphs):,} named graphs are too many for files of their own: they are in the whole graph, "
            "in .nq and .trig under their names, and a service gives each at /graphs?graph=IRI."
        )
