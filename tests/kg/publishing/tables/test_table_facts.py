"""What the tables say is what the telegrams say; the values were typed from the two texts."""

from __future__ import annotations

import pytest

from kg.publishing.tables.table_rows import FilledTable

Tables = dict[str, FilledTable]
HAVANA = "https://w3id.org/cablegraph/id/telegram/"


def said(tables: Tables, name: str, **wanted: str) -> list[dict[str, str]]:
    """Return the rows of a table with the wanted cells."""
    return [row for row in tables[name].dicts() if wanted.items() <= row.items()]


def slugs(rows: list[dict[str, str]], column: str) -> set[str]:
    """Return the last parts of the identifiers in a column."""
    return {row[column].rpartition("/")[2] for row in rows}


SESSION = "https://w3id.org/cablegraph/id/event/ori-session"
DECISIONS = "https://w3id.org/cablegraph/id/issue/soviet-decisions-on-the-crisis"


def test_guevara_and_aragones_were_silent_at_the_session(filled: Tables) -> None:
    rows = said(filled, "participations", event=SESSION, part="was silent")

    assert slugs(rows, "actor") == {"che-guevara", "emilio-aragones"}
    assert all("did not speak" in row["quote"] for row in rows)
    assert {row["told_by"] for row in rows} == {"Aleksandr Alekseev"}
    assert {row["status_by_teller"] for row in rows} == {"occurred"}
    assert {row["telegram"] for row in rows} == {f"{HAVANA}1962-11-02-havana-1717"}


def test_raul_castro_was_absent_from_the_session(filled: Tables) -> None:
    (row,) = said(filled, "participations", event=SESSION, part="was absent")

    assert row["actor"].endswith("/raul-castro")
    assert row["quote"] == "R. Castro was not present at the session"


def test_seven_spoke_at_the_session(filled: Tables) -> None:
    rows = said(filled, "participations", event=SESSION, part="spoke")

    assert slugs(rows, "actor") == {
        *("guillermo-garcia-frias", "haydee-santamaria", "raul-curbelo", "ramiro-valdes", "osvaldo-dorticos"),
        *("joaquin-ordoqui", "carlos-rafael-rodriguez"),
    }


def test_fidel_castro_took_no_definite_position_at_the_session(filled: Tables) -> None:
    (row,) = said(filled, "participations", event=SESSION, part="took no definite position")

    assert row["actor"].endswith("/fidel-castro")
    assert row["told_by"] == "Aleksandr Alekseev"
    assert (
        row["quote"]
        == "at the last session of the ORI … Fidel Castro … he himself did not take any definite position"
    )


def test_two_criticised_the_decisions_two_in_part_and_two_defended_them(filled: Tables) -> None:
    rows = said(filled, "positions", event=SESSION, issue=DECISIONS)
    stances = {
        stance: slugs([row for row in rows if row["stance"] == stance], "holder")
        for stance in ("against", "partly against", "for")
    }

    assert stances == {
        "against": {"guillermo-garcia-frias", "haydee-santamaria"},
        "partly against": {"raul-curbelo", "ramiro-valdes"},
        "for": {"joaquin-ordoqui", "carlos-rafael-rodriguez"},
    }


def test_the_critics_are_known_from_information_and_hedged(filled: Tables) -> None:
    rows = said(filled, "positions", event=SESSION, stance="against", issue=DECISIONS)

    assert {row["hedge"] for row in rows} == {"According to our information"}
    assert {row["basis"] for row in rows} == {"information received"}
    assert {row["origin"] for row in rows} == {"stated"}


def test_a_position_on_a_narrow_issue_counts_for_the_wider_one(filled: Tables) -> None:
    (row,) = [
        row for row in said(filled, "positions") if row["position"].endswith("/body-7/garcia-criticises")
    ]

    assert row["counts_for"] == "https://w3id.org/cablegraph/id/issue/soviet-policy-in-the-crisis"


def test_the_quote_keeps_the_order_of_the_text(filled: Tables) -> None:
    (row,) = [
        row for row in said(filled, "positions") if row["position"].endswith("/body-7/curbelo-criticises")
    ]

    assert row["quote"].startswith("According to our information … partially … Curbelo … voiced criticism")


