"""The terminal shows prompts and brings in what any channel brings in."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bot.__main__ import build
from bot.channels.terminal import Terminal
from bot.messages import Button, CommandIn, FileIn, Line, LocationIn, NotReached, PressIn, Prompt, TextIn

FORM = """
| survey | | | |
| | type | name | label |
| | text | town | Your town |
| | select_one yn | sure | Sure? |
| choices | | |
| | list_name | name | label |
| | yn | yes | Yes |
| | yn | no | No |
"""


def terminal() -> tuple[Terminal, io.StringIO]:
    screen = io.StringIO()
    return Terminal(Console(file=screen, width=80, color_system=None, highlight=False)), screen


def test_numbers_and_commands_press_buttons_and_the_rest_is_text() -> None:
    screen, _ = terminal()
    screen.show(Prompt((Line("Q"),), ((Button("Oui", "a1:c0"), Button("Non", "a1:c1")), (Button("Retour", "a1:b"),))))
    assert screen.read("2") == PressIn("a1:c1")
    assert screen.read("/back") == PressIn("a1:b")
    assert screen.read("3") == TextIn("3")
    assert screen.read("/pause") == CommandIn("pause")
    assert screen.read("/place 12.5, -1.5") == LocationIn(12.5, -1.5)
    assert screen.read("/place nowhere") == CommandIn("place", "nowhere")


def test_a_number_is_an_answer_where_only_commands_are_offered() -> None:
    screen, _ = terminal()
    screen.show(Prompt((Line("How many?"),), ((Button("Retour", "a1:b"),),)))
    assert screen.read("1") == TextIn("1")


def test_numbered_lists_keep_their_numbers() -> None:
    screen, shown = terminal()
    row = tuple(Button(str(n), f"a1:c{n - 1}") for n in range(1, 4))
    screen.show(Prompt((Line("1. a\n2. b\n3. c"),), (row, (Button("Next", "a1:p1"),))))
    assert screen.read("3") == PressIn("a1:c2")
    assert screen.read("4") == PressIn("a1:p1")
    assert "[4] Next" in shown.getvalue()


def test_markup_and_escape_sequences_of_an_answer_are_shown_as_text() -> None:
    screen, shown = terminal()
    screen.show(Prompt((Line("[bold]x[/bold] \x1b[31mred"),)))
    assert "[bold]x[/bold] [31mred" in shown.getvalue()


def test_a_file_is_announced_by_name_size_and_type(tmp_path: Path) -> None:
    screen, _ = terminal()
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    sent = screen.read(f"/file {tmp_path / 'a.pdf'}")
    assert isinstance(sent, FileIn)
    assert (sent.name, sent.media_type, sent.size) == ("a.pdf", "application/pdf", 4)


async def test_the_terminal_is_a_channel(tmp_path: Path) -> None:
    screen, shown = terminal()
    assert await screen.send("anyone", Prompt((Line("Bonjour"),), key="k")) == "k"
    assert "Bonjour" in shown.getvalue()
    await screen.acknowledge("1")
    with pytest.raises(NotReached):
        await screen.fetch(str(tmp_path / "none"))


def test_chat_answers_a_form_and_goes_on_from_its_state_file(tmp_path: Path) -> None:
    form, state = tmp_path / "form.md", tmp_path / "state.json"
    form.write_text(FORM, encoding="utf-8")
    command = ["chat", "--form", str(form), "--language", "en", "--state", str(state)]
    first = CliRunner().invoke(build(), command, input="Rosso\n/quit\n")
    assert (first.exit_code, "Sure?" in first.output) == (0, True)
    second = CliRunner().invoke(build(), command, input="yes\n/review\n")
    assert second.exit_code == 0
    assert "Your town" in second.output.partition("complete")[2]


def test_what_cannot_be_opened_is_said_in_one_line(tmp_path: Path) -> None:
    state, form = tmp_path / "state.json", tmp_path / "form.md"
    form.write_text(FORM, encoding="utf-8")
    state.write_text("[]", encoding="utf-8")
    missing = CliRunner().invoke(build(), ["chat", "--form", str(tmp_path / "none.xlsx")])
    damaged = CliRunner().invoke(build(), ["chat", "--form", str(form), "--state", str(state)])
    for result in (missing, damaged):
        assert result.exit_code == 1
        assert len(result.stderr.splitlines()) == 1
