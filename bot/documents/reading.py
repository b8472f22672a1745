"""An edited Word document comes back as the next version of its guide.

Nothing in it is trusted: it is opened with care (`opening`), must be of the very guide it claims to be of, and is read
as text only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.documents.evidence import anchored, worded
from bot.documents.layout import lay_out
from bot.documents.marks import Identity, identity_of, marked
from bot.documents.opening import Unreadable, careful, opened
from bot.documents.pages import Evidence, Picture
from bot.documents.provenance import written_behind
from bot.documents.resaying import flat
from bot.documents.wordread import Read
from flows.country.guide import Guide

if TYPE_CHECKING:
    from docx.document import Document

    from bot.documents.wordread import Whole

_PARAGRAPH = "{http://schemas.microsoft.com/office/word/2010/wordml}paraId"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_EXTENDED = "{http://schemas.microsoft.com/office/word/2012/wordml}"

__all__ = ["Comment", "Evidence", "Identity", "ReadGuide", "Unreadable", "identify", "read_docx"]


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment in the margin. `anchor`, `section`: where, "" outside the sections; `passage`: the words it is about,
    "" where it is about a place; `about`: the answers under that place, as the guide has their sources and questions.
    """

    author: str
    text: str
    anchor: str
    section: str
    passage: str
    at: datetime | None
    about: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadGuide:
    """The guide as edited. `tracked`: there were tracked changes, read as accepted; `pictures`: images, drawings and
    text boxes that a guide cannot hold, left out (its own figures are kept as they were made); `sources_edited`:
    numbers of entries of the list of sources that read otherwise: that list follows from who answered, and is not taken
    from the document."""

    guide: Guide
    identity: Identity
    comments: tuple[Comment, ...]
    tracked: bool
    pictures: int
    sources_edited: tuple[int, ...]


def identify(content: bytes) -> Identity:
    """Which version of which guide a Word document was made from. Raises `Unreadable`."""
    document = opened(content)
    with careful():
        return _identity(document)


def read_docx(content: bytes, original: Guide) -> ReadGuide:
    """What a Word document says that was made from `original` (found by `identify`) and may have been edited since.

    Whatever reads as it was printed is as in `original`, to the last attribute; the status, the version and the list
    of sources are `original`'s. Raises `Unreadable`.
    """
    document = opened(content)
    with careful():
        return _read(document, original)


def _read(document: Document, original: Guide) -> ReadGuide:
    from bot.documents.rebuilding import rebuilt
    from bot.documents.wordtext import read_whole

    identity = _identity(document)
    _check(identity, identity_of(original))
    whole = read_whole(document, frozenset(_figures(original)))
    made = rebuilt(whole, original)
    if not made.recognised and (original.sections or original.summary):
        raise Unreadable("no_sections")
    return ReadGuide(
        made.guide,
        identity,
        tuple(_comments(document, whole, made.anchors, original)),
        whole.tracked,
        whole.pictures,
        made.sources_edited,
    )


def _figures(guide: Guide) -> Iterator[str]:
    """The names of the images of its figures."""
    return (item.anchor for leaf in lay_out(guide).leaves for item in leaf.items if isinstance(item, Picture))


def _identity(document: Document) -> Identity:
    identity = marked(document)
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


def _comments(document: Document, whole: Whole, anchors: dict[int, tuple[str, str]], original: Guide) -> list[Comment]:
    """The comments in the order of what they are about, ours left out. A reply stands where its comment does."""
    parents = _parents(document)
    pages = lay_out(original)
    known, by_words = anchored(pages), worded(pages)
    found: list[tuple[int, Comment]] = []
    for comment in document.comments:
        behind = written_behind(comment.text)
        if behind == "":
            continue
        number = str(comment._comment_elm.get(f"{W}id", ""))
        while number not in whole.passages and number in parents:
            number = parents.pop(number)  # a circle has an end
        place, passage = whole.passages.get(number, (-1, ""))
        anchor, section = anchors.get(place, ("", ""))
        about = dict.fromkeys(one for name in whole.anchors.get(number, ()) for one in known.get(name, ()))
        if not about:
            standing = whole.items[place] if 0 <= place < len(whole.items) else None
            words = (standing.text if isinstance(standing, Read) else "", passage)
            about = dict.fromkeys(one for said in words if said for one in by_words.get(flat(said), ()))
        said = comment.text.strip() if behind is None else behind
        author = str(comment._comment_elm.get(f"{W}author", ""))
        made = Comment(author, said, anchor, section, passage, _moment(comment), tuple(about))
        found.append((place, made))
    return [comment for _, comment in sorted(found, key=lambda pair: pair[0])]


def _moment(comment: Any) -> datetime | None:
    """When a comment was written; None where no program could say."""
    try:
        moment: datetime | None = comment.timestamp
    except (ValueError, OverflowError):
        return None
    return moment


def _parents(document: Document) -> dict[str, str]:
    """Of each comment that is a reply, the one that it replies to."""
    from lxml import etree

    last: dict[str, str] = {}  # a comment is known by its last paragraph
    for comment in document.part._comments_part.element:
        for paragraph in comment.iter(f"{W}p"):
            last[paragraph.get(_PARAGRAPH, "")] = comment.get(f"{W}id", "")
    found: dict[str, str] = {}
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/commentsExtended") and not relation.is_external:
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            try:
                extended = etree.fromstring(relation.target_part.blob, parser)
            except etree.XMLSyntaxError:
                continue
            for each in extended.iter(f"{_EXTENDED}commentEx"):
                own, parent = (last.get(each.get(f"{_EXTENDED}{name}", "")) for name in ("paraId", "paraIdParent"))
                if own and parent and own != parent:
                    found[own] = parent
    return found
