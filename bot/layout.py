"""How choices and buttons are laid out so that they read well on a phone."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button
from flows.interview.form import Choice

MOST_BUTTONS = 8  # more choices than this are listed by number in the text
LONGEST_LABEL = 36  # characters that one line of a phone shows on a button
MOST_NUMBERS = 60  # more choices than this have no buttons at all: the answer is typed
MOST_LINES = 120  # more than this are not listed either
_WIDTHS = ((3, 6), (8, 4), (12, 3), (18, 2))  # (longest label, buttons in a row)


def is_listed(choices: Sequence[Choice]) -> bool:
    """Whether the choices stand in the text, with numbers."""
    if not choices or len(choices) > MOST_LINES:
        return False
    return len(choices) > MOST_BUTTONS or any(len(choice.label) > LONGEST_LABEL for choice in choices)


def shown_as_list(choices: Sequence[Choice]) -> bool:
    """Whether the choices have buttons; too many are found by typing."""
    return len(choices) <= MOST_NUMBERS


def numbered(choices: Sequence[Choice], chosen: Sequence[str]) -> str:
    """ "3. Label", one a line, ticked where chosen."""
    lines = (
        f"{number}. {choice.label}{' ✓' if choice.name in chosen else ''}" for number, choice in enumerate(choices, 1)
    )
    return "\n".join(lines)


def arranged(buttons: Sequence[Button]) -> list[list[Button]]:
    """Rows whose labels fit: as many to a row as the longest label allows, evenly."""
    if not buttons:
        return []
    longest = max(len(button.label) + (2 if button.ticked is not None else 0) for button in buttons)
    width = next((count for limit, count in _WIDTHS if longest <= limit), 1)
    rows = -(-len(buttons) // width)
    width = -(-len(buttons) // rows)
    return [list(buttons[at : at + width]) for at in range(0, len(buttons), width)]
