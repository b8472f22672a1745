"""Writes what is made from the sources of the questionnaire and the companion forms: the compiled forms and the list
of questions."""

from __future__ import annotations

from pathlib import Path

from flows.interview.sheets import read_toml
from flows.questionnaires import GUIDE, compile_source, source
from flows.questionnaires.companions import companion_source
from flows.questionnaires.reference import questions_page

ROOT = Path(__file__).parent.parent

if __name__ == "__main__":
    (ROOT / "flows/questionnaires" / f"{GUIDE}.xml").write_text(compile_source(source()), encoding="utf-8")
    for path in sorted((ROOT / "flows/questionnaires/companions").glob("*.toml")):
        path.with_suffix(".xml").write_text(compile_source(companion_source(path.stem)), encoding="utf-8")
    (ROOT / "docs/reference/questions.md").write_text(questions_page(read_toml(source())), encoding="utf-8")
