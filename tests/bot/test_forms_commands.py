"""`griot form …` as a person calls it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import build

FORM = (
    "| survey |\n| | type | name | label | constraint | constraint_message |\n"
    "| | text | a | Your name? | | |\n| | integer | b | How many? | . < 10 | Below ten, please. |\n"
)


def griot(*arguments: object) -> Result:
    return CliRunner().invoke(build(), ["form", *map(str, arguments)])


@pytest.fixture
def form(tmp_path: Path) -> Path:
    path = tmp_path / "form.md"
    path.write_text(FORM, encoding="utf-8")
    return path


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line]


def test_a_good_form_is_checked_in_silence(form: Path) -> None:
    result = griot("check", form)
    assert (result.exit_code, result.output) == (0, "")


def test_the_guides_own_form_has_no_problem(tmp_path: Path) -> None:
    assert griot("export", "--out", tmp_path / "guide.xlsx").exit_code == 0
    result = griot("check", tmp_path / "guide.xlsx")
    assert (result.exit_code, result.output) == (0, "")


def test_problems_come_one_a_line_with_their_place(form: Path) -> None:
    form.write_text(FORM + "| | barcode | c | Code | | |\n| | text | d | D | . != '' | |\n", encoding="utf-8")
    result = griot("check", form)
    assert result.exit_code == 1
    assert [line.split(": ")[0] for line in lines(result.stdout)] == ["survey:4 type", "survey:5 constraint_message"]


def test_a_malformed_form_is_one_line_with_row_column_and_remedy(form: Path) -> None:
    form.write_text(FORM + "| | text | 1c | C | | |\n", encoding="utf-8")
    result = griot("check", form)
    assert result.exit_code == 1
    assert lines(result.stdout) == [
        "survey:4 name: This name cannot be used: it begins with a letter or “_”, then holds only letters, digits, "
        "“_”, “-” and “.”."
    ]
    assert "survey:4 name" in griot("check", form, "--language", "fr").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "nowhere.md"),
        ("play", "nowhere.md", "--inputs", "nowhere.jsonl"),
        ("import", "nowhere.xlsx", "--out", "x.toml"),
        ("export", "nowhere.toml", "--out", "x.xlsx"),
        ("export", "--out", "/nowhere/x.xlsx"),
        ("export", "--out", "x.pdf"),
        ("import", "x.pdf", "--out", "x.toml"),
    ],
)
def test_what_cannot_be_read_or_written_is_one_clear_line(arguments: tuple[str, ...]) -> None:
    result = griot(*arguments)
    assert result.exit_code == (2 if "x.pdf" in arguments else 1)
    assert result.stdout == ""
    assert len(lines(result.stderr)) == 1


@pytest.mark.slow
def test_a_form_goes_to_excel_and_back_unchanged(tmp_path: Path) -> None:
    from flows.questionnaires import source

    assert griot("export", "--out", tmp_path / "guide.xlsx").exit_code == 0
    assert griot("import", tmp_path / "guide.xlsx", "--out", tmp_path / "guide.toml").exit_code == 0
    assert (tmp_path / "guide.toml").read_text(encoding="utf-8") == source()


def play(form: Path, tmp_path: Path, *inputs: object) -> Result:
    file = tmp_path / "inputs.jsonl"
    file.write_text("\n".join(json.dumps(one) for one in inputs), encoding="utf-8")
    return griot("play", form, "--inputs", file, "--instance", tmp_path / "out.xml")


def test_playing_prints_one_object_a_line_and_writes_the_instance(form: Path, tmp_path: Path) -> None:
    result = play(form, tmp_path, {"text": "Awa"}, {"text": "12"}, {"text": "peu"}, {"text": "7"})
    assert result.exit_code == 0, result.stderr
    events = [json.loads(line) for line in lines(result.stdout)]
    said = [(event["event"], event.get("path"), event.get("value")) for event in events]
    assert said[0] == ("asked", "/data/a", None)
    assert ("recorded", "/data/a", "Awa") in said
    assert ("recorded", "/data/b", "7") in said
    assert events[-1]["event"] == "completed"
    refused = [event["message"] for event in events if event["event"] == "refused"]
    assert refused[0] == "Below ten, please."
    assert refused[1].startswith("Please answer with a whole number")
    assert "<b>7</b>" in (tmp_path / "out.xml").read_text(encoding="utf-8")


def test_a_lone_surrogate_does_not_break_the_output(form: Path, tmp_path: Path) -> None:
    result = play(form, tmp_path, {"text": "A\ud800wa"}, {"edit": "/data/\ud800"})
    assert result.exit_code == 0
    assert all(json.loads(line) for line in lines(result.stdout))


@pytest.mark.parametrize("content", [b"{", b"[1]", b"\xff\xfe", b'{"text": "a"}\nnope\n'])
def test_a_wrong_inputs_file_is_one_line_with_its_number(form: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "inputs.jsonl").write_bytes(content)
    result = griot("play", form, "--inputs", tmp_path / "inputs.jsonl")
    assert result.exit_code == 1
    assert lines(result.stderr)[0].startswith(f"Line {2 if b'nope' in content else 1} of the inputs file")
    assert len(lines(result.stderr)) == 1
