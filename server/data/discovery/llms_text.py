"""`/llms.txt`: the service in one page of Markdown for language models (https://llmstxt.org/).

A title, a summary as a quotation, remarks, then sections with lists of links; what is under *Optional* may be
skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from kg.asking.questions.saved_queries import SavedQuery
from kg.store.dataset_summary import DESCRIPTION

Address = Callable[[str], str]  # the absolute address of a path

_REMARKS = """\
Read-only; no key. Say for each claim who holds it, who reports it and how the reporter knows, and quote the
words with their passage and telegram. A reading, an ascribed claim or a proposed text is held by nobody.
Cite the data version."""
# Section -> path, title and remark of each link.
_SECTIONS: Mapping[str, tuple[tuple[str, str, str], ...]] = MappingProxyType(
    {
        "Ask": (
            ("queries.json", "Saved questions", "each with parameters, formats and its own address"),
            ("sparql", "SPARQL endpoint", "`?query=`; without a query the service description"),
            ("search", "Search", "`?q=`, names in any spelling, and quotes by words"),
            ("reconcile", "Reconciliation", "from names to things"),
        ),
        "Understand": (
            ("ontology", "Ontology", "classes, properties and concepts; Turtle by negotiation"),
            ("docs/api", "All addresses", "as a page; in OpenAPI at /openapi.json"),
            (".well-known/sparql-examples", "Example queries", "the saved questions in RDF"),
            (".well-known/void", "VoID", "counts by class, property and graph"),
        ),
        "Optional": (
            ("dumps/", "Downloads", "RDF, CSV, SQLite; every version is kept"),
            ("catalogue", "DCAT", "the entry for data catalogues"),
            ("links/", "Links", "to Wikidata and authority files"),
            ("sitemap.xml", "Sitemap", "the address of each thing"),
        ),
    }
)


def text(
    name: str,
    state: str,
    queries: Iterable[SavedQuery],
    address: Address,
    hidden: set[str],
) -> str:
    """Return llms.txt of the service `name`; `state` is a line on its data, `hidden` paths are left out."""
    parts = [f"# {name}", f"> {DESCRIPTION}", _REMARKS, state]
    parts.append("A service for language models: `cablegraph mcp` (Model Context Protocol).")
    for title, links in _SECTIONS.items():
        lines = [
            f"- [{label}]({address(path)}): {remark}" for path, label, remark in links if path not in hidden
        ]
        parts.append("\n".join((f"## {title}", "", *lines)))
    asked = [f"- [{query.question}]({address(f'queries/{query.name}')})" for query in queries]
    if asked:
        parts.insert(-2, "\n".join(("## Questions to begin with", "", *asked)))
    return "\n\n".join(parts) + "\n"
