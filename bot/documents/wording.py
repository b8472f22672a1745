"""The fixed words of a guide's pages, in the guide's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache

from bot.documents.cleaning import clean
from flows.country.guide import Source
from flows.i18n import base, languages, text

LABELS = ("programme", "contents", "summary", "sources", "table", "figure", "page", "of", "skip", "empty")
_KINDS = {"answer": "source_answer", "desk research": "source_desk", "workshop": "source_workshop"}
_LOCALES = {"en": "en_GB"}  # the day before the month, as in French


class Wording:
    """Words and dates for the pages of a guide in `language`; `own` are the guide's own labels, which come first.
    `texts`: the language of the catalogue that they are taken from."""

    def __init__(self, language: str, own: Mapping[str, str]) -> None:
        self.language = language
        self.texts = base(language) if base(language) in languages() else "en"
        self._own = own

    def label(self, name: str) -> str:
        """The fixed text `name`: the guide's own, or the catalogue's."""
        return clean(self._own.get(name, "")) or text(f"documents.{name}", self.texts)

    def labels(self) -> Mapping[str, str]:
        """All fixed texts by name."""
        return {name: self.label(name) for name in LABELS}

    def is_own(self, language: str) -> bool:
        """Whether `language` is the guide's, whatever the region."""
        return base(language) == base(self.language)

    def date(self, moment: datetime) -> str:
        """`12 mars 2026`."""
        return _written(moment.date(), self.texts)

    def language_name(self, language: str) -> str:
        """`anglais`; the code itself where nobody knows its name."""
        return _called(language, self.texts)

    def quotation(self, language: str) -> tuple[str, str, str]:
        """What stands before, after and behind a quotation in another language."""
        return (
            text("documents.quote_open", self.texts),
            text("documents.quote_close", self.texts),
            text("documents.in_language", self.texts, language=self.language_name(language)),
        )

    def source(self, source: Source) -> str:
        """One entry of the list of sources, without its number."""
        who = source.entity
        if source.speaker:
            who = text("documents.source_who", self.texts, entity=source.entity, speaker=source.speaker)
        kind = _KINDS.get(source.kind, "source_other")
        parts = [text(f"documents.{kind}", self.texts, date=self.date(source.given_on), kind=source.kind)]
        if source.language and not self.is_own(source.language):
            parts.append(text("documents.source_language", self.texts, language=self.language_name(source.language)))
        if source.form_version:
            parts.append(text("documents.source_form", self.texts, version=source.form_version))
        return text("documents.source", self.texts, who=who, how=", ".join(parts))

    def compiled(self, moment: datetime, form_version: str) -> str:
        """When the document was made, and under which version of the form."""
        name = "compiled_form" if form_version else "compiled"
        return text(f"documents.{name}", self.texts, date=self.date(moment), version=form_version)

    def withheld(self, count: int) -> str:
        """How many confidential answers were left out; nothing when there are none."""
        return text("documents.withheld", self.texts, n=count) if count > 0 else ""


@lru_cache(maxsize=512)  # every comment on a paragraph names a date and a language
def _written(day: date, language: str) -> str:
    from babel.dates import format_date

    number, _, rest = format_date(day, "long", locale=_LOCALES.get(language, language)).partition(" ")
    return f"{'1er' if number == '1' and language == 'fr' else number}\u00a0{rest}"


@lru_cache(maxsize=256)
def _called(language: str, told_in: str) -> str:
    from babel import Locale

    try:
        name = Locale.parse(base(language)).get_language_name(told_in)
    except (ValueError, LookupError):
        return language
    return name or language
