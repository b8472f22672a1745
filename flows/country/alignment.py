"""What guides contribute to the objectives of the Global Compact, and the report across countries that shows it beside
the dialogue's own activities: *Activités du Processus de Rabat – alignement sur les objectifs du PMM*.

The report is a `Guide` value like any other, printed in the same manner. It bears the day on which what it says last
changed, so that the same content gives the same report whenever it is made.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Literal

from flows import knowledge
from flows.activities import Activity, accounts
from flows.country.contribution import Said
from flows.country.dates import interval, written
from flows.country.dossier import Dossier
from flows.country.guide import Block, Bullets, Cell, Guide, Paragraph, Row, Section, Statement, Table
from flows.country.sharing import YES, SharedPractice
from flows.country.steps.activities import Catalogue
from flows.country.suggesting import suggested
from flows.i18n import FALLBACK, base, languages, text

OBJECTIVE = "gcm_"
"""What the questionnaire's choices of objectives begin with."""


@dataclass(frozen=True, slots=True)
class Contributed:
    """A recommendation or a practice with its objectives. `chosen`: by whoever wrote it; else they are suggested."""

    kind: Literal["recommendation", "practice"]
    country: str  # ISO 3166-1 alpha-3
    entity: str
    text: str
    language: str
    objectives: tuple[int, ...]
    chosen: bool
    by: int = 0
    question: str = ""
    more: str = ""  # what was done, of a practice
    url: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """The published guide of a country, and what of it concerns the objectives."""

    country: str
    version: int
    on: date
    contributed: tuple[Contributed, ...]


def contributed(dossier: Dossier) -> tuple[Contributed, ...]:
    """The recommendations and practices of a dossier by objective: those chosen, suggested ones where nobody chose."""
    return (*_recommendations(dossier), *_practices(dossier))


def published(dossier: Dossier, printed: Collection[str]) -> tuple[Contributed, ...]:
    """The same as far as the published guide prints it word for word (`printed`: all it says, in any language): what
    was withdrawn since, or never published, is left out; of practices, only those agreed to be shared."""
    kept = {item.title.value for item in dossier.practices if item.title and item.share and item.share.value == YES}
    return tuple(
        one
        for one in contributed(dossier)
        if one.text in printed and (one.kind == "recommendation" or one.text in kept)
    )


def of_practice(one: SharedPractice) -> Contributed:
    """A practice that its entity agreed to share with other countries."""
    objectives = suggested(f"{one.title}\n{one.done}\n{one.result}", domains=one.domains)
    return Contributed(
        *("practice", one.country, one.entity, one.title, one.language, objectives, False),
        more=one.done,
        url=one.url,
    )


def _recommendations(dossier: Dossier) -> Iterator[Contributed]:
    for item in dossier.recommendations:
        if item.text is not None:
            chosen = numbers_of(item.objectives)
            category = item.category.value if item.category is not None else ""
            found = chosen or suggested(item.text.value, category=category)
            yield _one(dossier, "recommendation", item.text, found, bool(chosen))


def _practices(dossier: Dossier) -> Iterator[Contributed]:
    for item in dossier.practices:
        if item.title is not None:
            words = "\n".join(said.value for said in (item.title, item.done, item.result) if said is not None)
            found = suggested(words, domains=item.domains.values if item.domains is not None else ())
            done = item.done.value if item.done is not None else ""
            url = item.url.value if item.url is not None else ""
            yield _one(dossier, "practice", item.title, found, False, done, url)


def _one(
    dossier: Dossier,
    kind: Literal["recommendation", "practice"],
    said: Said,
    objectives: tuple[int, ...],
    chosen: bool,
    more: str = "",
    url: str = "",
) -> Contributed:
    entity = dossier.voice(said.by).entity
    name = entity.acronym or entity.name
    return Contributed(
        *(kind, dossier.country, name, said.value, said.language, objectives, chosen),
        by=said.by,
        question=said.question,
        more=more,
        url=url,
    )


def numbers_of(said: Said | None) -> tuple[int, ...]:
    """The objectives that an official chose."""
    found = (one.removeprefix(OBJECTIVE) for one in (said.values if said is not None else ()))
    known = {one.number for one in knowledge.objectives()}
    return tuple(number for one in found if one.isdecimal() and (number := int(one)) in known)


