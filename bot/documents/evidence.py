"""Which answers each paragraph of a guide rests on, under an anchor that stays the same from version to version.

The anchor is a hidden bookmark in the Word document: a comment that stands in it concerns those answers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from bot.documents.pages import Entries, Evidence, Grid, Pages, Said, Text

PREFIX = "_e_"


class Anchors:
    """Names the paragraphs of one document in the order of its pages; a second one that rests on the same answers has
    a number behind its name."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def of(self, said: tuple[Said, ...]) -> str:
        """The name of the bookmark around these statements; "" where they rest on nothing."""
        held = evidence(said)
        if not held:
            return ""
        told = "\n".join(f"{one.question} {','.join(map(str, sorted(one.sources)))}" for one in held)
        name = PREFIX + hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:16]
        count = self._taken[name] = self._taken.get(name, 0) + 1
        return name if count == 1 else f"{name}_{count}"


def evidence(said: tuple[Said, ...]) -> tuple[Evidence, ...]:
    """What the statements rest on, each once."""
    return tuple(dict.fromkeys(one.evidence for one in said if one.evidence is not None))


def anchored(pages: Pages) -> dict[str, tuple[Evidence, ...]]:
    """The anchors of a document with what stands under each."""
    anchors = Anchors()
    return {name: evidence(said) for said in passages(pages) if (name := anchors.of(said))}


def worded(pages: Pages) -> dict[str, tuple[Evidence, ...]]:
    """The same by the words of each paragraph, list entry and cell, for documents that lost their anchors."""
    from bot.documents.resaying import flat, joined

    return {flat(" ".join(map(joined, said))): held for said in passages(pages) if (held := evidence(said))}


def passages(pages: Pages) -> Iterator[tuple[Said, ...]]:
    """Every paragraph, list entry and cell, in order."""
    for leaf in pages.leaves:
        for item in leaf.items:
            match item:
                case Text():
                    yield item.said
                case Entries():
                    yield from item.items
                case Grid():
                    for line in item.lines:
                        yield from line.cells
