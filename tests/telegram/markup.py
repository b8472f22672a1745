"""Telegram's HTML, read as strictly as Telegram reads it: allowed tags, properly nested, entities escaped.

One rule is this stand-in's own: a bare `&` is refused, although Telegram lets it pass, because it shows that a value
was put into a message without being escaped.
"""

from __future__ import annotations

import html
import re
from typing import Any

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[a-zA-Z-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?)*)\s*>")
_ATTRIBUTE = re.compile(r"([a-zA-Z-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});")

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}


class BadMarkup(ValueError):
    """Why a text cannot be parsed, in Telegram's words."""


def units(text: str) -> int:
    """The length as Telegram counts it: UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse(source: str) -> tuple[str, list[dict[str, Any]]]:
    """HTML → (plain text, message entities), both trimmed as Telegram trims them. Raises `BadMarkup`."""
    text = ""
    entities: list[dict[str, Any]] = []
    stack: list[tuple[str, int, dict[str, Any]]] = []
    position = 0
    while position < len(source):
        character = source[position]
        if character == "<":
            position, text = _tag(source, position, text, stack, entities)
        elif character == "&":
            match = _ENTITY.match(source, position)
            if match is None:
                raise BadMarkup(f"Unescaped '&' at byte offset {_offset(source, position)}")
            text += html.unescape(match.group())
            position = match.end()
        else:
            text += character
            position += 1
    if stack:
        raise BadMarkup(f'Can\'t find end tag corresponding to start tag "{stack[-1][0]}"')
    return _trimmed(text, entities)


def _tag(
    source: str,
    position: int,
    text: str,
    stack: list[tuple[str, int, dict[str, Any]]],
    entities: list[dict[str, Any]],
) -> tuple[int, str]:
    offset = _offset(source, position)
    match = _TAG.match(source, position)
    if match is None:
        raise BadMarkup(f"Unclosed start tag at byte offset {offset}")
    closing, name, rest = match.group(1), match.group(2).lower(), match.group(3)
    if closing:
        if not stack:
            raise BadMarkup(f"Unexpected end tag at byte offset {offset}")
        opened, start, entity = stack.pop()
        if opened != name:
            raise BadMarkup(f'Unmatched end tag at byte offset {offset}, expected "</{opened}>", found "</{name}>"')
        length = units(text) - start
        if length:
            entities.append({**entity, "offset": start, "length": length})
        return match.end(), text
    if name not in _KINDS:
        raise BadMarkup(f'Unsupported start tag "{name}" at byte offset {offset}')
    stack.append((name, units(text), _entity(name, rest, offset)))
    return match.end(), text


def _entity(name: str, rest: str, offset: int) -> dict[str, Any]:
    attributes = {key.lower(): html.unescape(a or b or c or "") for key, a, b, c in _ATTRIBUTE.findall(rest)}
    entity: dict[str, Any] = {"type": _KINDS[name]}
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise BadMarkup(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
    if name == "a" and attributes.get("href"):
        entity["url"] = attributes["href"]
    if name == "tg-emoji":
        entity["custom_emoji_id"] = attributes.get("emoji-id", "")
    if name == "blockquote" and "expandable" in attributes:
        entity["type"] = "expandable_blockquote"
    if name == "code" and attributes.get("class", "").startswith("language-"):
        entity["language"] = attributes["class"].removeprefix("language-")
    return entity


def _trimmed(text: str, entities: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """Outer white space goes, and entities move with the text."""
    start = units(text) - units(text.lstrip())
    text = text.strip()
    end = units(text)
    kept = []
    for entity in sorted(entities, key=lambda item: (item["offset"], -item["length"])):
        first = max(entity["offset"] - start, 0)
        last = min(entity["offset"] + entity["length"] - start, end)
        if last > first and not (entity["type"] == "text_link" and "url" not in entity):
            kept.append({**entity, "offset": first, "length": last - first})
    # `language` belongs to the `pre` around a `code`; alone it is no field of `code`.
    return text, [
        {key: value for key, value in entity.items() if key != "language" or entity["type"] == "pre"} for entity in kept
    ]


def _offset(source: str, position: int) -> int:
    return len(source[:position].encode("utf-8", "surrogatepass"))
