"""The mapping of sources as a table to filter and count: a row for what each entity says of a source, with all that a
guide may say of it; what several say of one source stands together, under one number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from flows.country.accounts import accounts
from flows.country.contribution import Said
from flows.country.dossier import Dossier, Voice
from flows.country.draft.desk import Desk
from flows.country.guide import Guide, Source
from flows.country.objects import DataSource
from flows.i18n import FALLBACK, base, languages, text
from flows.knowledge import Country

Value = str | int | date | None
Rows = tuple[tuple[Value, ...], ...]

COLUMNS = (
    "number", "accounts", "entity", "acronym", "class", "domains", "name", "status", "type", "content", "period",
    "year", "breakdown", "sex", "age", "format", "system", "access", "sharing", "shared_with", "limits", "missing",
    "contact", "url", "language", "given_on", "reference",
)  # fmt: skip
REFERENCES = ("reference", "entity", "speaker", "kind", "language", "given_on", "form")


def mapping(dossier: Dossier, country: Country, guide: Guide) -> tuple[tuple[str, ...], Rows]:
    """Titles and rows of the mapping in the language of `guide`, whose list of sources the references point to. Sources
    are numbered as the guide orders them.

    Labels of choices are in that language, what people wrote is in their own.
    """
    language = guide.language if base(guide.language) in languages() else FALLBACK
    desk = Desk(dossier, country, language, guide.final)
    numbers = numbers_of(desk, guide)
    rows = (
        tuple(row[name] for name in COLUMNS)
        for place, source in enumerate(accounts(dossier), start=1)
        for account in source
        for row in [{"accounts": len(source)} | _row(desk, account, place, numbers)]
    )
    return tuple(text(f"sources.{name}", language) for name in COLUMNS), tuple(rows)


def references(guide: Guide) -> tuple[tuple[str, ...], Rows]:
    """Titles and rows of the list of sources of `guide`."""
    language = guide.language if base(guide.language) in languages() else FALLBACK
    rows = tuple(
        (
            *(one.number, one.entity, one.speaker, text(f"sources.kind_{one.kind.replace(' ', '_')}", language)),
            *(one.language, one.given_on.date(), one.form_version),
        )
        for one in guide.sources
    )
    return tuple(text(f"sources.{name}", language) for name in REFERENCES), rows


def numbers_of(desk: Desk, guide: Guide) -> Mapping[int, int]:
    """Which voice of the dossier is which source of the guide: their numbers, of those that are certainly both."""
    found: dict[int, int] = {}
    for voice in desk.dossier.voices:
        same = [one.number for one in guide.sources if one.kind == "answer" and _is(desk, voice, one)]
        if voice.number in same or len(same) == 1:
            found[voice.number] = voice.number if voice.number in same else same[0]
    return found


def _is(desk: Desk, voice: Voice, source: Source) -> bool:
    said = source.entity, source.given_on, source.language, source.form_version
    return said == (desk.entity_name(voice), voice.given_on, voice.language, voice.form_version)


def _row(desk: Desk, source: DataSource, place: int, numbers: Mapping[int, int]) -> dict[str, Value]:
    voice = desk.voice(source.by)
    kinds = () if source.breakdown is None else source.breakdown.values
    own = [each for each in (getattr(source, name) for name in source.__dataclass_fields__) if isinstance(each, Said)]

    def shown(said: Said | None) -> str:
        return desk.shown(said) if said is not None else ""

    def split(kind: str) -> str:
        return "" if source.breakdown is None else text(f"sources.{'yes' if kind in kinds else 'no'}", desk.language)

    return {
        "number": place,
        "entity": voice.entity.name or desk.entity_name(voice),
        "acronym": voice.entity.acronym,
        "class": text(f"sources.class_{voice.entity.entity_class or 'gov'}", desk.language),
        "domains": _together(_domains(desk, source)),
        "name": desk.source_name(source).text,
        "status": shown(source.status),
        "type": shown(source.type),
        "content": shown(source.content),
        "period": _period(desk, source),
        "year": _year(source.year),
        "breakdown": shown(source.breakdown),
        "sex": split("sex"),
        "age": split("age"),
        "format": shown(source.format),
        "system": shown(source.system),
        "access": shown(source.access),
        "sharing": shown(source.sharing),
        "shared_with": shown(source.shared_with),
        "limits": shown(source.limits),
        "missing": shown(source.missing),
        "contact": _together(one.text.removeprefix(desk.text("contact", value="")) for one in desk.contact(source)),
        "url": shown(source.url),
        "language": ", ".join(dict.fromkeys(each.language for each in own if each.language)),
        "given_on": max((each.at for each in own), default=voice.given_on).date(),
        "reference": numbers.get(source.by),
    }


def _domains(desk: Desk, source: DataSource) -> Iterator[str]:
    for domain in source.domains.values if source.domains is not None else ():
        if domain != "other" or source.other_domain is None:
            yield desk.choice("domain", domain)
    if source.other_domain is not None:
        yield desk.shown(source.other_domain)


def _period(desk: Desk, source: DataSource) -> str:
    if source.period is None:
        return ""
    if source.every is not None and source.period.value == "every_n_years":
        return desk.named("every_years", source.every).text
    return desk.shown(source.period)


def _year(said: Said | None) -> Value:
    """A year as a figure, so that it can be sorted and counted."""
    if said is None:
        return None
    return int(said.value) if said.value.isascii() and said.value.isdecimal() and len(said.value) < 6 else said.value


def _together(parts: Iterator[str] | list[str]) -> str:
    return "; ".join(dict.fromkeys(part for part in parts if part))
