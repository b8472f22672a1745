"""Where a passage comes from, told in a comment of the Word document: who said it, for whom, when, in which language
and to which question. Says nothing that the guide itself may not: it starts from what the guide prints and names.

A comment ends in a mark that is computed from its words. So it is known again in a document that comes back, whatever
program it went through, and what somebody wrote behind it is told from it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from bot.documents.cleaning import clean
from bot.documents.evidence import evidence
from bot.documents.pages import Said as Printed
from bot.documents.wording import Wording
from flows.country.contribution import Said
from flows.country.dossier import Dossier
from flows.country.draft.desk import Desk
from flows.country.guide import Guide, Source
from flows.country.source_table import numbers_of
from flows.i18n import text
from flows.knowledge import country
from flows.questionnaires.wording import Wording as Form
from flows.questionnaires.wording import wording

AUTHOR = "Griot"
_MARK = re.compile(r"\[Griot-([0-9a-f]{8})\]")


class Provenance:
    """Tells where the passages of `guide` come from. `dossier`: as it stands now; what it says of an answer is told as
    long as it is the answer of the source that the guide names."""

    def __init__(self, guide: Guide, dossier: Dossier | None = None) -> None:
        self._words = Wording(guide.language, guide.labels)
        self._sources = {source.number: source for source in guide.sources}
        self._form: Form = dossier.wording if dossier is not None else wording()
        self._answers: dict[tuple[int, str], Said] = {}
        if dossier is not None:
            numbers = numbers_of(Desk(dossier, country(guide.country), self._words.texts, guide.final), guide)
            same = {one for one, number in numbers.items() if one == number}
            self._answers = {(one.by, one.question): one for one in _answers(dossier) if one.by in same}

    def told(self, said: tuple[Printed, ...]) -> tuple[str, ...]:
        """The lines of the comment on a paragraph; none where it rests on nobody's words."""
        asked: dict[str, dict[int, None]] = {}
        for one in evidence(said):
            asked.setdefault(one.question, {}).update(dict.fromkeys(one.sources))
        lines: list[str] = []
        for question, numbers in asked.items():
            lines += self._asked(question)
            lines += [self._source(self._sources[number], question) for number in numbers if number in self._sources]
        return (*lines, _mark(lines)) if lines else ()

    def _asked(self, question: str) -> Iterator[str]:
        name = question.rpartition("/")[2].partition("[")[0]
        number, words = self._form.asked(name, self._words.texts)
        if words:
            yield text("provenance.question", self._words.texts, None, number=number or name, words=clean(words))

    def _source(self, source: Source, question: str) -> str:
        if source.kind != "answer":
            return text(
                "provenance.source",
                self._words.texts,
                None,
                number=source.number,
                said=clean(self._words.source(source)),
            )
        answer = self._answers.get((source.number, question))
        who = source.entity
        if source.speaker:
            who = text("documents.source_who", self._words.texts, None, entity=who, speaker=source.speaker)
        return text(
            "provenance.answer",
            self._words.texts,
            None,
            number=source.number,
            who=clean(who),
            date=self._words.date(answer.at if answer is not None else source.given_on),
            language=self._words.language_name((answer.language if answer is not None else "") or source.language),
        )


def written_behind(comment: str) -> str | None:
    """What somebody wrote behind a comment of ours, "" where it is as we made it; None where it is not ours, or no
    longer: then all of it is theirs."""
    for found in _MARK.finditer(comment):
        if _mark([comment[: found.start()]]) == found[0]:
            return comment[found.end() :].strip()
    return None


def _mark(lines: list[str]) -> str:
    words = " ".join(" ".join(lines).split())
    return f"[Griot-{hashlib.sha256(words.encode('utf-8', 'replace')).hexdigest()[:8]}]"


def _answers(thing: Any) -> Iterator[Said]:
    """Every answer in a dossier."""
    if isinstance(thing, Said):
        yield thing
    elif isinstance(thing, tuple):
        for one in thing:
            yield from _answers(one)
    elif is_dataclass(thing) and not isinstance(thing, Form | Mapping):
        for each in fields(thing):
            yield from _answers(getattr(thing, each.name))
