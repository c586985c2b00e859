"""The command `cablegraph why`: the proof of a triple, down to the quoted words."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import click
import pyoxigraph as ox

from kg import cache, terms
from kg.asking.reconciling.index.memory_index import things_called
from kg.cli.group import FINDINGS, Progress, takes_collections
from kg.inference import proofs
from kg.inference.proofs import ProofStep
from kg.inference.rules import load as load_rules
from kg.namespaces import PREFIXES, Namespaces
from kg.reading.collection.collection import Collection
from kg.store.sparql import rows

_LABELS = f"""SELECT ?label {{ VALUES ?thing {{ %s }}
  ?thing <{PREFIXES["rdfs"]}label>|<{PREFIXES["skos"]}prefLabel> ?label . FILTER (lang(?label) = "en")
}} ORDER BY ?label LIMIT 1"""


@takes_collections
@click.command()
@click.argument("subject")
@click.argument("property", metavar="PROPERTY")
@click.argument("value")
@click.option("--json", "as_json", is_flag=True, help="Write the proof as JSON, with labels.")
@click.pass_context
def why(
    ctx: click.Context,
    *,
    subject: str,
    property: str,  # noqa: A002 - as RDF calls it
    value: str,
    as_json: bool,
    collection: Collection,
) -> None:
    """Show the proof of SUBJECT PROPERTY VALUE.

    The proof has the rule and its premises, down to the quoted words.

    \b
    cablegraph why actor:che-guevara silentAt event:ori-session
    cablegraph why event:ori-session eventStatus id:status/occurred
    """  # noqa: D301 - click leaves the lines after this mark as they are
    store = cache.store(cache.current(None, Progress(), collection))
    names, called = collection.names, partial(things_called, partial(rows, store), names=collection.names)
    triple = terms.triple(store, subject, property, value, called, names)
    step = proofs.explain(store, load_rules(collection.queries / "rules"), triple)
    if step is None:
        click.echo(
            f"the graph does not contain: {' '.join(terms.short(term, names) for term in triple)}", err=True
        )
        ctx.exit(FINDINGS)
    if as_json:
        proof = _entry(step, partial(_term, store, names))
        click.echo(json.dumps(proof, ensure_ascii=False, indent=1))
    else:
        for line in proofs.lines(step, partial(terms.short, names=names)):
            click.echo(line)


def _entry(step: ProofStep, term: Callable[[object], dict[str, Any]]) -> dict[str, Any]:
    """Return a step and its premises for JSON; a text or list that would be empty is left out."""
    subject, predicate, value = map(term, step.triple)
    reasons = {"rule": step.rule, "reason": step.reason, "graph": step.graph, "quotes": step.quotes}
    entry = {"subject": subject, "property": predicate, "value": value, **reasons}
    premises = {"premises": [_entry(premise, term) for premise in step.premises]}
    return {key: part for key, part in (entry | premises).items() if part}


def _term(store: ox.Store, names: Namespaces, term: object) -> dict[str, Any]:
    """Return a term for JSON: IRI, name and English label, or the value of a literal and its kind."""
    if isinstance(term, ox.NamedNode):
        labels = [terms.value(row["label"]) for row in rows(store, _LABELS % term)]
        return {"iri": term.value, "name": terms.short(term, names)} | (
            {"label": labels[0]} if labels else {}
        )
    if isinstance(term, ox.Literal):
        kind = {"language": term.language} if term.language else {"datatype": term.datatype.value}
        return {"value": term.value, **kind}
    return {"value": terms.value(term)}
