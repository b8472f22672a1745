"""What an expression can be worth, and how one kind turns into another.

A value is a str, a float (a `Moment` where it is also a point in time), a bool, or a list of items (a node-set).
Conversions are those of XPath 1.0 with ODK's additions: text that looks like an ISO date counts as days since 1970,
NaN is written as nothing.
"""

from __future__ import annotations

import math
from typing import TypeAlias

from flows.interview.logic.dates import Moment, moment

NAN = math.nan
SPACE = " \t\r\n"


class Item:
    """An element of the instance or of a list: `kids` by name for an element with children, else `value`."""

    __slots__ = ("attributes", "kids", "name", "parent", "value")

    def __init__(self, name: str, parent: Item | None) -> None:
        self.name = name
        self.parent = parent
        self.kids: dict[str, list[Item]] | None = None
        self.attributes: dict[str, Item] | None = None
        self.value = ""

    def children(self) -> list[Item]:
        """The child elements in document order."""
        if self.kids is None:
            return []
        return [kid for kids in self.kids.values() for kid in kids]

    def text(self) -> str:
        """XPath's string value: its own text, or that of all elements below it."""
        if self.kids is None:
            return self.value
        return "".join(kid.text() for kid in self.children())


class StaticItem(Item):
    """An element of a secondary instance; its children may have different names in any order."""

    __slots__ = ("ordered",)

    def __init__(self, name: str, parent: Item | None) -> None:
        super().__init__(name, parent)
        self.ordered: list[Item] = []

    def children(self) -> list[Item]:
        return self.ordered


NodeSet: TypeAlias = list[Item]
Value: TypeAlias = str | float | bool | NodeSet


def number_from_text(text: str) -> float:
    """As JavaScript's `Number`, with ISO dates as days; NaN where it is neither."""
    if text == "":
        return NAN
    try:
        first = text[0]
        if ("0" <= first <= "9" or first in "-+.") and "_" not in text:
            if len(text) > 9 and text[4] == "-":
                point = moment(text)
                return NAN if point is None else float(point)
            return _plain_number(text)
    except (ValueError, OverflowError):
        return NAN
    return _odd_number(text.strip())


def _plain_number(text: str) -> float:
    if text[:2] in ("0x", "0X"):
        return float(int(text, 16))
    if text[-1] in "fnyFNY":  # Python reads "inf", "nan" and "infinity"; only "Infinity" is a number here
        return _odd_number(text)
    return float(text)


def _odd_number(text: str) -> float:
    if text == "":
        return 0.0
    if text in ("Infinity", "+Infinity"):
        return math.inf
    if text == "-Infinity":
        return -math.inf
    if text[0].isascii() and (text[0].isdigit() or text[0] in "-+."):
        try:
            return float(text) if "_" not in text and text[-1] not in "fnyFNY" else NAN
        except ValueError:
            return NAN
    return NAN


def number_from_item(item: Item) -> float:
    text = item.value if item.kids is None else item.text()
    return number_from_text(text) if text and not text.isspace() else NAN


def number(value: Value) -> float:
    """The value as a number; NaN where it is none."""
    kind = type(value)
    if kind is float or kind is Moment:
        return value  # type: ignore[return-value]
    if kind is str:
        return number_from_text(value)  # type: ignore[arg-type]
    if kind is bool:
        return 1.0 if value else 0.0
    return number_from_item(value[0]) if value else NAN  # type: ignore[index, arg-type]


def number_text(value: float) -> str:
    """As JavaScript writes a number, NaN as nothing: `3`, `0.1`, `1e+21`, `1.5e-7`."""
    if value != value:
        return ""
    if value in (math.inf, -math.inf):
        return "Infinity" if value > 0 else "-Infinity"
    if value == int(value) and abs(value) < 1e21:
        return str(int(value))
    text = repr(value)
    mantissa, _, exponent = text.partition("e")
    if not exponent:
        return text
    power = int(exponent)
    if -7 <= power < 0:
        digits = mantissa.replace(".", "").lstrip("-")
        return ("-" if value < 0 else "") + "0." + "0" * (-power - 1) + digits
    if mantissa.endswith(".0"):
        mantissa = mantissa[:-2]
    return f"{mantissa}e{'+' if power > 0 else '-'}{abs(power)}"


def string(value: Value) -> str:
    """The value as text."""
    kind = type(value)
    if kind is str:
        return value  # type: ignore[return-value]
    if kind is list:
        if not value:
            return ""
        item: Item = value[0]  # type: ignore[index, assignment]
        return item.value if item.kids is None else item.text()
    if kind is float:
        return number_text(value)  # type: ignore[arg-type]
    if kind is bool:
        return "true" if value else "false"
    return value.written  # type: ignore[union-attr, no-any-return]


def boolean(value: Value) -> bool:
    """The value as a condition; a node-set is true where it has a node, blank or not."""
    kind = type(value)
    if kind is bool:
        return value  # type: ignore[return-value]
    if kind is float or kind is Moment:
        return value == value and value != 0.0
    return bool(value)


def strings(value: Value) -> list[str]:
    """Each node's text, or the one text."""
    if type(value) is list:
        return [item.text() for item in value]
    return [string(value)]


def numbers(value: Value) -> list[float]:
    """Each node's number, or the one number."""
    if type(value) is list:
        return [number_from_item(item) for item in value]
    return [number(value)]
