"""The senior officials' brief in words: its slides, in one language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from flows import knowledge
from flows.country.alignment import titled
from flows.country.dates import interval, written
from flows.country.slides import MARGIN, WIDE, Bars, Deck, Grid, Map, Slide, Words, paged
from flows.country.som_brief import STAGES, Brief, by_name
from flows.country.standing_told import milestone_name
from flows.country.steps.exercise import PHASES, named
from flows.i18n import FALLBACK, base, languages, text
from flows.questionnaires.wording import wording


def deck(made: Brief, language: str) -> Deck:
    """The brief as slides in `language`, in English where we have no words of it."""
    told = _Told(made, base(language) if base(language) in languages() else FALLBACK)
    day = written(made.on, told.language)
    again = told.text("continued", title="{title}", page="{page}", pages="{pages}")
    return Deck(
        language=told.language,
        title=told.text("title"),
        subtitle=told.text("subtitle", day=day),
        mark=told.text("mark"),
        foot=told.text("foot", day=day),
        about=(told.text("about_preliminary"), told.text("about_allowed")),
        on=made.on,
        slides=tuple(page for slide in told.slides() for page in paged(slide, again)),
        labels={"page": told.text("page"), "legend": told.text("legend")},
    )


class _Told:
    def __init__(self, made: Brief, language: str) -> None:
        self.made = made
        self.language = language
        self.participants = by_name(made.participants, language)

    def text(self, key: str, n: int | None = None, /, **values: object) -> str:
        return text(f"brief.{key}", self.language, n, **values)

    def name(self, code: str) -> str:
        return knowledge.country(code).name(self.language)

    def choice(self, listed: str, choice: str) -> str:
        return wording().of_list(listed, choice, self.language)

    def words(self, said: str, language: str = "") -> Words:
        foreign = bool(language) and base(language) != self.language
        return Words(" ".join(said.split()), language if foreign else "")

    def texts(self, *said: object) -> tuple[Words, ...]:
        return tuple(Words(str(one)) for one in said)

    def slides(self) -> Iterator[Slide]:
        yield self._map()
        if self.participants:
            yield self._stages()
            yield self._rates()
        yield from self._answers()
        yield from self._challenges()
        yield from self._recommendations()
        if self.made.practices:
            yield self._practices()
        yield self._next()
        yield self._method()

    # ---- the exercise ----
    def _map(self) -> Slide:
        made = self.made
        taking = len(made.participants)
        lead = [self.text("taking_part", taking) if taking else self.text("nobody")]
        counts = [self.text(f"stage_count_{stage}", len(made.at(stage))) for stage in STAGES if made.at(stage)]
        points = [self.text("asked", made.asked)] if made.asked else []
        points += [self.text(key, n) for key, n in (("silent", made.silent), ("declined", made.declined)) if n]
        alt = self.text("map_alt", counts="; ".join(counts) or self.text("nobody_yet"))
        legend = tuple(self.text("legend_line", stage=self.stage(one), count=len(made.at(one))) for one in STAGES)
        shades = {one.country: STAGES.index(one.stage) for one in made.participants}
        body = Map(shades, legend, self.text("unshaded"), alt)
        return Slide(self.text("map_title"), tuple(lead), tuple(points), body, self.text("borders"))

    def stage(self, stage: str) -> str:
        return self.text(f"stage_{stage}")

    def _stages(self) -> Slide:
        rows = []
        for stage in reversed(STAGES):
            own = [self.name(one.country) for one in self.participants if one.stage == stage]
            if own:
                rows.append(self.texts(self.stage(stage), len(own), ", ".join(own)))
        columns = self._columns("stage", "number", "countries")
        grid = Grid(columns, tuple(rows), (0.27, 0.12, 0.61), frozenset({1}))
        return Slide(self.text("stages_title"), (self.text("stages_lead"),), (), grid)

    def _columns(self, *names: str) -> tuple[str, ...]:
        return tuple(self.text(f"column_{name}") for name in names)

    def _rates(self) -> Slide:
        every = self.participants
        entities, handed_in = sum(one.entities for one in every), sum(one.handed_in for one in every)
        accepted = sum(one.accepted for one in every)
        lead = self.text("rates_none")
        if entities:
            rate, taken = self._share(handed_in, entities), self._share(accepted, entities)
            lead = self.text("rates_lead", entities, handed_in=handed_in, rate=rate, accepted=accepted, taken=taken)
        rows = tuple(
            self.texts(
                self.name(one.country), self.stage(one.stage), one.entities, one.handed_in, one.accepted,
                self._share(one.handed_in, one.entities),
            )
            for one in every
        )  # fmt: skip
        columns = self._columns("country", "stage", "entities", "handed_in", "accepted", "rate")
        grid = Grid(columns, rows, (0.27, 0.25, 0.12, 0.13, 0.11, 0.12), frozenset({2, 3, 4, 5}))
        return Slide(self.text("rates_title"), (lead,), (), grid, self.text("rates_note"))

    def _share(self, part: int, whole: int) -> str:
        from babel.numbers import format_percent

        return str(format_percent(part / whole, locale=self.language)) if whole else "–"

    # ---- what was answered ----
    def _answers(self) -> Iterator[Slide]:
        made = self.made
        if not made.contributing:
            yield Slide(self.text("sources_title"), (self.text("nothing_accepted"),))
            return
        where = self.text("in_countries", made.contributing)
        lead = (
            self.text("sources_lead", made.sources, countries=where) if made.sources else self.text("sources_none"),
        )
        if made.domains:
            labels = tuple(self.choice("domain", one.domain) for one in made.domains)
            series = [
                (self.text("existing"), tuple(one.existing for one in made.domains)),
                (self.text("potential"), tuple(one.potential for one in made.domains)),
            ]
            if any(one.unstated for one in made.domains):
                series.append((self.text("unstated"), tuple(one.unstated for one in made.domains)))
            body = Bars(labels, tuple(series), self._bars_alt("sources_alt", labels, series))
            yield Slide(self.text("sources_title"), lead, (), body, self.text("sources_note"))
        else:
            yield Slide(self.text("sources_title"), lead)
        yield self._counts()

    def _bars_alt(self, key: str, labels: Sequence[str], series: Sequence[tuple[str, Sequence[int]]]) -> str:
        told = []
        for at, label in enumerate(labels):
            counts = [f"{name.lower()} {values[at]}" if len(series) > 1 else str(values[at]) for name, values in series]
            told.append(f"{label}: {', '.join(counts)}")
        return self.text(key, values="; ".join(told))

    def _counts(self) -> Slide:
        domains = [one.domain for one in self.made.domains]
        rows = tuple(
            self.texts(
                self.name(one.country), one.sources, *(one.domains.get(domain, 0) for domain in domains),
                one.challenges, one.recommendations,
            )
            for one in self.participants
            if one.contributes
        )  # fmt: skip
        columns = (
            *self._columns("country", "sources"),
            *(self.choice("domain", domain) for domain in domains),
            *self._columns("challenges", "recommendations"),
        )
        widths = tuple(_wide(name) for name in columns[1:])
        grid = Grid(columns, rows, (1 - sum(widths), *widths), frozenset(range(1, len(columns))))
        return Slide(self.text("counts_title"), (self.text("counts_lead"),), (), grid, self.text("counts_note"))

    def _challenges(self) -> Iterator[Slide]:
        made = self.made
        if not made.challenges:
            if made.contributing:
                yield Slide(self.text("challenges_title"), (self.text("challenges_none"),))
            return
        rows = tuple(
            self.texts(
                self.choice("challenge", one.name), one.countries, one.entities, sum(one.actions.values()),
                *(one.actions.get(worked, 0) for worked in ("yes", "partly", "no")),
            )
            for one in made.challenges
        )  # fmt: skip
        columns = self._columns("challenge", "in_countries", "of_entities", "actions", "worked", "partly", "failed")
        grid = Grid(columns, rows, (0.28, *(0.12,) * 6), frozenset(range(1, 7)))
        yield Slide(
            self.text("challenges_title"), (self.text("challenges_lead"),), (), grid, self.text("challenges_note")
        )
        if made.told_challenges:
            told = tuple(
                (
                    Words(f"{self.name(one.country)}, {one.entity}"),
                    Words(self.choice("challenge", one.name)),
                    self.words(one.description or "–", one.language),
                    self.words(one.action or "–", one.language),
                    Words(self.choice("worked", one.worked) if one.worked else "–"),
                )
                for one in made.told_challenges
            )
            columns = self._columns("by", "challenge", "shows", "action", "result")
            yield Slide(
                self.text("told_challenges_title"), (self._quoted(made.more_challenges),), (),
                Grid(columns, told, (0.19, 0.16, 0.28, 0.25, 0.12)), self.text("own_language"),
            )  # fmt: skip

    def _quoted(self, more: int) -> str:
        lead = self.text("quoted_lead")
        return f"{lead} {self.text('quoted_more', more)}" if more else lead

    def _recommendations(self) -> Iterator[Slide]:
        made = self.made
        title = self.text("categories_title")
        if not made.recommendations:
            if made.contributing:
                yield Slide(title, (self.text("recommendations_none"),))
            return
        lead = (self.text("recommendations_lead", made.recommendations),)
        order = [*wording().choices("category"), *sorted(made.categories)]
        known = [one for one in dict.fromkeys(order) if made.categories.get(one)]
        labels = tuple(self.choice("category", one) for one in known)
        series = ((self.text("column_recommendations"), tuple(made.categories[one] for one in known)),)
        yield Slide(title, lead, (), Bars(labels, series, self._bars_alt("categories_alt", labels, series)))
        yield from self._objectives()
        if made.told_recommendations:
            told = tuple(
                (
                    Words(f"{self.name(one.contributed.country)}, {one.contributed.entity}"),
                    self.words(one.contributed.text, one.contributed.language),
                    Words(self.choice("category", one.category)),
                    Words(self._numbers(one.contributed.objectives, chosen=one.contributed.chosen)),
                )
                for one in made.told_recommendations
            )
            columns = self._columns("by", "recommendation", "category", "objectives")
            yield Slide(
                self.text("told_recommendations_title"), (self._quoted(made.more_recommendations),), (),
                Grid(columns, told, (0.21, 0.49, 0.18, 0.12)), self.text("own_language_suggested"),
            )  # fmt: skip

    def _objectives(self) -> Iterator[Slide]:
        made = self.made
        lead = [self.text("objectives_lead", len(made.objectives))]
        if made.unrelated:
            lead.append(self.text("objectives_unrelated", made.unrelated))
        if not made.objectives:
            yield Slide(self.text("objectives_title"), tuple(lead))
            return
        labels = tuple(titled(number, self.language) for number in made.objectives)
        series = ((self.text("column_recommendations"), tuple(made.objectives.values())),)
        body = Bars(labels, series, self._bars_alt("objectives_alt", labels, series))
        note = self.text("objectives_note", made.suggested) if made.suggested else ""
        yield Slide(self.text("objectives_title"), tuple(lead), (), body, note)

    def _numbers(self, objectives: Iterable[int], *, chosen: bool) -> str:
        found = ", ".join(map(str, objectives))
        return f"{found} *" if found and not chosen else found or "–"

    def _practices(self) -> Slide:
        made = self.made
        rows = tuple(
            (
                Words(f"{self.name(one.country)}, {one.entity}"),
                self.words(one.title, one.language),
                self.words(" – ".join(part for part in (one.done, one.result) if part) or "–", one.language),
            )
            for one in made.practices
        )
        lead = [self.text("practices_lead")]
        if made.more_practices:
            lead.append(self.text("quoted_more", made.more_practices))
        grid = Grid(self._columns("by", "practice", "done"), rows, (0.22, 0.26, 0.52))
        return Slide(self.text("practices_title"), (" ".join(lead),), (), grid, self.text("own_language"))

    # ---- what comes next, what is shown ----
    def _next(self) -> Slide:
        made = self.made
        waiting = tuple(self.text(f"next_{stage}", len(made.at(stage))) for stage in STAGES[:-1] if made.at(stage))
        rows = [
            self.texts(milestone_name(one, self.language), written(one.on, self.language)) for one in made.milestones
        ]
        for phase in PHASES:
            if (planned := made.planned.get(phase)) is not None:
                dates = interval(planned.begins, planned.ends, self.language)
                rows.append(self.texts(text(named(phase), self.language), dates))
        body = Grid(self._columns("what", "when"), tuple(rows), (0.6, 0.4)) if rows else None
        lead = (self.text("next_planned") if rows else self.text("next_unplanned"),)
        return Slide(self.text("next_title"), (*waiting, *lead), (), body)

    def _method(self) -> Slide:
        made = self.made
        points = [self.text(f"rule_{name}") for name in ("named", "accepted", "texts", "objectives")]
        points.append(self.text("rule_withheld", made.withheld))
        points += [self.text("rule_waiting", made.waiting)] if made.waiting else []
        return Slide(self.text("method_title"), (self.text("method_lead"),), tuple(points))


def _wide(name: str) -> float:
    """The share of the width that a column of numbers needs for the longest word of its name."""
    return (max(map(len, name.split()), default=1) * 7.8 + 14) / (WIDE - 2 * MARGIN)
