"""Long lists on a phone: a page of them at a time, numbered through, with buttons to turn it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.acting import Act
from bot.messages import Button

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """`items`: with their numbers, from 1 through all pages; `number` of `last`, from 1."""

    items: Sequence[tuple[int, T]]
    number: int
    last: int


def page_of(items: Sequence[T], number: int, per_page: int) -> Page[T]:
    """A page of `items`: the nearest there is to the one asked for."""
    last = max(1, -(-len(items) // per_page))
    number = min(max(number, 1), last)
    first = (number - 1) * per_page
    return Page([(first + place + 1, item) for place, item in enumerate(items[first : first + per_page])], number, last)


def turns(act: Act, page: Page[T], press: str, *arguments: str | int) -> list[list[Button]]:
    """The row of buttons that leads to the pages beside this one; the page's number comes as the last argument."""
    row = []
    if page.number > 1:
        row.append(act.button(act.text("participants.page_before"), press, *arguments, page.number - 1))
    if page.number < page.last:
        row.append(act.button(act.text("participants.page_after"), press, *arguments, page.number + 1))
    return [row] if row else []
