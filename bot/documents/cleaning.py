"""What no document may hold is taken out of every text before it is printed."""

from __future__ import annotations

import re
import unicodedata

from flows.i18n import RIGHT_TO_LEFT, base

_LINE_ENDS = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
# Not allowed in XML 1.0, plus the marks that override the direction of what follows them.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)


def clean(text: str) -> str:
    """`text` without control characters, lone surrogates and direction overrides; line ends become `\\n`, tabs spaces.

    Nothing that a reader can see is changed.
    """
    return _FORBIDDEN.sub("", _LINE_ENDS.sub("\n", text)).replace("\t", " ")


def is_right_to_left(text: str, language: str) -> bool:
    """Whether `text`, said to be in `language`, reads from right to left: by its first letter, else by its language."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in ("R", "AL"):
            return True
        if direction == "L":
            return False
    return base(language) in RIGHT_TO_LEFT
