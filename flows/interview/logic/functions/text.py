"""Text, lists written with spaces, patterns and digests."""

from __future__ import annotations

import base64
import hashlib
import math
import re

from flows.interview.logic.environment import Environment, Evaluate, Function, eager
from flows.interview.logic.functions.numeric import half_up
from flows.interview.logic.patterns import matches
from flows.interview.logic.values import Item, Value, number, string, strings
from flows.interview.logic.xpath import Expression

_BASE64 = re.compile("[A-Za-z0-9+/]*")
LONGEST = 1_000_000  # characters a function may build; more is an attack


def _text(arguments: tuple[Evaluate, ...], trees: tuple[Expression, ...]) -> Evaluate:
    if not arguments:
        return lambda item, env: item.text()
    (only,) = arguments
    return lambda item, env: string(only(item, env))


def _length(arguments: tuple[Evaluate, ...], trees: tuple[Expression, ...]) -> Evaluate:
    of = _text(arguments, trees)
    return lambda item, env: float(len(string(of(item, env))))


def _normalized(arguments: tuple[Evaluate, ...], trees: tuple[Expression, ...]) -> Evaluate:
    of = _text(arguments, trees)
    return lambda item, env: " ".join(string(of(item, env)).split())


def _join(glue: Value, *values: Value) -> Value:
    return string(glue).join(text for value in values for text in strings(value))[:LONGEST]


def _members(value: Value) -> list[str]:
    return string(value).split() or [""]


def _selected(chosen: Value, wanted: Value) -> Value:
    return string(wanted).strip() in _members(chosen)


def _selected_at(chosen: Value, index: Value) -> Value:
    members, at = _members(chosen), _whole(index)
    return members[at] if at is not None and 0 <= at < len(members) else ""


def _whole(value: Value) -> int | None:
    operand = number(value)
    return None if operand != operand or math.isinf(operand) else math.trunc(operand)


def _substring(value: Value, start: Value, length: Value | None = None) -> Value:
    """XPath's: counted from 1, with a length."""
    text, begin = string(value), half_up(number(start)) - 1
    end = float(len(text)) if length is None else begin + half_up(number(length))
    if begin != begin or end != end:
        return ""
    return text[int(max(0.0, min(begin, len(text)))) : int(max(0.0, min(end, len(text))))]


def _substr(value: Value, start: Value, end: Value | None = None) -> Value:
    """JavaRosa's: counted from 0, with an end; from the end of the text where negative."""
    text, begin = string(value), _whole(start)
    stop = len(text) if end is None else _whole(end)
    if begin is None or stop is None:
        return ""
    begin = max(0, begin + len(text)) if begin < 0 else begin
    stop = max(0, stop + len(text)) if stop < 0 else stop
    return text[begin:stop]


def _after(value: Value, mark: Value) -> Value:
    text, sign = string(value), string(mark)
    return text.partition(sign)[2] if sign else text


def _before(value: Value, mark: Value) -> Value:
    text, sign = string(value), string(mark)
    return text.partition(sign)[0] if sign and sign in text else ""


def _translate(value: Value, old: Value, new: Value) -> Value:
    table: dict[int, str] = {}
    replacements = string(new)
    for index, character in enumerate(string(old)):
        table.setdefault(ord(character), replacements[index] if index < len(replacements) else "")
    return string(value).translate(table)


def _digest(value: Value, algorithm: Value, encoding: Value = "base64") -> Value:
    names = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}
    name = names.get(string(algorithm))
    if name is None:
        return ""
    digest = hashlib.new(name, string(value).encode("utf-8", "replace"), usedforsecurity=False).digest()
    return digest.hex() if string(encoding) == "hex" else base64.b64encode(digest).decode()


def _base64_decode(value: Value) -> Value:
    """As browsers decode it: padding may be missing, bytes that are no UTF-8 become replacement characters."""
    packed = "".join(string(value).split())
    if len(packed) % 4 == 0:
        packed = packed[: len(packed) - 2] + packed[-2:].rstrip("=")
    if len(packed) % 4 == 1 or not _BASE64.fullmatch(packed):
        return ""
    return base64.b64decode(packed + "=" * (-len(packed) % 4)).decode("utf-8", "replace").removeprefix("\ufeff")


def _uuid(arguments: tuple[Evaluate, ...], trees: tuple[Expression, ...]) -> Evaluate:
    def uuid(item: Item, env: Environment) -> Value:
        made = env.host.ids()
        if not arguments:
            return made
        wanted = number(arguments[0](item, env))
        if wanted != wanted or wanted < 0 or wanted > LONGEST:
            return ""
        while len(made) < wanted:
            made += env.host.ids()
        return made[: int(wanted)]

    return uuid


def _version(arguments: tuple[Evaluate, ...], trees: tuple[Expression, ...]) -> Evaluate:
    return lambda item, env: env.version


FUNCTIONS = {
    "string": Function(_text, 0, 1),
    "string-length": Function(_length, 0, 1),
    "normalize-space": Function(_normalized, 0, 1),
    "concat": eager(lambda *values: _join("", *values), 0, None),
    "join": eager(_join, 1, None),
    "contains": eager(lambda text, part: string(part) in string(text), 2),
    "starts-with": eager(lambda text, part: string(text).startswith(string(part)), 2),
    "ends-with": eager(lambda text, part: string(text).endswith(string(part)), 2),
    "substring": eager(_substring, 2, 3),
    "substr": eager(_substr, 2, 3),
    "substring-before": eager(_before, 2),
    "substring-after": eager(_after, 2),
    "translate": eager(_translate, 3),
    "selected": eager(_selected, 2),
    "selected-at": eager(_selected_at, 2),
    "count-selected": eager(lambda chosen: float(len(string(chosen).split())), 1),
    "regex": eager(lambda text, pattern: matches(string(text), string(pattern)), 2),
    "digest": eager(_digest, 2, 3),
    "base64-decode": eager(_base64_decode, 1),
    "uuid": Function(_uuid, 0, 1, volatile=True),
    "version": Function(_version, 0, 0),
}