def test_there_are_six_telegrams_two_of_which_are_here(filled: Tables) -> None:
    rows = filled["telegrams"].dicts()
    numbers = [number.rpartition(" ")[2] for row in rows for number in row["numbers"].split("; ")]

    assert {"1643-1644", "811", "812-813", "1701", "1710", "1717-1722"} <= set(numbers)
    assert [row["day"] for row in rows] == [
        *("1962-10-23", "1962-10-23", "1962-10-23", "1962-10-31", "1962-11-01", "1962-11-02"),
    ]
    assert {row["title"] for row in rows if row["holding"] == "held"} == {
        "Telegram No. 1643-1644 from Havana, 23 October 1962",
        "Telegram No. 1717-1722 from Havana, 2 November 1962",
    }


def test_the_entry_numbers_of_the_reference_notes_are_numbers(filled: Tables) -> None:
    rows = {(row["document"].rpartition("-")[2], row["number_from"]) for row in filled["numbers"].dicts()}

    assert {("1701", "49971"), ("1710", "50273"), ("811", "29127"), ("812", "29128")} <= rows


def test_the_telegram_of_november_supplements_one_that_is_not_here(filled: Tables) -> None:
    (late,) = said(filled, "telegrams", telegram=f"{HAVANA}1962-11-02-havana-1717")
    (earlier,) = said(filled, "documents", document=late["supplements"])

    assert earlier["document"] == f"{HAVANA}1962-11-01-havana-1710"
    assert earlier["holding"] == "not held"
    assert late["telegram"] in earlier["mentioned_in"].split("; ")
    assert int(earlier["mentions"]) == len(said(filled, "mentions", document=earlier["document"]))


def test_the_night_visit_began_after_two_and_lasted_until_seven(filled: Tables) -> None:
    (row,) = [row for row in filled["dates"].dicts() if row["date"].endswith("1717/body-19/time-of-visit")]

    assert (row["first_day"], row["last_day"], row["as_written"]) == (
        "1962-10-27",
        "1962-10-27",
        "until 7 a.m.",
    )
    assert (row["earliest"], row["latest"]) == ("1962-10-27T02:00:00-05:00", "1962-10-27T07:00:00-05:00")


def test_the_session_took_place_after_the_decisions_and_before_the_telegram(filled: Tables) -> None:
    (event,) = said(filled, "events", event=SESSION)
    rows = said(filled, "dates", of=SESSION, best="yes")

    assert (event["first_day"], event["last_day"]) == ("1962-10-27", "1962-11-02")
    assert [(row["first_day"], row["last_day"]) for row in rows] == [("1962-10-27", "1962-11-02")]
    assert event["status"] == "occurred"


def test_each_document_and_event_has_one_best_date_at_most(filled: Tables) -> None:
    things = [thing for row in said(filled, "dates", best="yes") for thing in row["of"].split("; ")]
    dated = [row for name in ("documents", "events") for row in filled[name].dicts() if row["first_day"]]

    assert len(things) == len(set(things)) == len(dated) > 20
    assert all(row["first_day"] <= row["last_day"] for row in dated)


def test_the_foot_dates_the_telegram_of_november(filled: Tables) -> None:
    (row,) = said(filled, "documents", document=f"{HAVANA}1962-11-02-havana-1717")

    # "2.XI.62", signed Alekseev; the archive's page has a date of its own.
    assert (row["first_day"], row["date_voice"]) == ("1962-11-02", "head and foot")


@pytest.mark.parametrize("name", ["statements", "positions", "participations", "names", "tenures"])
def test_what_no_passage_asserts_is_in_one_table_alone(name: str, filled: Tables) -> None:
    open_ = set(filled["unasserted"].column("unasserted"))
    kinds = set(filled["statements"].column("kind"))
    rows = filled[name].dicts()
    key = filled[name].table.key.name

    assert open_
    assert not open_ & {row[key] for row in rows}
    assert not kinds & {"Reading", "AscribedClaim", "ProposedText"}
    told = [row for row in rows if row.get("holder") or name != "statements"]
    assert {row["certainty"] for row in told} == {"certain", "probable"}


