"""A random dossier, from real interviews: what was accepted and is not confidential is in the guide, and only that."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from itertools import product

import pytest
from pypdf import PdfReader

from bot.documents import render
from bot.documents.texts import passages_of
from flows.country.contribution import ACCEPTED, Contribution, Entity, read, restricted_questions
from flows.country.draft import compile_guide
from flows.country.guide import Guide
from flows.country.guide_json import dump
from flows.country.merging import merge
from flows.country.outlines import EXTENTS, OUTLINES, Extent, Outline
from flows.country.walking import ANSWERS
from flows.interview.form import Question
from flows.knowledge import country
from tests.flows.country.test_exercise import ROLES, contribute, form

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
TOKEN = re.compile(r"T\d{9}")
ELSEWHERE = re.compile(r"^(p[1-7]_|m4_|m5_|s13_|e2_|e5_contact|f2_|f3_|f1_|.*_file$)")
"""Questions about people and their contacts, which have rules of their own; remarks to the secretariat; files; what may
not be quoted."""


def marked(item: Contribution, draw: random.Random) -> tuple[Contribution, dict[str, str]]:
    """The contribution with a mark in every free text, some of them confidential; path → mark."""
    texts = {node.name for node in form().walk() if isinstance(node, Question) and node.type == "text"}
    marks: dict[str, str] = {}
    answers = []
    for answer in item.answers:
        name = answer.path.rpartition("/")[2]
        if name in texts and answer.status == "answered" and answer.value.startswith("Réponse"):
            marks[answer.path] = f"T{draw.randrange(10**9):09}"
            answer = replace(answer, value=f"{marks[answer.path]} {answer.value}")  # type: ignore[type-var]
        answers.append(replace(answer, confidential=True) if draw.random() < 0.1 else answer)  # type: ignore[type-var]
    return replace(item, answers=tuple(answers)), marks


def exercise(seed: int) -> tuple[list[Contribution], list[dict[str, str]]]:
    """Several entities, some accepted, some only handed in, some with what is restricted released."""
    draw = random.Random(seed)
    contributions, marks = [], []
    for number, (role, entity) in enumerate((*ROLES, ("official", Entity("Douanes", "D", "agency")))):
        made, found = marked(contribute(role, entity, seed * 10 + number), draw)
        status = draw.choice(("accepted", "accepted", "accepted", "submitted", "returned"))
        released = restricted_questions() if draw.random() < 0.5 else frozenset[str]()
        contributions.append(replace(made, status=status, released=released))  # type: ignore[arg-type]
        marks.append(found)
    return contributions, marks


def shown(contributions: list[Contribution], marks: list[dict[str, str]]) -> Mapping[str, str]:
    """The marks that a guide that is to be endorsed has to hold, with their questions."""
    found: dict[str, str] = {}
    for number, (item, known) in enumerate(zip(contributions, marks, strict=True), start=1):
        if item.status == "accepted":
            for answers in read(item, number).shown.values():
                found |= {known[said.question]: said.name for said in answers.values() if said.question in known}
    return found


def of_guide(guide: Guide) -> set[str]:
    return set(TOKEN.findall(json.dumps(dump(guide), ensure_ascii=False)))


LOOKS: tuple[tuple[Outline, Extent], ...] = tuple(product(OUTLINES, EXTENTS))


def check(
    seed: int, written: Sequence[tuple[Outline, Extent]] = LOOKS, printed: Sequence[tuple[Outline, Extent]] = LOOKS
) -> None:
    """`written`: the looks that are read back from Word and HTML; `printed`: from the PDF."""
    contributions, marks = exercise(seed)
    wanted = shown(contributions, marks)
    dossier = merge("BFA", contributions, statuses=ACCEPTED)
    for outline, extent in LOOKS:
        guide = compile_guide(dossier, country("BFA"), "fr", NOW, outline=outline, extent=extent)
        found = of_guide(guide)
        assert found <= set(wanted)
        missing = {wanted[one] for one in set(wanted) - found}
        assert not {name for name in missing if not ELSEWHERE.match(name)}
        assert len(found) > 5
        if extent == "extended":  # again, question by question, and nothing of what has rules of its own
            answers = replace(
                guide,
                summary=(),
                front=(),
                sources=(),
                sections=tuple(one for one in guide.sections if one.anchor == ANSWERS),
            )
            mine = {one: name for one, name in wanted.items() if not name.startswith("e5_")}  # nor whom to invite
            assert of_guide(answers) == {one for one, name in mine.items() if not ELSEWHERE.match(name)}
        if (outline, extent) in written:
            files = {f"guide.{kind}": render(guide, kind) for kind in ("docx", "html")}
            for one in passages_of(files):
                assert set(TOKEN.findall(one.text)) == found, one.where
        if (outline, extent) not in printed:
            continue
        pdf = PdfReader(BytesIO(render(guide, "pdf")))
        assert set(TOKEN.findall(" ".join(page.extract_text() for page in pdf.pages))) == found


def test_what_was_accepted_is_in_the_guide_and_nothing_else() -> None:
    check(1, [("published", "extended")], [("published", "concise")])


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 10))
def test_so_it_is_for_any_dossier(seed: int) -> None:
    check(seed)
