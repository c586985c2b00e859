"""Rule files: what they must hold, and that each mistake is named with its file."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import build
from kg.errors import DataError
from kg.inference import rules
from kg.inference.rules import STAGES, Rule, of_stage

GOOD = "#+ title: Known\n#+ why: Who is named is known.\nCONSTRUCT { ?b <urn:knownTo> ?a } WHERE { ?a <urn:names> ?b }\n"


def folder(root: Path, files: dict[str, str]) -> Path:
    for stage in STAGES:
        (root / stage).mkdir()
    for name, text in files.items():
        (root / name).write_text(text, encoding="utf-8")
    return root


def test_rules_come_by_stage_and_name_with_title_and_reason(tmp_path: Path) -> None:
    found = rules.load(folder(tmp_path, {"across/a.rq": GOOD, "before/c.rq": GOOD, "before/b.rq": GOOD}))
    assert [(rule.stage, rule.name) for rule in found] == [("before", "b"), ("before", "c"), ("across", "a")]
    assert {(rule.title, rule.why) for rule in found} == {("Known", "Who is named is known.")}
    assert [rule.name for rule in of_stage(found, "before")] == ["b", "c"]


def test_a_rule_sees_the_graphs_it_is_given_or_all(tmp_path: Path) -> None:
    (rule,) = rules.load(folder(tmp_path, {"after/a.rq": GOOD}))
    store = ox.Store()
    for n in "12":
        quad = ox.Quad(
            ox.NamedNode(f"urn:a{n}"),
            ox.NamedNode("urn:names"),
            ox.NamedNode("urn:b"),
            ox.NamedNode(f"urn:g{n}"),
        )
        store.add(quad)
    drawn = {str(t.object) for t in rule.apply(store, [ox.NamedNode("urn:g1")])}
    assert drawn == {"<urn:a1>"}
    assert {str(t.object) for t in rule.apply(store, ())} == {"<urn:a1>", "<urn:a2>"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD.replace("title", "name"), "a rule needs the lines"),
        (GOOD.replace("#+ why", "# why"), "a rule needs the lines"),
        (GOOD.replace("Known", "[Known"), "the header cannot be read; this is not YAML"),
        (GOOD.replace("WHERE { ?a", "WHERE ?a"), "a rule ends with"),
        (GOOD.replace("CONSTRUCT", "CONSTRUKT"), "this is not SPARQL"),
        (GOOD.replace("CONSTRUCT { ?b <urn:knownTo> ?a }", "SELECT ?a"), "a rule is a CONSTRUCT query"),
    ],
)
def test_a_file_that_is_no_rule_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DataError) as caught:
        rules.load(folder(tmp_path, {"before/wrong.rq": text, "after/good.rq": GOOD}))
    (finding,) = caught.value.findings
    assert finding.file == "queries/rules/before/wrong.rq"
    assert finding.message.startswith(message)


def test_all_files_that_are_no_rules_are_named_at_once(tmp_path: Path) -> None:
    wrong = {f"{stage}/wrong.rq": "ASK { ?a ?b ?c }" for stage in STAGES}
    with pytest.raises(DataError) as caught:
        rules.load(folder(tmp_path, wrong))
    assert [f.file for f in caught.value.findings] == sorted(f"queries/rules/{name}" for name in wrong)


def test_every_shipped_rule_file_is_loaded(sources: build.Collection) -> None:
    files = sorted(f.name for stage in STAGES for f in (sources.queries / "rules" / stage).iterdir())
    loaded = rules.load(sources.queries / "rules")
    assert sorted(f"{rule.name}.rq" for rule in loaded) == files
    assert len({rule.name for rule in loaded}) == len(loaded)


def test_the_body_of_a_rule_without_one_is_empty() -> None:
    assert Rule("n", "before", "t", "w", "CONSTRUCT { }").body == ""


def test_a_rule_knows_the_terms_that_it_reads() -> None:
    text = "PREFIX cg: <https://w3id.org/cablegraph/ontology#> CONSTRUCT { ?a cg:knows ?b } WHERE {"
    body = (
        "?a a cg:Actor ; <https://w3id.org/cablegraph/ontology#at> ?b FILTER NOT EXISTS { ?b cg:avoids ?a } }"
    )
    assert Rule("n", "before", "t", "w", f"{text} {body}").reads == {"Actor", "at", "avoids"}
