"""What the tables say is what the telegrams say; the values were typed from the two texts."""

from __future__ import annotations

from kg.publishing.tables.table_rows import FilledTable

Tables = dict[str, FilledTable]
HAVANA = "https://w3id.org/cablegraph/id/telegram/"


def said(tables: Tables, name: str, **wanted: str) -> list[dict[str, str]]:
    """Return the rows of a table with the wanted cells, without readings that the curator doubts."""
    return [
        row
        for row in tables[name].dicts()
        if row.get("certainty") != "doubtful" and wanted.items() <= row.items()
    ]


def surnames(rows: list[dict[str, str]], column: str) -> set[str]:
    known = ("Guevara", "Aragonés", "Raúl Castro", "García", "Santamaría", "Curbelo", "Valdés")
    more = ("Dorticós", "Ordoqui", "Rodríguez Rodríguez", "Fidel Castro")
    return {next((name for name in known + more if name in row[column]), row[column]) for row in rows}


SESSION = "https://w3id.org/cablegraph/id/event/ori-session"
DECISIONS = "https://w3id.org/cablegraph/id/issue/soviet-decisions-on-the-crisis"


def test_guevara_and_aragones_were_silent_at_the_session(filled: Tables) -> None:
    rows = said(filled, "participations", event=SESSION, part="was silent")

    assert surnames(rows, "actor_name") == {"Guevara", "Aragonés"}
    assert all("did not speak" in row["quote"] for row in rows)
    assert {row["reporter"] for row in rows} == {"Aleksandr Ivanovich Alekseev"}
    assert {row["telegram"] for row in rows} == {f"{HAVANA}1962-11-02-havana-1717"}


def test_raul_castro_was_absent_from_the_session(filled: Tables) -> None:
    (row,) = said(filled, "participations", event=SESSION, part="was absent")

    assert row["actor_name"] == "Raúl Castro Ruz"
    assert row["quote"] == "R. Castro was not present at the session"


def test_seven_spoke_at_the_session(filled: Tables) -> None:
    rows = said(filled, "participations", event=SESSION, part="spoke")

    assert surnames(rows, "actor_name") == {
        *("García", "Santamaría", "Curbelo", "Valdés", "Dorticós", "Ordoqui", "Rodríguez Rodríguez"),
    }


def test_fidel_castro_took_no_definite_position_at_the_session(filled: Tables) -> None:
    (row,) = said(filled, "participations", event=SESSION, part="took no definite position")

    assert row["actor_name"] == "Fidel Castro Ruz"
    assert row["quote"] == "he himself did not take any definite position"


def test_two_criticised_the_decisions_two_in_part_and_two_defended_them(filled: Tables) -> None:
    rows = said(filled, "positions", event=SESSION, issue=DECISIONS)
    stances = {
        stance: surnames([row for row in rows if row["stance"] == stance], "holder_name")
        for stance in ("against", "partly against", "for")
    }

    assert stances == {
        "against": {"García", "Santamaría"},
        "partly against": {"Curbelo", "Valdés"},
        "for": {"Ordoqui", "Rodríguez Rodríguez"},
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

    assert row["quote"] == "partially … Curbelo … voiced criticism of our decisions"


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


def test_the_night_visit_began_at_two_and_ended_by_eight(filled: Tables) -> None:
    (row,) = [row for row in filled["dates"].dicts() if row["date"].endswith("1717/body-19/time-of-visit")]

    assert (row["day"], row["as_written"]) == ("1962-10-27", "until 7 a.m.")
    assert (row["earliest"], row["latest"]) == ("1962-10-27T02:00:00-05:00", "1962-10-27T07:59:59-05:00")


def test_a_date_over_several_days_has_no_day(filled: Tables) -> None:
    (row,) = said(filled, "dates", of=SESSION)

    assert row["day"] == ""
    assert row["as_written"] == "the last session"


def test_the_initial_and_the_bracket_are_two_voices_for_one_person(filled: Tables) -> None:
    rows = said(filled, "names", actor_name="Haydée Santamaría Cuadrado")

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
