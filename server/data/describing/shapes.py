"""The shapes in RDF, and the report of the validation of the present data (SHACL section 3.6).

A build with a violation fails, so a report has warnings and remarks at most, those on quotes included. Its
results name file and line of the record, which the build has found for the node. As SHACL has it, data
conform only if there is no result of any severity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from flask import Flask, Response, request, url_for
from pyoxigraph import Literal, NamedNode, Triple

from kg.errors import Finding
from kg.publishing.dumps import parts
from kg.publishing.dumps.parts import SHAPES
from kg.reading.ontology import GENID
from server.site import documents
from server.site.site import Site
from server.web.http_errors import RequestError
from server.web.vocabulary import about, name, text

FindingsOf = Callable[[str], Sequence[Finding] | None]  # by data version
REPORT = f"{SHAPES}/report"
_SEVERITIES = {"violation": "sh:Violation", "warning": "sh:Warning", "info": "sh:Info"}
_NO_REPORT = (
    "These data were not validated here: they are a file, or were built by an earlier version. "
    "`cablegraph check` validates records."
)


def register(app: Flask, site: Site, findings: FindingsOf) -> None:
    """Give `app` the addresses of the shapes and of the report; `findings` returns those of a version."""
    app.add_url_rule("/shape", "shapes", lambda: _shapes(site))
    app.add_url_rule("/shape/report", "shapes.report", lambda: _report(site, findings))
    genid = f"/{GENID.removeprefix(SHAPES.removesuffix('shape'))}shapes/<rest>"
    app.add_url_rule(genid, "shapes.part", lambda rest: _part())  # noqa: ARG005 - a part of the path


def _shapes(site: Site) -> Response:
    media_type = documents.requested_type()
    return documents.rdf(site, (quad.triple for quad in parts.shapes()), media_type)


def _part() -> Response:
    """Return a redirect (303) from a node of the shapes without a name of its own to the shapes."""
    address = url_for("shapes", format=request.args.get("format"))
    return Response(f"See {address}\n", 303, {"Location": address}, content_type="text/plain; charset=utf-8")


def _report(site: Site, findings: FindingsOf) -> Response:
    media_type = documents.requested_type()
    found = findings(site.data_version)
    if found is None:
        raise RequestError(_NO_REPORT, "not-found")
    return documents.rdf(site, triples(found, site.data_version), media_type)


def triples(findings: Iterable[Finding], version: str) -> Iterator[Triple]:
    """Yield the report with `findings` on the data `version`; without any, the data conform."""
    findings = sorted(findings)
    report = NamedNode(REPORT)
    conforms = Literal("false" if findings else "true", datatype=name("xsd:boolean"))
    yield from about(
        report,
        [
            ("rdf:type", name("sh:ValidationReport")),
            ("sh:conforms", conforms),
            ("sh:shapesGraph", NamedNode(SHAPES)),
            ("dcterms:hasVersion", Literal(version)),
        ],
    )
    for number, finding in enumerate(findings, start=1):
        result = NamedNode(f"{REPORT}#result-{number}")
        place = f"{finding.file}:{finding.line}" if finding.line else finding.file
        yield from about(report, [("sh:result", result)])
        yield from about(
            result,
            [
                ("rdf:type", name("sh:ValidationResult")),
                ("sh:resultSeverity", name(_SEVERITIES[finding.severity])),
                ("sh:resultMessage", text(finding.message)),
                ("rdfs:label", Literal(place)),
            ],
        )