# ---- words --------------------------------------------------------------------------------------------------------
def when(one: Activity, language: str) -> str:
    """`20–21 sept. 2023`, `24 octobre 2019`, `2021`."""
    if one.begins is None:
        return str(one.year)
    if one.ends is None or one.ends == one.begins:
        return written(one.begins, language)
    return interval(one.begins, one.ends, language)


def where(one: Activity, language: str) -> str:
    """Date, place and organisers, as far as they are known."""
    parts = (when(one, language), one.place(language), one.organiser(language))
    return ", ".join(part for part in parts if part)


def titled(number: int, language: str) -> str:
    """`Objectif 1 – Données`."""
    return text("objectives.titled", language, number=number, title=knowledge.objective(number).short(language))


# ---- the report ---------------------------------------------------------------------------------------------------
def report(catalogue: Catalogue, guides: Sequence[Published], language: str, changed_on: date | None = None) -> Guide:
    """The report in `language`. `guides`: what published guides contribute; `changed_on`: when the catalogue was
    changed last, None where it is as it came with the program."""
    language = language if base(language) in languages() else FALLBACK
    days = [catalogue.dated, *([changed_on] if changed_on else []), *(one.on for one in guides)]
    made = _Report(catalogue, tuple(sorted(guides, key=lambda one: one.country)), language)
    return Guide(
        country="",
        country_name=text("objectives.report_of", language),
        language=language,
        title=text("objectives.report_title", language),
        subtitle=text("objectives.report_subtitle", language),
        status=text("objectives.report_status", language, date=written(max(days), language), version=catalogue.version),
        compiled_at=datetime.combine(max(days), time(), UTC),
        summary=tuple(made.summary()),
        sections=tuple(made.sections()),
        sources=(),
        withheld=0,
        labels={"summary": text("objectives.report_summary", language)},
        final=True,
    )


