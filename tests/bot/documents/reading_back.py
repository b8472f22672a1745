"""A guide as a Word document, edited and read back."""

from __future__ import annotations

from functools import cache

from bot.documents import render
from bot.documents.reading import ReadGuide, read_docx
from flows.country.changes import Change, changes
from flows.country.guide import Guide, Section, Statement
from flows.country.walking import sections, statements
from tests.bot.documents.editing import edited
from tests.flows.country.test_changes import drafted

GROUP, MEMBER = "Directrice", "Police"  # in the table of the working group; the member of its last row
BORDER = "Les postes notent les entrées sur papier."


@cache
def guide() -> Guide:
    return drafted()


@cache
def document() -> bytes:
    return render(guide(), "docx")


def read(*edits: object) -> ReadGuide:
    return read_docx(edited(document(), *edits), guide())  # type: ignore[arg-type]


def changed(*edits: object) -> list[Change]:
    return list(changes(guide(), read(*edits).guide))


def one(found: ReadGuide, text: str) -> Statement:
    return next(statement for statement in statements(found.guide) if statement.text == text)


def section(found: ReadGuide, anchor: str) -> Section:
    return next(one for one in sections(found.guide) if one.anchor == anchor)
