"""Companion forms: the small forms by which steps of the exercise are taken in chat (domain.md §5.4).

Each is an XLSForm like the questionnaire: `<name>.toml` is what people edit, `<name>.xml` what pyxform makes of it, and
its form id is `griot_<name>`. Its last question (bind attribute `role` "submit") confirms what was entered.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from flows.interview.form import Form, load

PREFIX = "griot_"


def companion_source(name: str) -> str:
    """The text that describes the form (TOML, see `flows.interview.sheets`)."""
    return files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8")


def companion_compiled(name: str) -> str:
    """The XForm as it was last compiled from `companion_source(name)`."""
    return files(__name__).joinpath(f"{name}.xml").read_text(encoding="utf-8")


@cache
def companion_names() -> tuple[str, ...]:
    """The names of all companion forms."""
    entries = (entry.name for entry in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".xml") for name in entries if name.endswith(".xml")))


@cache
def companion_form(name: str) -> Form:
    """The form, loaded once."""
    return load(companion_compiled(name))


def companion_name(form_id: str) -> str:
    """The name of the companion form with this form id; "" for another's."""
    name = form_id.removeprefix(PREFIX)
    return name if form_id.startswith(PREFIX) and name in companion_names() else ""