def test_what_is_ascribed_to_castro_is_not_what_he_holds(filled: Tables) -> None:
    # Khrushchev's letter: "you suggested that we should be the first".
    rows = [row for row in said(filled, "unasserted", standing="ascribed") if "body-20/" in row["unasserted"]]

    assert {(row["by"], row["would_be_holder"]) for row in rows} == {
        ("Nikita Sergeyevich Khrushchev", "Fidel Castro")
    }


def test_nobody_holds_what_is_proposed_for_a_reply(filled: Tables) -> None:
    rows = [row for row in said(filled, "unasserted", standing="proposed") if "/body-3" in row["unasserted"]]

    # "I would consider it possible to express the following ideas"
    assert {row["by"] for row in rows} == {"Aleksandr Alekseev"}
    assert all(row["would_be_holder"] and row["would_be_holder"] != row["by"] for row in rows)


def test_a_reading_names_its_ambiguity_and_nobody_who_says_so(filled: Tables) -> None:
    rows = said(filled, "unasserted", standing="reading")
    places = {row["statement"] for row in said(filled, "statements", kind="Ambiguity")}

    assert [row for row in rows if row["ambiguity"]]
    assert {row["by"] for row in rows} == {""}
    assert {place for row in rows if row["ambiguity"] for place in row["ambiguity"].split("; ")} <= places


def test_each_quote_belongs_to_a_statement_or_to_what_is_not_asserted(filled: Tables) -> None:
    rows = filled["evidence"].dicts()

    assert all(bool(row["statement"]) != bool(row["unasserted"]) for row in rows)


def test_who_says_what_became_of_an_event_is_told(filled: Tables) -> None:
    own = {row["event"] for row in said(filled, "event_statuses", own_account="yes")}
    told = {row["event"] for row in filled["events"].dicts() if row["status"]}

    assert own == told != set()
    assert "" not in filled["event_statuses"].column("told_by")


def test_parts_of_a_name_are_those_of_the_bracket(filled: Tables) -> None:
    (row,) = [
        row
        for row in said(filled, "names", as_written="Haydée Santamaría Cuadrado")
        if row["voice"] == "editor's bracket"
    ]

    assert (row["given_name"], row["family_name"]) == ("Haydée", "Santamaría Cuadrado")


def test_headings_are_counted(filled: Tables) -> None:
    listed = {row["name"]: int(row["statements"]) for row in filled["topics"].dicts()}
    used = [name for cell in filled["statements"].column("topics") for name in cell.split("; ") if name]

    assert {name: used.count(name) for name in listed} == listed
    assert sum(listed.values()) > 300


def test_every_search_in_a_catalogue_is_a_row_with_its_own_item(filled: Tables) -> None:
    castro = {
        (row["catalogue"], row["item"])
        for row in filled["links"].dicts()
        if row["thing"].endswith("/actor/fidel-castro")
    }

    assert ("Wikidata", "http://www.wikidata.org/entity/Q11256") in castro
    assert len({catalogue for catalogue, _ in castro}) == len(castro)


def test_the_initial_and_the_bracket_are_two_voices_for_one_person(filled: Tables) -> None:
    rows = said(filled, "names", thing_name="Haydée Santamaría Cuadrado")

    assert ("A. Santamaria", "writer's body") in {(row["as_written"], row["voice"]) for row in rows}
    assert ("Haydée Santamaría Cuadrado", "editor's bracket") in {
        (row["as_written"], row["voice"]) for row in rows
    }


def test_dorticos_is_president_by_a_bracket(filled: Tables) -> None:
    rows = said(filled, "tenures", office_name="President of Cuba")

    assert {(row["person_name"], row["voice"]) for row in rows} == {
        ("Osvaldo Dorticós Torrado", "editor's bracket")
    }


def test_no_quote_is_longer_than_ten_words(filled: Tables) -> None:
    quotes = filled["evidence"].column("quote")

    assert len(quotes) > 1000
    assert max(len(quote.split()) for quote in quotes) <= 10
