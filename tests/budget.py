"""How much is tried: all of it by `make test-slow`, and a third in the quick run, which looks at every promise too."""

from __future__ import annotations

import os

THOROUGH = bool(os.environ.get("GRIOT_TEST_THOROUGH"))
"""Set by `make test-slow`."""


def examples(most: int) -> int:
    """How many examples a property has to hold for."""
    return most if THOROUGH else -(-most // 3)
