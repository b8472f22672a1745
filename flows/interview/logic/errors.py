"""Faults of a form's logic, found when it is compiled; nothing here is raised while somebody answers."""

from __future__ import annotations

from flows.interview.form import FormError


class LogicError(FormError):
    """An expression, a reference or the logic as a whole that cannot be used."""


class SyntaxFault(ValueError):
    """Why an expression cannot be read, and at which character. Wrapped into a `LogicError` by the compiler."""

    def __init__(self, why: str, at: int) -> None:
        super().__init__(why)
        self.why = why
        self.at = at