class _Report:
    def __init__(self, catalogue: Catalogue, guides: Sequence[Published], language: str) -> None:
        self.catalogue = catalogue
        self.guides = guides
        self.language = language
        self.given = tuple(one for guide in guides for one in guide.contributed)

    def text(self, key: str, n: int | None = None, **values: object) -> str:
        return text(f"objectives.{key}", self.language, n, **values)

    def paragraph(self, key: str, style: str = "body", n: int | None = None, **values: object) -> Paragraph:
        return Paragraph((Statement(self.text(key, n, **values)),), style)

    def of(self, number: int, kind: str) -> list[Contributed]:
        return [one for one in self.given if one.kind == kind and number in one.objectives]

    def has(self, number: int) -> bool:
        given = any(number in one.objectives for one in self.given)
        return given or bool(self.catalogue.of(number)) or number in accounts()

    # ---- at a glance ----
    def summary(self) -> Iterator[Block]:
        covered = [one.number for one in knowledge.objectives() if self.has(one.number)]
        yield self.paragraph("report_purpose")
        yield self.paragraph("report_covers", n=len(covered))
        counts = [self.text("count_activities", len(self.catalogue.activities))]
        if self.guides:
            counts.append(self.text("count_guides", len(self.guides)))
            for kind in ("recommendation", "practice"):
                found = sum(1 for one in self.given if one.kind == kind)
                counts.append(self.text(f"count_{kind}s", found))
        yield Bullets(tuple(Cell((Statement(one),)) for one in counts))
        if not self.guides:
            yield self.paragraph("report_no_guides", "note")
        yield self._overview()

    def _overview(self) -> Table:
        rows = []
        for one in knowledge.objectives():
            numbers = (len(self.catalogue.of(one.number)), *(len(self.of(one.number, kind)) for kind in _GIVEN))
            shown = [Statement(str(number)) if number else Statement("–") for number in numbers]
            title = Statement(one.short(self.language))
            rows.append(Row(tuple(Cell((said,)) for said in (Statement(str(one.number)), title, *shown))))
        columns = ("number", "objective", "activities", "recommendations", "practices")
        return self._table("overview", columns, rows, (0.07, 0.44, 0.15, 0.19, 0.15))

    def _table(self, name: str, columns: Iterable[str], rows: Iterable[Row], widths: tuple[float, ...]) -> Table:
        heads = tuple(self.text(f"column_{column}") for column in columns)
        return Table(f"table-{name}", self.text(f"table_{name.split('-')[0]}"), heads, tuple(rows), widths)

    # ---- objective by objective ----
    def sections(self) -> Iterator[Section]:
        covered = tuple(
            Section(f"objective-{one.number}", "", titled(one.number, self.language), tuple(self._objective(one)))
            for one in knowledge.objectives()
            if self.has(one.number)
        )
        yield Section("objectives", "", self.text("section_objectives"), (), covered)
        if without := [one for one in knowledge.objectives() if not self.has(one.number)]:
            items = tuple(Cell((Statement(titled(one.number, self.language)),)) for one in without)
            yield Section(
                "without", "", self.text("section_without"), (self.paragraph("report_without"), Bullets(items))
            )
        yield Section("plans", "", self.text("section_plans"), (self.paragraph("report_plans"), self._plans()))
        yield Section("method", "", self.text("section_method"), tuple(self._method()))

    def _objective(self, one: knowledge.Objective) -> Iterator[Block]:
        yield Paragraph((Statement(one.full(self.language)),), "quote")
        account = accounts().get(one.number)
        if account is not None:
            yield Paragraph((Statement(account.texts[base(self.language)]),))
            if base(self.language) in account.translated:
                yield self.paragraph("our_translation", "note")
        if found := self.catalogue.of(one.number):
            rows = [self._activity(activity) for activity in found]
            yield self._table(f"activities-{one.number}", ("kind", "title", "when"), rows, (0.16, 0.58, 0.26))
        if given := [each for kind in _GIVEN for each in self.of(one.number, kind)]:
            rows = [self._given(each) for each in given]
            columns = ("country", "contributed", "by")
            yield self._table(f"contributed-{one.number}", columns, rows, (0.18, 0.6, 0.22))

    def _activity(self, one: Activity) -> Row:
        language = base(self.language)
        said = one.language(language)
        title = [Statement(one.title(language), language=said if said != language else "")]
        if language in one.translated:
            title.append(Statement(self.text("translated")))
        if link := one.link(language):
            title.append(Statement(link))
        kind = Statement(self.text(f"kind_{one.kind}"))
        return Row((Cell((kind,)), Cell(tuple(title)), Cell((Statement(where(one, language)),))))

    def _given(self, one: Contributed) -> Row:
        foreign = one.language if one.language and base(one.language) != base(self.language) else ""
        said = [Statement(one.text, language=foreign)]
        if one.url:
            said.append(Statement(one.url))
        country = Statement(knowledge.country(one.country).name(self.language))
        by = [Statement(one.entity), Statement(self.text(f"a_{one.kind}"))]
        if not one.chosen:
            by.append(Statement(self.text("suggested")))
        return Row((Cell((country,)), Cell(tuple(said)), Cell(tuple(by))))

    # ---- plans and method ----
    def _plans(self) -> Table:
        plans = knowledge.plans()
        rows = [
            Row(
                (
                    Cell((Statement(str(areas[0].number)),)),
                    *(Cell((Statement(area.full(self.language)), Statement(self._objectives(area)))) for area in areas),
                )
            )
            for areas in zip(*(plan.areas for plan in plans), strict=True)
        ]
        heads = (self.text("column_number"), *(plan.name(self.language) for plan in plans))
        return Table("table-plans", self.text("table_plans"), heads, tuple(rows), (0.07, 0.465, 0.465))

    def _objectives(self, area: knowledge.Area) -> str:
        return self.text("plan_objectives", numbers=", ".join(area.objectives))

    def _method(self) -> Iterator[Block]:
        yield self.paragraph("method_activities", source=self.catalogue.source, version=self.catalogue.version)
        yield self.paragraph("method_translated")
        yield self.paragraph("method_guides")
        if self.guides:
            yield Bullets(
                tuple(
                    Cell(
                        (
                            Statement(
                                self.text(
                                    "method_guide",
                                    country=knowledge.country(one.country).name(self.language),
                                    version=one.version,
                                    date=written(one.on, self.language),
                                )
                            ),
                        )
                    )
                    for one in self.guides
                )
            )
        yield self.paragraph("method_suggested")


_GIVEN = ("recommendation", "practice")
