"""Texts of a form as plain text: forms may hold HTML and Markdown, a prompt holds neither."""

from __future__ import annotations

import html
import re

_BREAK = re.compile(r"<\s*(?:br\s*/?|/p|/div|/li|/h[1-6])\s*>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
_LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\((https?://[^\s()]{1,1000})\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^\n]{1,1000}?)(?<=\S)\1")
_HEADING = re.compile(r"^#{1,6} +", re.MULTILINE)
_BLANKS = re.compile(r"[ \t]+\n|\n{3,}")


def plain(text: str) -> str:
    """`text` without markup; links keep their address. "-" is pyxform's word for a missing translation."""
    if text.strip() in ("", "-"):
        return ""
    if "<" in text:
        text = _TAG.sub("", _BREAK.sub("\n", text))
    if "&" in text:
        text = html.unescape(text)
    if "](" in text:
        text = _LINK.sub(r"\1 (\2)", text)
    if "**" in text or "__" in text:
        text = _STRONG.sub(r"\2", text)
    if "#" in text:
        text = _HEADING.sub("", text)
    return _BLANKS.sub(lambda match: "\n\n" if match[0].startswith("\n\n\n") else "\n", text).strip()
