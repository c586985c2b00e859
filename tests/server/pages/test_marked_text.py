"""The text of a passage is cut at its quotes; what no quote tells stays unknown without the text."""

from __future__ import annotations

from server.pages.telegrams.marked_text import QuotedPlace, bars, segments

TEXT = "....The cat sat on the mat, alone."
CAT, SAT, MAT = (
    QuotedPlace(8, 11, "cat", 1),
    QuotedPlace(12, 18, "sat on", 2),
    QuotedPlace(15, 26, "on the mat", 0),
)
OVER = QuotedPlace(8, 15, "cat sat", 3)


def told(*places: QuotedPlace, text: str | None = None, first: int = 4, last: int = 34) -> list[str]:
    return [piece.text or f"<{piece.length}>" for piece in segments(first, last, places, text)]


def test_without_the_text_only_quotes_are_known() -> None:
    assert told(CAT, SAT) == ["<4>", "cat", "<1>", "sat on", "<16>"]


def test_with_the_text_all_of_it_stands_there_in_pieces() -> None:
    pieces = segments(4, 34, [CAT, SAT], TEXT)

    assert "".join(piece.text for piece in pieces) == TEXT[4:34]
    assert [piece.text for piece in pieces if piece.quoted] == ["cat", "sat on"]


def test_quotes_that_overlap_are_cut_where_either_begins_or_ends() -> None:
    pieces = segments(4, 34, [CAT, OVER], None)

    assert [(piece.text, piece.over, piece.numbers) for piece in pieces if piece.quoted] == [
        ("cat", (1, 3), (1,)),
        (" sat", (3,), (3,)),
    ]


def test_a_quote_of_a_statement_that_is_not_shown_has_no_number() -> None:
    piece = next(piece for piece in segments(4, 34, [MAT], TEXT) if piece.quoted)

    assert (piece.over, piece.numbers, piece.start) == ((), (), 15)


def test_quotes_of_other_passages_are_left_out() -> None:
    assert told(CAT, first=12) == ["<22>"]
    assert told(first=4, last=4) == []


def test_bars_do_not_overlap() -> None:
    assert list(bars(4, 34, [OVER, CAT, SAT])) == [(4, 7), (11, 3)]
    assert list(bars(12, 34, [CAT])) == []
