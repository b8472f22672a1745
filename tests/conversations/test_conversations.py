"""Whole conversations, as a terminal shows them: a script of what is typed, and the transcript it must give.

After a change that is meant, write the transcripts anew with `GRIOT_WRITE_TRANSCRIPTS=1` and read the difference.
"""

from __future__ import annotations

import io
import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from bot.channels.terminal import Terminal
from bot.commands.chat import Conversation
from flows.interview.state import Interview
from flows.interview.xlsform import load_form

HERE = Path(__file__).parent
SCRIPTS = sorted(HERE.glob("*.script"))
NOW = datetime(2026, 3, 15, 10, 30, tzinfo=UTC)


def transcript(script: Path) -> str:
    """Play the script; the interview passes through JSON between every two turns."""
    lines = script.read_text(encoding="utf-8").splitlines()
    form = load_form((HERE / lines[0].removeprefix("form ")).read_bytes(), "md")
    screen = io.StringIO()
    console = Console(
        file=screen, width=88, color_system=None, force_terminal=False, highlight=False, legacy_windows=False
    )
    talk = Conversation(form, Terminal(console), language=lines[1].removeprefix("language "), now=NOW)
    talk.begin()
    for line in lines[2:]:
        screen.write(f"\n{line}\n")
        talk.take(line.removeprefix("> "))
        assert talk.turn is not None
        kept = json.dumps(talk.turn.interview.to_json())
        talk.turn = replace(talk.turn, interview=Interview.from_json(json.loads(kept)))
    return "\n".join(line.rstrip() for line in screen.getvalue().splitlines()) + "\n"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_the_conversation_goes_as_written(script: Path) -> None:
    expected = script.with_suffix(".txt")
    said = transcript(script)
    if os.environ.get("GRIOT_WRITE_TRANSCRIPTS"):
        expected.write_text(said, encoding="utf-8")
    assert said == expected.read_text(encoding="utf-8")


def test_every_transcript_has_its_script() -> None:
    assert {path.stem for path in HERE.glob("*.txt")} == {path.stem for path in SCRIPTS}
