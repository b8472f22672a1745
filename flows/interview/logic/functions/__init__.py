"""The functions that expressions may call: XPath 1.0's and those of the ODK XForms specification."""

from __future__ import annotations

from collections.abc import Mapping

from flows.interview.logic.environment import Function
from flows.interview.logic.functions import choices, conditions, geography, nodesets, numeric, text, time

FUNCTIONS: Mapping[str, Function] = {
    **choices.FUNCTIONS,
    **conditions.FUNCTIONS,
    **geography.FUNCTIONS,
    **nodesets.FUNCTIONS,
    **numeric.FUNCTIONS,
    **text.FUNCTIONS,
    **time.FUNCTIONS,
}
