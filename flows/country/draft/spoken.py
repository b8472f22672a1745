"""The annex of an extended guide: what each entity answered, question by question, before anything was made of it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence

from flows.country.contribution import Said
from flows.country.differences import identity
from flows.country.draft.desk import Desk, alike
from flows.country.guide import Block, Cell, Row, Section, Statement, Table
from flows.country.spoken import row_of, section_of
from flows.country.walking import ANSWERS
from flows.i18n import base

_WIDTHS = (8, 42, 50)


def annex(desk: Desk) -> Section:
    """Voice by voice, under the sections of the questionnaire; the coordinator's decisions change nothing here."""
    found = alike(desk.dossier.spoken, lambda said: said.by)
    intro: Block = desk.paragraph("spoken_intro") if found else desk.gap("no_contributions")
    return Section(ANSWERS, "", desk.text("section_spoken"), (intro,), tuple(_voices(desk, found)))


def _voices(desk: Desk, found: Sequence[Sequence[Said]]) -> Iterator[Section]:
    """Anchors are made of the entity's name, so that they stay when others answer as well."""
    several = Counter(identity(voice) for voice in desk.dossier.voices)
    met: Counter[str] = Counter()
    for answers in found:
        voice = desk.voice(answers[0].by)
        whose = identity(voice)
        met[whose] += 1
        digest = hashlib.sha256(whose.encode("utf-8", "replace")).hexdigest()[:8]
        anchor = f"{ANSWERS}-{digest}" if met[whose] == 1 else f"{ANSWERS}-{digest}-{met[whose]}"
        title = desk.entity_name(voice)
        if several[whose] > 1:
            title = desk.text("spoken_voice", name=title, number=voice.number)
        parts = (_section(desk, anchor, same) for same in alike(answers, section_of))
        yield Section(anchor, "", title, (), tuple(parts))


def _section(desk: Desk, anchor: str, answers: Sequence[Said]) -> Section:
    name = section_of(answers[0])
    anchor = f"{anchor}-{name or 'others'}"
    title = desk.dossier.wording.asked(name, base(desk.language))[1] or desk.text("spoken_others")
    columns = tuple(desk.text(f"column_{column}") for column in ("number", "question", "answer"))
    total = sum(_WIDTHS)
    shares = tuple(width / total for width in _WIDTHS)
    return Section(anchor, "", title, (Table(f"table-{anchor}", "", columns, tuple(_rows(desk, answers)), shares),))


def _rows(desk: Desk, answers: Sequence[Said]) -> Iterator[Row]:
    """Question and answer; what lies in a row of a repeat under the name and the number of that row."""
    known, under = desk.dossier.wording, ("", 0)
    for said in answers:
        row = row_of(said)
        if row != under:
            label = known.asked(row[0], base(desk.language))[1]
            title = f"{label} {row[1]}".strip() if row[0] else desk.text("spoken_others")
            yield Row((Cell((Statement(title),)),), span=True)
            under = row
        number, asked = known.asked(said.name, base(desk.language))
        yield Row((Cell((Statement(number),)) if number else Cell(), Cell((Statement(asked),)), desk.cell(said)))
