"""The list of questions as a page for people, made from the questionnaire itself."""

from __future__ import annotations

from flows.interview.sheets import Row, Workbook

_FRENCH, _ENGLISH = "label::Français (fr)", "label::English (en)"
_ATTRIBUTE = "bind::griot:"
_ANSWERS = {
    "text": "text",
    "integer": "whole number",
    "date": "date",
    "file": "file",
    "note": "note",
    "begin_group": "group",
    "begin_repeat": "repeat",
}


def questions_page(book: Workbook) -> str:
    """Markdown: every question by its identifier, who is asked, when, and what it offers; then every closed list."""
    lines = [
        "# Questions of the national guide",
        "",
        "Made from `flows/questionnaires/guide.toml`; do not edit it here (`python docs/write_questions.py`).",
        "",
        "Who: C coordinator, M ministry or agency, S statistics office, O other entity. ★: core question.",
        "A condition uses the names of the fields below; the blocks after the first also need consent.",
    ]
    for row in book.rows("survey"):
        kind = str(row["type"])
        if kind == "begin_group" and f"{_ATTRIBUTE}id" not in row:
            lines += ["", f"## {row[_FRENCH]} · {row[_ENGLISH]}", ""]
            if "relevant" in row:
                lines += [f"Asked when `{row['relevant']}`.", ""]
            lines += [
                "| Question | Guide | Who | Field | Answer | Français | English | Asked when |",
                "|---|---|---|---|---|---|---|---|",
            ]
        elif _FRENCH in row:
            lines.append(_line(row))
    lines += ["", "## Closed lists", "", "| List | Name | Français | English |", "|---|---|---|---|"]
    for choice in book.rows("choices"):
        lines.append(f"| {choice['list_name']} | `{choice['name']}` | {choice[_FRENCH]} | {choice[_ENGLISH]} |")
    return "\n".join(lines) + "\n"


def _line(row: Row) -> str:
    star = "★" if row.get(f"{_ATTRIBUTE}core") == "yes" else ""
    kind = str(row["type"])
    answer = _ANSWERS.get(kind, kind.replace("select_one ", "one of ").replace("select_multiple ", "several of "))
    condition = f"`{row['relevant']}`" if "relevant" in row else ""
    cells = (
        f"{row.get(f'{_ATTRIBUTE}id', '')}{star}",
        row.get(f"{_ATTRIBUTE}section", ""),
        row.get(f"{_ATTRIBUTE}who", ""),
        f"`{row['name']}`",
        answer,
        row[_FRENCH],
        row[_ENGLISH],
        condition,
    )
    return "| " + " | ".join(str(cell).replace("\n", "<br>").replace("|", "\\|") for cell in cells) + " |"
