"""An edited Word document comes back as the next version of its guide.

Nothing in it is trusted: it is opened with care (`opening`), must be of the very guide it claims to be of, and is read
as text only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.documents.marks import Identity, identity_of, marked
from bot.documents.opening import Unreadable, opened
from flows.country.guide import Guide

if TYPE_CHECKING:
    from docx.document import Document

    from bot.documents.wordtext import Whole

__all__ = ["Comment", "Identity", "ReadGuide", "Unreadable", "identify", "read_docx"]


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment in the margin. `anchor`, `section`: where, "" outside the sections; `passage`: the words it is about,
    "" where it is about a place."""

    author: str
    text: str
    anchor: str
    section: str
    passage: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class ReadGuide:
    """The guide as edited. `tracked`: there were tracked changes, read as accepted; `pictures`: images, drawings and
    text boxes that a guide cannot hold, left out; `sources_edited`: numbers of entries of the list of sources that read
    otherwise: that list follows from who answered, and is not taken from the document."""

    guide: Guide
    identity: Identity
    comments: tuple[Comment, ...]
    tracked: bool
    pictures: int
    sources_edited: tuple[int, ...]


def identify(content: bytes) -> Identity:
    """Which version of which guide a Word document was made from. Raises `Unreadable`."""
    return _identity(opened(content))


def read_docx(content: bytes, original: Guide) -> ReadGuide:
    """What a Word document says that was made from `original` (found by `identify`) and may have been edited since.

    Whatever reads as it was printed is as in `original`, to the last attribute; the status, the version and the list
    of sources are `original`'s. Raises `Unreadable`.
    """
    from bot.documents.rebuilding import rebuilt
    from bot.documents.wordtext import read_whole

    document = opened(content)
    identity = _identity(document)
    _check(identity, identity_of(original))
    try:
        whole = read_whole(document)
        made = rebuilt(whole, original)
    except RecursionError as error:
        raise Unreadable("too_much") from error
    if not made.recognised and (original.sections or original.summary):
        raise Unreadable("no_sections")
    return ReadGuide(
        made.guide,
        identity,
        tuple(_comments(document, whole, made.anchors)),
        whole.tracked,
        whole.pictures,
        made.sources_edited,
    )


def _identity(document: Document) -> Identity:
    from lxml.etree import XMLSyntaxError

    try:
        identity = marked(document)
    except XMLSyntaxError as error:
        raise Unreadable("damaged") from error
    if identity is None:
        raise Unreadable("unmarked")
    return identity


def _check(found: Identity, wanted: Identity) -> None:
    if found.country != wanted.country:
        raise Unreadable("other_country", found=found.country, wanted=wanted.country)
    if found.language != wanted.language:
        raise Unreadable("other_language", found=found.language, wanted=wanted.language)
    if (found.version, found.content) != (wanted.version, wanted.content):
        raise Unreadable("other_version", found=str(found.version), wanted=str(wanted.version))


def _comments(document: Document, whole: Whole, anchors: dict[int, tuple[str, str]]) -> list[Comment]:
    """The comments in the order of what they are about."""
    found: list[tuple[int, Comment]] = []
    for comment in document.comments:
        place, passage = whole.passages.get(str(comment.comment_id), (-1, ""))
        anchor, section = anchors.get(place, ("", ""))
        made = Comment(comment.author or "", comment.text.strip(), anchor, section, passage, comment.timestamp)
        found.append((place, made))
    return [comment for _, comment in sorted(found, key=lambda pair: pair[0])]
