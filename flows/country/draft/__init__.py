"""The draft of a guide, section by section: `compile_guide` is the one door."""

from flows.country.draft.whole import compile_guide

__all__ = ["compile_guide"]
