"""The sources at a glance: a matrix of sources and domains, and how many of each type there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from flows.country.accounts import Account
from flows.country.completeness import CLASSES, DOMAINS
from flows.country.contribution import Said
from flows.country.differences import identity
from flows.country.draft.desk import Desk, alike
from flows.country.draft.figures import MOST_ROWS, Bar, Counts, bars, coverage
from flows.country.guide import Block, Bullets, Cell, Figure, Mark, Paragraph, Row, Statement, Table
from flows.country.names import folded

Source = Sequence[Account]
"""A source with what each entity says of it."""
_NAMES = 0.28  # of the width of the matrix, for the names of the sources
_NARROW = "E [1, 2]"  # a column of it has room for this
_SEX_AND_AGE = {"sex", "age"}
_COUNTED = (("type", "s6_type"), ("period", "s8_period"), ("breakdown", "s9_breakdown"))
"""What is counted: the field of a source, and its question."""
_DRAWN = 2  # of them, the first


def at_a_glance(desk: Desk, sources: Sequence[Source]) -> Iterator[Block]:
    """What a reader sees first of the mapping; nothing where no source is described."""
    if not sources:
        return
    yield from _coverage(desk, sources)
    yield _matrix(desk, sources)
    yield desk.paragraph("glance_legend", style="note")
    existing = [source for source in sources if exists(source)]
    potential = sum(map(is_potential, sources))
    shared = sum(1 for source in sources if len(source) > 1)
    said = [desk.fixed("summed", n=len(sources), existing=len(existing), potential=potential)]
    said += [desk.fixed("summed_shared", n=shared)] if shared else []
    if existing:
        broken = sum(1 for source in existing if _values(source, "breakdown") >= _SEX_AND_AGE)
        said.append(desk.fixed("summed_sex_and_age", count=broken, all=len(existing)))
    yield Paragraph(tuple(said))
    yield from _not_by_sex_and_age(desk, existing)
    if existing:
        yield from bars(desk, "sources", [_bars(desk, existing, *counted) for counted in _COUNTED[:_DRAWN]])
        yield _counts(desk, existing)


def named(desk: Desk, source: Source) -> list[Statement]:
    """What a source is called, each name once with all who call it so."""
    names = [desk.source_name(account) for account in source]
    return [
        replace(same[0], sources=tuple(dict.fromkeys(number for one in same for number in one.sources)))
        for same in alike(names, lambda one: folded(one.text) or one.text)
    ]


def exists(source: Source) -> bool:
    """Whether anybody says that the source exists."""
    return any(_status(account) == "existing" for account in source)


def is_potential(source: Source) -> bool:
    """Whether all who say anything of it say that the source is only potential."""
    return {_status(account) for account in source} - {"unknown"} == {"potential"}


def _domains(desk: Desk, sources: Sequence[Source]) -> list[str]:
    """The four domains of every guide, and any other that a source belongs to."""
    used = {domain for source in sources for domain in _values(source, "domains")}
    return [domain for domain in desk.dossier.wording.choices("domain") if domain in DOMAINS or domain in used]


def _matrix(desk: Desk, sources: Sequence[Source]) -> Table:
    domains = _domains(desk, sources)
    rows: list[Row] = []
    for entity_class in CLASSES:
        own = [source for source in sources if (desk.voice(source[0].by).entity.entity_class or "gov") == entity_class]
        if own:
            rows.append(desk.heading(f"class_{entity_class}"))
        for source in own:
            cells = (_cell(desk, source, domain) for domain in domains)
            rows.append(Row((Cell(tuple(named(desk, source))), *cells)))
    labels = [desk.choice("domain", domain) for domain in domains]
    longest = [max(map(len, [*label.split(), _NARROW])) for label in labels]  # no word of a heading is broken
    return Table(
        "table-glance",
        desk.text("table_glance"),
        (desk.text("column_source"), *labels),
        tuple(rows),
        (_NAMES, *((1 - _NAMES) * size / sum(longest) for size in longest)),
    )


def _coverage(desk: Desk, sources: Sequence[Source]) -> Iterator[Figure]:
    """Which entity has sources for which domain; by class where there are too many entities for a drawing."""
    domains = _domains(desk, sources)
    every = [account for source in sources for account in source]
    rows: list[Mark] = []
    for entity_class in CLASSES:
        own = [one for one in every if (desk.voice(one.by).entity.entity_class or "gov") == entity_class]
        label = desk.text(f"class_{entity_class}")
        if len({identity(desk.voice(one.by)) for one in every}) > MOST_ROWS:
            rows.append(Mark(label, _numbers([[one] for one in own], domains)))
        elif own:
            rows.append(Mark(label, heads=True))
            for same in alike(own, lambda one: identity(desk.voice(one.by))):
                name = desk.short_name(desk.voice(same[0].by))
                rows.append(Mark(name, _numbers([[one] for one in same], domains)))
    columns = [desk.choice("domain", domain) for domain in domains]
    yield from coverage(desk, columns, rows, _numbers(sources, domains))


def _numbers(sources: Sequence[Source], domains: Sequence[str]) -> tuple[Counts, ...]:
    """For each domain, how many of the sources exist, are potential, and are neither said to be."""

    def count(domain: str) -> Counts:
        own = [told for source in sources if (told := [one for one in source if domain in _values([one], "domains")])]
        existing, potential = sum(map(exists, own)), sum(map(is_potential, own))
        return existing, potential, len(own) - existing - potential

    return tuple(map(count, domains))


def _cell(desk: Desk, source: Source, domain: str) -> Cell:
    """Whether the source exists for that domain or could, with all who say so."""
    found = [account for account in source if account.domains is not None and domain in account.domains.values]
    return Cell(
        tuple(
            Statement(desk.text(f"glance_{status}"), tuple(dict.fromkeys(account.by for account in same)))
            for same in alike(found, _status)
            for status in (_status(same[0]),)
        )
    )


def _status(account: Account) -> str:
    value = account.status.value if account.status is not None else ""
    return value if value in ("existing", "potential") else "unknown"


def _values(source: Source, field: str) -> set[str]:
    said: list[Said | None] = [getattr(account, field) for account in source]
    return {value for one in said if one is not None for value in one.values}


def _not_by_sex_and_age(desk: Desk, existing: Sequence[Source]) -> Iterator[Block]:
    """The sources whose data are not broken down by both, or of which nobody said how they are."""
    lacking = [source for source in existing if not _values(source, "breakdown") >= _SEX_AND_AGE]
    for key, unsaid in (("lacking_sex_and_age", False), ("breakdown_unsaid", True)):
        found = [source for source in lacking if bool(_values(source, "breakdown")) is not unsaid]
        if found:
            yield desk.paragraph(key)
            yield Bullets(tuple(Cell(tuple(named(desk, source))) for source in found))


def _counts(desk: Desk, existing: Sequence[Source]) -> Table:
    rows: list[Row] = []
    for field, question in _COUNTED:
        list_name = desk.dossier.wording.lists.get(question, "")
        rows.append(desk.heading(f"counted_{field}"))
        for choice in desk.dossier.wording.choices(list_name):
            rows += _count(desk.choice(list_name, choice), _by(existing, field, choice))
        rows += _count(desk.text("not_said"), [source for source in existing if not _values(source, field)])
    return desk.table("counts", rows, (70, 30), ("characteristic", "count"))


def _bars(desk: Desk, existing: Sequence[Source], field: str, question: str) -> tuple[str, list[Bar]]:
    """The same of one field, to be drawn: its heading and its bars, in the order of the form."""
    list_name = desk.dossier.wording.lists.get(question, "")
    found = [
        (desk.choice(list_name, choice), (len(_by(existing, field, choice)),))
        for choice in desk.dossier.wording.choices(list_name)
    ]
    found.append((desk.text("not_said"), (sum(1 for source in existing if not _values(source, field)),)))
    return desk.text(f"counted_{field}"), [bar for bar in found if bar[1][0]]


def _by(sources: Sequence[Source], field: str, choice: str) -> list[tuple[Account, ...]]:
    """The accounts, source by source, that give this answer."""
    found = (
        tuple(account for account in source if (said := getattr(account, field)) is not None and choice in said.values)
        for source in sources
    )
    return [accounts for accounts in found if accounts]


def _count(label: str, found: Sequence[Source]) -> Iterator[Row]:
    if found:
        by = tuple(dict.fromkeys(account.by for source in found for account in source))
        yield Row((Cell((Statement(label, by),)), Cell((Statement(str(len(found)), by),))))
