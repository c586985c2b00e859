"""DCAT descriptions of releases: each file a distribution, with its checksum in SPDX terms.

https://www.w3.org/TR/vocab-dcat-3/ sections 6.6 to 6.8, 6.17 and 11 (versioning).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyoxigraph import Literal, NamedNode, Triple

from kg.namespaces import BASE
from kg.publishing.dumps import file_types, notice
from kg.publishing.dumps.file_types import FILE_TYPES, file_type
from kg.publishing.dumps.manifest import Manifest, ManifestEntry
from kg.reading.collection.description import Description
from kg.store import nquads
from server.data.describing import dcat
from server.web.vocabulary import Pair, about, name, text

_MEDIA = "https://www.iana.org/assignments/media-types/"
_ONTOLOGY = NamedNode(f"{BASE}ontology")
_GZIP = FILE_TYPES[".gz"]


def triples(
    release: str, manifest: Manifest, names: Sequence[str], home: str, collection: Description
) -> Iterator[Triple]:
    """Return the description of `release` and the names of all; `home` is the address of `/dumps/`."""
    dumps = notice.address(collection)
    node, data = NamedNode(f"{dumps}{release}/"), NamedNode(collection.names.dataset)
    yield from about(
        data,
        [
            ("rdf:type", name("dcat:Dataset")),
            ("dcat:landingPage", NamedNode(home)),
            ("dcat:hasCurrentVersion", node),
            *(("dcat:hasVersion", NamedNode(f"{dumps}{other}/")) for other in names),
        ],
    )
    yield from about(node, _dataset(release, manifest, home, collection))
    for entry in manifest.files:
        yield from _distribution(node, f"{home}{release}/", manifest, entry, compressed=False)
        if entry.gzip:
            yield from _distribution(node, f"{home}{release}/", manifest, entry, compressed=True)


def dumps(home: str, collection: Description) -> Iterator[Triple]:
    """Return the addresses of the whole graph in each syntax, as void:dataDump (VoID section 3.3)."""
    files = (NamedNode(f"{home}latest/cablegraph.{ending}") for ending in nquads.SYNTAXES)
    data = NamedNode(collection.names.dataset)
    return about(data, [("void:dataDump", file) for file in files])


def latest(home: str, collection: Description) -> Iterator[Triple]:
    """Return the same addresses as DCAT distributions, whether or not the files have been made."""
    data = NamedNode(collection.names.dataset)
    licence: Pair = ("dcterms:license", NamedNode(collection.licence))
    yield from about(data, [("dcat:landingPage", NamedNode(home))])
    for ending in nquads.SYNTAXES:
        yield from dcat.distribution(
            data, f"{home}latest/cablegraph.{ending}", FILE_TYPES[f".{ending}"].media_type, licence
        )


def _dataset(release: str, manifest: Manifest, home: str, collection: Description) -> list[Pair]:
    return [
        ("rdf:type", name("dcat:Dataset")),
        ("dcterms:title", text(f"{collection.title}, data version {release}")),
        ("dcat:isVersionOf", NamedNode(collection.names.dataset)),
        ("dcat:version", Literal(manifest.version)),
        ("dcat:landingPage", NamedNode(f"{home}{release}/")),
        ("dcterms:license", NamedNode(manifest.licence)),
        ("dcterms:bibliographicCitation", Literal(notice.citation(manifest.version, collection))),
        ("dcterms:conformsTo", _ONTOLOGY),
    ]


def _distribution(
    data: NamedNode, address: str, manifest: Manifest, entry: ManifestEntry, *, compressed: bool
) -> Iterator[Triple]:
    content = entry.gzip if compressed and entry.gzip else entry
    path = f"{entry.name}.gz" if compressed else entry.name
    node, checksum = NamedNode(data.value + path), NamedNode(f"{data.value}{path}#sha256")
    pairs: list[Pair] = [
        ("rdf:type", name("dcat:Distribution")),
        ("dcterms:title", text(_title(entry))),
        ("dcat:accessURL", NamedNode(address)),
        ("dcat:downloadURL", NamedNode(address + path)),
        ("dcat:mediaType", NamedNode(_MEDIA + entry.media_type)),
        ("dcat:byteSize", Literal(str(content.size), datatype=name("xsd:nonNegativeInteger"))),
        ("spdx:checksum", checksum),
        ("dcterms:license", NamedNode(manifest.licence)),
    ]
    specification = file_type(entry.name).specification
    if specification:
        pairs.append(("dcterms:conformsTo", NamedNode(specification)))
    if compressed:
        pairs.append(("dcat:compressFormat", NamedNode(_MEDIA + _GZIP.media_type)))
    yield from about(data, [("dcat:distribution", node)])
    yield from about(node, pairs)
    yield from about(
        checksum,
        [
            ("rdf:type", name("spdx:Checksum")),
            ("spdx:algorithm", name("spdx:checksumAlgorithm_sha256")),
            ("spdx:checksumValue", Literal(content.sha256, datatype=name("xsd:hexBinary"))),
        ],
    )


def _title(entry: ManifestEntry) -> str:
    group = file_types.group(entry.group).title
    return f"{entry.title or group}, {file_type(entry.name).label}"
