"""Addresses of the web within a text: where they begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ADDRESS = re.compile(r"https?://[^\s<>\"'`\\^{}|«»“”]+")
_BEHIND = ".,;:!?)]’"  # what ends a sentence behind an address
_LONGEST = 2_000  # letters of one that can be followed; Typst refuses a document with one of more than 8,000


def parted(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it is an address that can be followed."""
    end = 0
    for match in _ADDRESS.finditer(text) if "://" in text else ():
        address = match[0].rstrip(_BEHIND)
        if match.start() > end:
            yield text[end : match.start()], False
        yield address, len(address) <= _LONGEST
        end = match.start() + len(address)
    if end < len(text) or not text:
        yield text[end:], False
