"""What is to be said after an input has done its work, or which other input it stood for."""

from __future__ import annotations

from enum import Enum, auto


class Next(Enum):
    ASK = auto()  # what comes next is asked
    REFRESH = auto()  # the same question is shown again in place
    WAIT = auto()  # enough is said
    AGAIN = auto()  # it stood for yes
    NOT_AGAIN = auto()  # it stood for no
    SKIP = auto()
    UNKNOWN = auto()
    KEEP = auto()
