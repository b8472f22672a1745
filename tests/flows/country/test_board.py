"""How far everybody is, as text: nothing is lost, and a phone shows it without sideways scrolling."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.country.board import OPEN, SIGNS, STATES, Board, BoardRow, as_lines
from tests.budget import examples

LEGEND = {
    "untouched": "Pas commencé",
    "begun": "Commencé",
    "delegated": "Confié à un collègue",
    "done": "Terminé",
    "clearance": "Chez le supérieur",
    "returned": "À corriger",
    "submitted": "Transmis",
    "accepted": "Accepté",
    "none": "Sans objet",
}
COLUMNS = ("Sources", "Cycle", "Profil", "Recommandations")


def board(*rows: BoardRow) -> Board:
    return Board("Burkina Faso", "12 mars 2026", COLUMNS, rows, LEGEND)  # type: ignore[arg-type]


def test_a_block_says_the_name_what_is_closed_in_numbers_and_what_is_open_by_name() -> None:
    row = BoardRow("Ministère de la Santé", ("accepted", "begun", "returned", "begun"), "Rappel le 3 mars")
    assert as_lines(board(row)) == (
        "Burkina Faso",
        "12 mars 2026",
        "",
        "Ministère de la Santé · 1/4",
        "✓ Accepté 1",
        "◐ Commencé – Cycle, Recommandations",
        "! À corriger – Profil",
        "Rappel le 3 mars",
    )


def test_what_is_all_open_or_all_closed_is_said_once() -> None:
    lines = as_lines(board(BoardRow("A", ("untouched",) * 4), BoardRow("B", ("accepted",) * 4)))
    assert lines[2:] == ("", "A · 0/4", "○ Pas commencé", "", "B · 4/4", "✓ Accepté 4")


def test_what_does_not_concern_an_entity_is_not_counted() -> None:
    assert "A · 1/2" in as_lines(board(BoardRow("A", ("done", "none", "none", "untouched"))))
    assert as_lines(board(BoardRow("A", ("none",) * 4)))[-1] == "A · –"


def test_a_board_of_nobody_is_its_title() -> None:
    assert as_lines(board()) == ("Burkina Faso", "12 mars 2026")


def test_every_state_has_its_own_sign() -> None:
    assert set(SIGNS) == set(STATES)
    assert len(set(SIGNS.values())) == len(STATES)
    assert set(STATES) >= OPEN


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.tuples(st.text(max_size=80), st.lists(st.sampled_from(STATES), max_size=6)), max_size=6))
def test_every_open_part_is_named_and_every_name_stands_on_one_line(rows: list[tuple[str, list[str]]]) -> None:
    made = [BoardRow(name, tuple(cells)) for name, cells in rows]  # type: ignore[arg-type]
    lines = as_lines(board(*made))
    assert lines.count("") == len(rows)
    assert all("\n" not in line and "\x00" not in line for line in lines)
    blocks = "\n".join(lines).split("\n\n")[1:]
    for row, block in zip(made, blocks, strict=True):
        states = [state for state in row.cells[:4] if state != "none"]
        for name, state in zip(COLUMNS, row.cells, strict=False):
            if state in OPEN:
                assert f"{SIGNS[state]} {LEGEND[state]}" in block
                assert name in block or set(states) == {state}
