"""(key, language, values) → text, from gettext catalogues beside this module.

A key is `domain.name`; its domain is the catalogue `locales/<language>/<domain>.po`. The message id in a catalogue is
the name without the domain, so `text("interview.progress", "fr", done=3, total=9)` reads `progress` from
`locales/fr/interview.po`. Values replace `{name}` placeholders. Plurals use gettext's own forms, chosen by `n`.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

FALLBACK = "en"
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})


class MissingText(KeyError):
    """A key that no catalogue has: a bug, never shown to a person."""


@cache
def languages() -> tuple[str, ...]:
    """The languages that have catalogues, `en` first."""
    names = sorted(entry.name for entry in files("flows").joinpath("locales").iterdir() if entry.is_dir())
    return tuple(sorted(names, key=lambda name: name != FALLBACK))


@cache
def _catalogue(language: str, domain: str) -> Catalog | None:
    from babel.messages.pofile import read_po

    source = files("flows").joinpath("locales", language, f"{domain}.po")
    if not source.is_file():
        return None
    with source.open("rb") as stream:
        return read_po(stream, locale=language)


@cache
def _forms(language: str, domain: str, name: str) -> tuple[str, ...]:
    catalogue = _catalogue(language, domain)
    message = catalogue.get(name) if catalogue is not None else None
    if message is None or not message.string:
        return ()
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def base(language: str) -> str:
    """`fr-BF` → `fr`."""
    return language.replace("_", "-").split("-")[0].lower()


def text(key: str, language: str, /, n: int | None = None, **values: object) -> str:
    """The sentence under `key` in `language`, or in English where it is not translated; `n` chooses the plural form.

    Raises `MissingText` when no catalogue has the key.
    """
    domain, _, name = key.partition(".")
    for candidate in (base(language), FALLBACK):
        forms = _forms(candidate, domain, name)
        if forms:
            catalogue = _catalogue(candidate, domain)
            index = 0
            if n is not None and len(forms) > 1 and catalogue is not None:
                index = _plural(candidate, n)
            return forms[index].format(n=n, **values) if values or n is not None else forms[index]
    raise MissingText(key)


def _plural(language: str, n: int) -> int:
    """CLDR's cardinal rule for French and English: French counts 0 as singular."""
    return int(n > 1) if language == "fr" else int(n != 1)
