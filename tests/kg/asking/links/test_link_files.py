"""The links in the formats of others: from the graph alone, readable by those who made the formats."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import unquote

import pyoxigraph as ox
import pytest

from kg.asking.links import sssom_writer, wikidata
from kg.asking.links.link_files import beacon, files, link_files
from kg.asking.links.link_table import LinkTable, read
from kg.asking.links.wikidata import properties
from kg.build import Collection
from kg.reading.authorities import AUTHORITIES
from kg.reading.sssom_file import parse
from kg.store import layers
from kg.store.layers import OURS
from kg.store.sparql import rows

VERSION = "0123456789abcdef" * 4
ID = "https://w3id.org/cablegraph/id/"


@pytest.fixture(scope="module")
def made(store: ox.Store) -> dict[str, str]:
    return {name: content.decode() for name, content in files(store, VERSION).items()}


@pytest.fixture(scope="module")
def table(store: ox.Store) -> LinkTable:
    return LinkTable(read(lambda query: rows(store, query)))


def test_there_is_a_file_for_each_format_and_catalogue(made: dict[str, str]) -> None:
    of_each = {f"links/{name}.{ending}" for name in AUTHORITIES for ending in ("sssom.tsv", "beacon.txt")}

    assert set(made) == {
        *of_each,
        *(f"links/{name}" for name in ("all.sssom.tsv", "values.rq", "sameas.nt", "quickstatements.tsv")),
    }


def test_two_makings_are_the_same_bytes(store: ox.Store, made: dict[str, str]) -> None:
    again = ox.Store()
    again.extend(reversed(list(store)))

    assert {name: content.decode() for name, content in files(again, VERSION).items()} == made


def test_each_file_says_what_it_is(store: ox.Store) -> None:
    found = link_files(lambda query: rows(store, query), VERSION)

    assert len({offer.title for offer in found}) == len(found) > 0
    assert all(offer.about.endswith(".") and offer.content.endswith(b"\n") for offer in found)


def test_the_sssom_from_the_graph_has_the_rows_of_the_records(
    made: dict[str, str], sources: Collection
) -> None:
    name = "link.sssom.tsv"
    own = parse(name, (sources.records / name).read_bytes())
    written_file = parse(
        "all.sssom.tsv", made["links/all.sssom.tsv"].replace("#mapping_set_version", "#x").encode()
    )

    assert written_file.findings == []
    assert own.rows
    assert sorted(map(str, (dict(row.cells) for row in written_file.rows))) == sorted(
        map(str, (dict(row.cells) for row in own.rows))
    )
    assert f"#mapping_set_version: {VERSION}\n" in made["links/all.sssom.tsv"]


def test_the_sssom_of_a_catalogue_has_its_rows_alone(made: dict[str, str]) -> None:
    sources = {row.cells["object_source"] for row in parse("x", made["links/viaf.sssom.tsv"].encode()).rows}

    assert sources == {"catalogue:viaf"}


BEACON = re.compile(r"#([A-Z]+): (.*)")


def read_beacon(text: str) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
    """Return the meta fields and the links, by section 3 of draft 003: pattern, then fields between bars."""
    lines = text.splitlines()
    fields = dict(match.groups() for line in lines if (match := BEACON.fullmatch(line)))
    found = []
    for line in lines[len(fields) :]:
        if line:
            source, annotation, target = line.split("|")
            prefix = fields["PREFIX"] if "{" in fields["PREFIX"] else fields["PREFIX"] + "{ID}"
            found.append(
                (prefix.replace("{ID}", source), annotation, fields["TARGET"].replace("{+ID}", target))
            )
    return fields, found


@pytest.mark.parametrize("name", AUTHORITIES)
def test_a_beacon_file_read_by_the_draft_gives_the_exact_matches(
    name: str, made: dict[str, str], table: LinkTable
) -> None:
    fields, found = read_beacon(made[f"links/{name}.beacon.txt"])

    assert made[f"links/{name}.beacon.txt"].startswith("#FORMAT: BEACON\n")
    assert fields["RELATION"] == "http://www.w3.org/2004/02/skos/core#exactMatch"
    days = {"wikidata": "2026-11-26"}  # of the headings, which were looked for later than all else
    assert fields["TIMESTAMP"] == days.get(name, "2026-11-22")  # the newest check, and no time of writing
    assert {(link.item, link.label, link.iri) for link in table.exact if link.catalogue == name} == set(found)
    assert found


def test_a_line_separator_of_unicode_in_a_name_ends_no_row(table: LinkTable) -> None:
    from dataclasses import replace

    link = replace(table.to("Q11256")[0], item_label="Castro\u2028Fidel")
    read = parse("x", sssom_writer.write([link], "x", "Links", VERSION, OURS).encode())

    assert [row.cells["object_label"] for row in read.rows] == ["Castro\u2028Fidel"]


def test_a_bar_in_a_name_does_not_break_a_line_of_beacon(table: LinkTable) -> None:
    from dataclasses import replace

    link = replace(table.to("Q11256")[0], label="Castro | Fidel")

    assert "\nQ11256|Castro / Fidel|actor/fidel-castro\n" in beacon([link], AUTHORITIES["wikidata"])


def test_same_as_is_offered_for_exact_matches_and_stands_nowhere_in_the_graph(
    made: dict[str, str], table: LinkTable, store: ox.Store
) -> None:
    triples = [q.triple for q in ox.parse(made["links/sameas.nt"].encode(), ox.RdfFormat.N_TRIPLES)]
    same = ox.NamedNode("http://www.w3.org/2002/07/owl#sameAs")

    assert len(triples) == len(table.exact) > 0
    assert {t.predicate for t in triples} == {same}
    assert {(t.subject.value, t.object.value) for t in triples} == {(k.iri, k.item) for k in table.exact}
    assert not list(store.quads_for_pattern(None, same, None))


def test_the_values_block_runs_as_it_stands_and_gives_the_pairs(
    made: dict[str, str], table: LinkTable
) -> None:
    found = {(row["item"].value, row["ours"].value) for row in rows(ox.Store(), made["links/values.rq"])}

    assert found == {(link.item, link.iri) for link in table.exact if link.catalogue == "wikidata"}
    assert found


def drafts(text: str) -> dict[str, list[str]]:
    """Return the commands of each draft by its heading."""
    blocks = [block.splitlines() for block in text.strip().split("\n\n")[1:]]
    return {block[0]: block[1:] for block in blocks}


def test_each_thing_that_was_not_found_has_a_draft_with_a_warning(
    made: dict[str, str], table: LinkTable
) -> None:
    found = drafts(made["links/quickstatements.tsv"])
    wanted = {
        f"# {link.label}: looked for and not found on 2026-11-22; review by a person first; never sent by us"
        for link in table.links
        if link.item is None
    }

    assert set(found) == wanted
    assert wanted
    assert not any(line.startswith("#") for lines in found.values() for line in lines)


def test_a_draft_is_what_the_client_of_quickstatements_writes(made: dict[str, str]) -> None:
    from datetime import date

    # Loaded here, since it makes a folder in the home, which is another one for the tests.
    from quickstatements_client import CreateLine, DateLine, EntityLine, TextLine, TextQualifier

    ours = f"{ID}document/castros-letter-of-27-october"
    source = TextQualifier(predicate="S854", target=ours)
    text = "letter cited in telegrams of the Soviet ambassador to Cuba, 1962"
    lines = [
        CreateLine(),
        TextLine(subject="LAST", predicate="Len", target="Castro's letter to Khrushchev of 27 October 1962"),
        TextLine(subject="LAST", predicate="Den", target=text),
        TextLine(
            subject="LAST",
            predicate="Dru",
            target="письмо, упомянутое в телеграммах посла СССР на Кубе, 1962",
        ),
        TextLine(
            subject="LAST",
            predicate="Des",
            target="carta citada en telegramas del embajador soviético en Cuba, 1962",
        ),
        EntityLine(subject="LAST", predicate="P31", target="Q133492", qualifiers=[source]),
        DateLine(
            subject="LAST", predicate="P585", target=date(1962, 10, 27), precision=11, qualifiers=[source]
        ),
        TextLine(subject="LAST", predicate="P973", target=ours),
    ]
    (draft,) = [
        lines
        for head, lines in drafts(made["links/quickstatements.tsv"]).items()
        if "letter to Khrushchev" in head
    ]

    # The client writes the days of a date as midnight, as we do.
    assert draft == [line.get_line(sep="\t") for line in lines]


def test_a_day_is_drafted_only_where_one_day_is_recorded(made: dict[str, str]) -> None:
    found = drafts(made["links/quickstatements.tsv"])
    days = {head.partition(":")[0]: line.split("\t")[2] for head, lines in found.items()
            for line in lines if "\tP585\t" in line}  # fmt: skip

    assert days == {
        "# Castro's letter to Khrushchev of 27 October 1962": "+1962-10-27T00:00:00Z/11",
        "# Castro's statement of five points": "+1962-10-28T00:00:00Z/11",
        "# Khrushchev's letter to Castro of 30 October 1962": "+1962-10-30T00:00:00Z/11",
        "# Kennedy's appearance of 22 October": "+1962-10-22T00:00:00Z/11",
        "# Telegram No. 1643-1644 from Havana, 23 October 1962": "+1962-10-23T00:00:00Z/11",
        "# Telegram No. 1717-1722 from Havana, 2 November 1962": "+1962-11-02T00:00:00Z/11",
    }


def test_drafts_use_no_number_of_wikidata_but_those_with_evidence(made: dict[str, str]) -> None:
    text = made["links/quickstatements.tsv"]
    commands = [line.split("\t") for line in text.splitlines() if line.startswith("LAST")]
    used = {
        field.replace("S", "P", 1)
        for line in commands
        for field in line[1::2]
        if re.fullmatch("[PS][0-9]+", field)
    }
    persons = Counter(line[2] for line in commands if line[1] == "P31")

    assert used == set(properties()) == {"P31", "P585", "P854", "P973"}
    assert persons == {"Q5": 8, "Q133492": 3}


def test_the_link_to_the_query_service_carries_the_query_after_the_hash() -> None:
    query = wikidata.query_about(
        ["http://www.wikidata.org/entity/Q1", "http://www.wikidata.org/entity/Q2"] * 2
    )
    address = wikidata.query_service_link(query)
    start, _, rest = address.partition("#")

    assert start == "https://query.wikidata.org/"
    assert unquote(rest) == query
    assert "VALUES ?item { wd:Q1 wd:Q2 }" in query
    assert "# What Wikidata says of 2 items" in query
    assert "# What Wikidata says of Q1," in wikidata.query_about(["http://www.wikidata.org/entity/Q1"])
    assert re.fullmatch(r"[A-Za-z0-9%._~-]+", rest)


def test_a_linkset_counts_the_links_of_one_class_by_one_predicate(store: ox.Store, table: LinkTable) -> None:
    found = rows(
        store,
        f"""PREFIX void: <http://rdfs.org/ns/void#>
        SELECT ?catalogue ?space ?class ?relation ?n {{
          <{layers.DATASET}> void:subset ?set .
          ?set a void:Linkset ; void:linkPredicate ?relation ; void:triples ?n ;
            void:subjectsTarget [ void:class ?class ] ; void:objectsTarget ?catalogue .
          ?catalogue a void:Dataset ; void:uriSpace ?space }}""",
    )
    sets = [tuple(str(term.value).rpartition("#")[2].rpartition("/")[2] for term in row) for row in found]
    by_relation: Counter[tuple[str, str]] = Counter()
    for catalogue, _, _, relation, count in sets:
        by_relation[catalogue, relation] += int(count)

    assert by_relation == Counter((k.catalogue, k.relation) for k in table.links if k.relation)
    assert ("wikidata", "", "Person", "exactMatch", "12") in sets
    assert ("geonames", "", "State", "closeMatch", "1") in sets
