"""The terminal as a channel: prompts shown by rich, typed lines turned into what any channel brings in.

Answer buttons have a number in brackets: typing it presses the button. The other buttons are shown as commands
(`/back`, `/skip` …), and typing the command presses them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from rich.console import Console
from rich.text import Text

from bot.messages import (
    Button,
    CommandIn,
    FileIn,
    LocationIn,
    NotReached,
    Payload,
    PressIn,
    Prompt,
    TextIn,
)
from bot.prompts import command_of

_STYLES = {
    "progress": "dim",
    "question": "bold",
    "title": "bold underline",
    "hint": "italic",
    "example": "italic dim",
    "error": "red",
    "quote": "green",
    "item": "",
    "body": "",
}
_MARKS = {"quote": "  → ", "item": "  • ", "error": "! "}


@dataclass(slots=True)
class Terminal:
    """One conversation on one screen."""

    console: Console
    buttons: dict[str, Button] = field(default_factory=dict)  # what can be typed → the button it presses
    name: str = "terminal"

    def show(self, prompt: Prompt) -> None:
        """Print `prompt`. What other channels edit in place is printed again, as little of it as needed."""
        resolved = prompt.edit and not prompt.buttons
        if not resolved:
            self.buttons = {}
            self.console.print()
        for number, line in enumerate(prompt.lines):
            if number and line.style == "progress" and not prompt.edit:
                self.console.print()
            if prompt.edit and line.style not in ("quote", "error") and (resolved or line.style != "body"):
                continue
            self.console.print(Text(_MARKS.get(line.style, "") + _printable(line.text), style=_STYLES[line.style]))
        for row in prompt.buttons:
            shown = [shown for button in row if (shown := self._shown(button))]
            if shown:
                self.console.print(Text("   ".join(shown), style="cyan"))
        for document in prompt.documents:
            self.console.print(Text(f"[{document.name}] {document.path or document.sha256}"))

    def _shown(self, button: Button) -> str:
        """How a button looks; numbers that only repeat the list in the text are not printed."""
        tick = {None: "", True: "✓ ", False: "  "}[button.ticked]
        if button.url:
            return f"{button.label}: {button.url}"
        command = command_of(button.action)
        if command:
            self.buttons[f"/{command}"] = button
            return f"/{command} {button.label}"
        if button.label.isdecimal():
            self.buttons[button.label] = button
            return f"{tick}{button.label}" if button.ticked else ""
        number = next(str(n) for n in range(1, 1000) if str(n) not in self.buttons)
        self.buttons[number] = button
        return f"[{number}] {tick}{_printable(button.label)}"

    def read(self, line: str) -> Payload:
        """What a typed line stands for: a press, a command, a file (`/file PATH`), a place (`/place LAT LON`), text."""
        said = line.strip()
        button = self.buttons.get(said.lower())
        if button is not None:
            return PressIn(button.action)
        if not said.startswith("/"):
            return TextIn(line)
        name, _, arguments = said[1:].partition(" ")
        name, arguments = name.lower(), arguments.strip()
        if name == "file" and arguments:
            return _file(arguments)
        if name == "place":
            numbers = [_number(part) for part in arguments.replace(",", " ").split()]
            if len(numbers) == 2 and numbers[0] is not None and numbers[1] is not None:
                return LocationIn(numbers[0], numbers[1])
        return CommandIn(name, arguments)

    async def send(self, address: str, prompt: Prompt, edits: str = "") -> str:
        """Show `prompt`; the same for every address."""
        self.show(prompt)
        return prompt.key

    async def acknowledge(self, press_id: str, text: str = "") -> None:
        """Nothing waits for an acknowledgement here."""

    async def fetch(self, reference: str) -> bytes:
        """The bytes of a file named by `/file`."""
        from pathlib import Path

        try:
            return Path(reference).read_bytes()
        except OSError as error:
            raise NotReached(str(error)) from error


def _file(path: str) -> FileIn:
    from mimetypes import guess_type
    from pathlib import Path

    file = Path(path).expanduser()
    size = file.stat().st_size if file.is_file() else None
    media_type = guess_type(file.name)[0] or "application/octet-stream"
    return FileIn(str(file), file.name, file.name, media_type, size, "document")


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _printable(text: str) -> str:
    """No control that a terminal would obey; the blanks of typography stay."""
    return "".join(character for character in text if character in "\n\u00a0\u202f" or character.isprintable())
