"""To whom something is said: their language, and buttons that are theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.messages import LATER, REPLY, Button, Document, Line, LineStyle, Prompt
from db.people import Person
from flows import i18n
from flows.i18n import text

DO = "do:"  # a button's action: a step of the exercise, of the person it was made for
MOST_BYTES = 64  # of a button's action


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says things to one person, in the part that is meant."""

    person: Person

    @property
    def language(self) -> str:
        return self.person.language

    def text(self, key: str, n: int | None = None, /, **values: object) -> str:
        """A sentence of the catalogues."""
        return text(key, self.language, n, **values)

    def button(self, label: str, name: str, *arguments: str | int) -> Button:
        """A button that takes a step: `name` is a press of some capability, `arguments` come back to it as texts.

        Raises `ValueError` where it would not fit into a button.
        """
        action = f"{DO}{base36(self.person.id)}:{':'.join((name, *map(str, arguments)))}"
        if len(action.encode()) > MOST_BYTES:
            raise ValueError(f"too long for a button: {action}")
        return Button(label, action)

    def prompt(
        self,
        *lines: str | Line,
        buttons: Sequence[Sequence[Button]] = (),
        documents: Sequence[Document] = (),
        key: str = "",
        edit: bool = False,
        priority: int = REPLY,
    ) -> Prompt:
        """A message of paragraphs, in this person's language. `key`: a later one with `edit` takes its place."""
        return Prompt(
            tuple(Line(line) if isinstance(line, str) else line for line in lines),
            tuple(tuple(row) for row in buttons if row),
            key=key,
            edit=edit,
            language=self.language,
            documents=tuple(documents),
            rtl=i18n.base(self.language) in i18n.RIGHT_TO_LEFT,
            priority=priority,
        )


def styled(style: LineStyle, *lines: str) -> tuple[Line, ...]:
    """Paragraphs of one style."""
    return tuple(Line(line, style) for line in lines)


def later(prompt: Prompt) -> Prompt:
    """The same, behind what people wait for."""
    return replace(prompt, priority=LATER)


def base36(number: int) -> str:
    """A number as short as a button wants it."""
    digits = ""
    while True:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
        if not number:
            return digits


def read_action(action: str) -> tuple[int, str, tuple[str, ...]] | None:
    """Person, name and arguments of a button made by `Speaker.button`; None for any other."""
    if not action.startswith(DO):
        return None
    whose, _, rest = action.removeprefix(DO).partition(":")
    name, *arguments = rest.split(":")
    try:
        return int(whose, 36), name, tuple(arguments)
    except ValueError:
        return None
