"""SPARQL CONSTRUCT rules for what OWL 2 RL cannot express, read from `queries/rules/STAGE/NAME.rq`.

The stages are `before` the closure of one telegram, `after` it, `across` all telegrams of a collection, and
`several`: those that read several collections together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable

import pyoxigraph as ox

from kg.errors import DataError, Finding
from kg.reading import comment_header
from kg.resources import listed

STAGES = ("before", "after", "across", "several")
_OURS = re.compile(r"(?:\bcg:|/ontology#)(\w+)")
_WHERE = re.compile(r"\bWHERE\s*\{(.*)\}\s*$", re.DOTALL)


@dataclass(frozen=True)
class Rule:
    """One CONSTRUCT rule: its name, stage, title, reason and query text.

    `program` names what the inference over columns runs in place of a pattern that it would run slowly.
    """

    name: str
    stage: str
    title: str
    why: str
    text: str
    program: str = ""

    @property
    def body(self) -> str:
        """Return the group pattern of the rule, without its braces."""
        match = _WHERE.search(self.text)
        return match.group(1) if match else ""

    @property
    def reads(self) -> frozenset[str]:
        """Return the local names of our properties and classes in the pattern."""
        return frozenset(_OURS.findall(self.body))

    def apply(self, store: ox.Store, graphs: Sequence[ox.NamedNode]) -> set[ox.Triple]:
        """Return the triples that the rule infers from the union of `graphs`, or of all graphs if empty."""
        result = store.query(
            self.text, default_graph=list(graphs) or None, use_default_graph_as_union=not graphs
        )
        assert isinstance(result, ox.QueryTriples)  # noqa: S101 (the loader has parsed it)
        return set(result)


def load(folder: Traversable) -> list[Rule]:
    """Return the rules below `folder`, by stage and name; raises DataError for files that are not rules."""
    rules: list[Rule] = []
    findings: list[Finding] = []
    for stage in STAGES:
        for file in listed(folder / stage, ".rq"):
            try:
                rules.append(_rule(stage, file))
            except DataError as error:
                findings += error.findings
    if findings:
        raise DataError(findings)
    return rules


def _rule(stage: str, file: Traversable) -> Rule:
    path, text = f"queries/rules/{stage}/{file.name}", file.read_text(encoding="utf-8")
    head = comment_header.read(path, text)
    rule = Rule(
        file.name.removesuffix(".rq"), stage, head.text("title"), head.text("why"), text, head.text("program")
    )
    problem = _problem(rule)
    if problem:
        raise DataError([Finding(path, 1, problem)])
    return rule


def _problem(rule: Rule) -> str:
    if not (rule.title and rule.why):
        return "a rule needs the lines `#+ title:` and `#+ why:`"
    if not rule.body:
        return "a rule ends with `WHERE { … }`"
    try:
        result = ox.Store().query(rule.text)
    except SyntaxError as error:
        return f"this is not SPARQL: {error.msg}"
    return "" if isinstance(result, ox.QueryTriples) else "a rule is a CONSTRUCT query"


def of_stage(rules: Iterable[Rule], stage: str) -> list[Rule]:
    """Return the rules of one stage."""
    return [rule for rule in rules if rule.stage == stage]
