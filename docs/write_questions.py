"""Writes what is made from the questionnaire's source: the compiled form and the list of questions."""

from __future__ import annotations

from pathlib import Path

from flows.interview.sheets import read_toml
from flows.questionnaires import GUIDE, compile_source, source
from flows.questionnaires.reference import questions_page

ROOT = Path(__file__).parent.parent

if __name__ == "__main__":
    (ROOT / "flows/questionnaires" / f"{GUIDE}.xml").write_text(compile_source(source()), encoding="utf-8")
    (ROOT / "docs/reference/questions.md").write_text(questions_page(read_toml(source())), encoding="utf-8")
