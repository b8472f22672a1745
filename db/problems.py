"""What can be wrong with a store, said so that a person knows what to do."""

from __future__ import annotations

from flows.i18n import text


class StoreProblem(Exception):
    """The database cannot be used. `key` names a sentence of the `store` catalogue, `values` its placeholders."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values

    def message(self, language: str) -> str:
        """One line for a person."""
        return text(f"store.{self.key}", language, None, **self.values)

    def __str__(self) -> str:
        return self.message("en")


class Stale(Exception):
    """An interview was saved by somebody else since it was read, or two transactions waited for each other and this one
    was undone: the turn is to be done again on what is there now."""
