"""A board as pictures that read well on a phone: large enough, told apart without colour, the same each time."""

from __future__ import annotations

import time
from functools import cache

import pytest

from bot.documents.heatmap import heatmap
from flows.country.board import STATES, Board, BoardRow, State
from tests.bot.documents import png

LEGEND: dict[State, str] = {
    "untouched": "Pas commencé",
    "begun": "Commencé",
    "delegated": "Confié à un collègue",
    "done": "Terminé",
    "clearance": "Chez le supérieur, pour accord",
    "returned": "À corriger",
    "submitted": "Transmis",
    "accepted": "Accepté",
    "none": "Sans objet",
}
SECTIONS = ("I", "II", "III.1", "III.2", "III.3", "III.4", "IV", "Annexe")
NAMES = (
    "Ministère de l’Intérieur",
    "Institut national de la statistique et de la démographie",
    "وزارة الشؤون الخارجية والتعاون",
    "Secrétariat permanent du Conseil national de secours d’urgence et de réhabilitation, et d’action humanitaire",
)


def board(rows: int, columns: tuple[str, ...] = SECTIONS, **changes: object) -> Board:
    made = tuple(
        BoardRow(
            f"{NAMES[row % 4]} {row}",
            tuple(STATES[(row + column) % 9] for column in range(len(columns))),
            "Rappel le 3 mars" if row % 5 == 0 else "",
        )
        for row in range(rows)
    )
    return Board("Burkina Faso", "12 mars 2026", columns, made, LEGEND, **changes)  # type: ignore[arg-type]


@cache
def pictures(rows: int) -> list[png.Picture]:
    return [png.read(made) for made in heatmap(board(rows))]


@pytest.mark.parametrize("rows", [0, 1, 3, 40, 60])
def test_every_picture_is_as_wide_as_a_phone_shows_well_and_not_longer_than_its_screen(rows: int) -> None:
    for picture in pictures(rows):
        assert picture.width == 1080
        assert 300 <= picture.height <= 1920


def test_few_rows_are_one_picture_and_many_are_several_of_about_the_same_height() -> None:
    assert len(pictures(3)) == 1
    heights = [picture.height for picture in pictures(60)]
    assert 3 <= len(heights) <= 6
    assert max(heights) - min(heights) < 250


def test_a_longer_board_says_more() -> None:
    assert sum(picture.height for picture in pictures(40)) > sum(picture.height for picture in pictures(3))


def test_the_same_board_gives_the_same_bytes() -> None:
    assert heatmap(board(12)) == heatmap(board(12))


def test_each_state_can_be_told_from_every_other_without_colour() -> None:
    (made,) = heatmap(Board("", "", tuple("abcdefghi"), (BoardRow("", STATES),), {}))
    grey = png.read(made).luminance()
    height, width = len(grey), len(grey[0])
    # the row of cells: nine of equal width, up to the margin of 36 pixels
    cell = (282 * 2) // 9
    top = next(y for y in range(height) if min(grey[y][width - 36 - 9 * cell : width - 36]) < 100 and y > 130)
    tiles = [
        [
            grey[y][x]
            for y in range(top, top + 40)
            for x in range(width - 36 - (9 - n) * cell, width - 44 - (8 - n) * cell)
        ]
        for n in range(9)
    ]
    for one in range(9):
        for other in range(one):
            apart = sum(abs(a - b) for a, b in zip(tiles[one], tiles[other], strict=True)) / len(tiles[one])
            assert apart > 8, (STATES[one], STATES[other], apart)


@pytest.mark.parametrize(
    "shown",
    [
        board(0),
        board(3, ()),
        board(4, ("Panorama des sources de données et d’informations", "Le cycle politique migratoire")),
        board(4, tuple(f"Colonne {number}" for number in range(14))),
        board(2, tuple(map(str, range(60)))),
        board(9, ("الأول", "الثاني", "الثالث"), rtl=True),
        Board("", "", SECTIONS, (BoardRow("", ()), BoardRow("A", ("done",) * 30)), {}),
        Board(
            '#import "x": * #sys.inputs',
            "\x00\u202e*gras* $x$ <b>",
            ("[", "#", "\\"),
            (BoardRow("x" * 10_000, ("done",), "n" * 10_000), BoardRow("🙂 \ud800 " * 99, ("begun", "none"))),
            {"done": "fait " * 900},
        ),
    ],
)
def test_whatever_is_on_a_board_it_becomes_pictures(shown: Board) -> None:
    for made in heatmap(shown):
        assert png.read(made).width == 1080


def test_what_people_wrote_is_shown_and_never_run() -> None:
    plain = Board("A", "", ("I",), (BoardRow("Office", ("done",)),), LEGEND)
    marked = Board("A", "", ("I",), (BoardRow("#panic()", ("done",)),), LEGEND)
    assert heatmap(marked) != heatmap(plain)


def test_sixty_entities_are_drawn_while_one_waits() -> None:
    heatmap(board(1))
    begun = time.process_time()  # of the processor: how busy the machine is otherwise does not matter
    heatmap(board(60))
    assert time.process_time() - begun < 3
