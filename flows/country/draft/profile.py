"""Section III: what the migration profile holds, who keeps it, what worked, and what is difficult."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from flows.country.contribution import Said
from flows.country.draft.decided import documents, statuses
from flows.country.draft.desk import Desk, together
from flows.country.guide import Block, Cell, Paragraph, Row, Section, Statement
from flows.country.names import folded
from flows.country.objects import Challenge, Practice, ProfileDocument


def section(desk: Desk) -> Section:
    """III. The migration profile process."""
    return Section(
        "profile",
        "III",
        desk.text("section_3"),
        (desk.paragraph("intro_3"),),
        (
            Section("contents", "III.1", desk.text("section_3_1"), tuple(_contents(desk))),
            Section("group", "III.2", desk.text("section_3_2"), tuple(_group(desk))),
            Section("practices", "III.3", desk.text("section_3_3"), tuple(_practices(desk))),
            Section("matrix", "III.4", desk.text("section_3_4"), tuple(_matrix(desk))),
        ),
    )


def _contents(desk: Desk) -> Iterator[Block]:
    dossier = desk.dossier
    yield from statuses(desk, "profile", dossier.profile_statuses)
    if not dossier.profile_statuses:
        yield desk.gap("no_profile")
    yield from documents(desk, "profile", dossier.profiles, _identity, _document)
    yield from _named(desk, "functions", "function", dossier.functions)
    yield from _named(desk, "themes", "theme", dossier.themes)
    for said in dossier.theme_notes:
        yield Paragraph((desk.say(said),))
    yield from _updates(desk)


def _named(desk: Desk, intro: str, list_name: str, answers: Sequence[Said]) -> Iterator[Block]:
    """The choices that were named, in the order of their list, each with all who named it."""
    if answers:
        yield desk.paragraph(intro)
    choices = desk.dossier.wording.choices(list_name)
    for_each = {choice: together(said for said in answers if choice in said.values) for choice in choices}
    yield from desk.bullets([Statement(desk.choice(list_name, choice), by)] for choice, by in for_each.items() if by)


def _identity(item: ProfileDocument) -> tuple[str, ...]:
    return tuple(part.value if part else "" for part in (item.title, item.year, item.format, item.url))


def _document(desk: Desk, items: list[ProfileDocument]) -> list[Statement]:
    """A title with its year, format and files, once for all who gave the same."""
    first, by = items[0], tuple(item.by for item in items)
    found = [desk.titled(first.title, first.year, *by)]
    found += [replace(desk.say(said), sources=by) for said in (first.format, first.url) if said is not None]
    return [*found, *(desk.named("attached", item.file) for item in items if item.file is not None)]


def _updates(desk: Desk) -> Iterator[Block]:
    rows = tuple(
        Row(
            (
                desk.cell(item.frequency),
                desk.cell(item.next),
                desk.cell(desk.institution(item.body), item.email),
                desk.cell(item.budget),
            )
        )
        for item in desk.dossier.updates
    )
    if rows:
        yield desk.table("updates", rows, (24, 22, 36, 18), ("rhythm", "next_update", "body", "budget"))
    else:
        yield desk.gap("no_updates")


def _group(desk: Desk) -> Iterator[Block]:
    dossier = desk.dossier
    for authority in dossier.authorities:
        if authority.institution is not None:
            yield Paragraph((desk.named("authority", authority.institution),))
        if authority.function is not None:
            yield Paragraph((desk.fixed("endorsed_by"), desk.say(authority.function)))
    for group in dossier.groups:
        if group.status is not None:
            yield Paragraph((desk.told("group", group.status),))
        if group.wanted is not None:
            yield Paragraph((desk.told("group_wanted", group.wanted),))
        found = [desk.say(group.name)] if group.name is not None else []
        found += desk.files(group.url, group.file)
        yield from desk.bullets([found] if found else [])
    rows = [_coordinator(desk, index) for index in range(len(dossier.coordinators))]
    for member in dossier.members:
        cells = (
            desk.cell(member.role),
            desk.cell(desk.institution(member.entity)),
            desk.cell(_published(desk, member.name)),
            desk.cell(member.function),
        )
        rows.append(Row(cells))
    if rows:
        yield desk.table("group", rows, (20, 30, 26, 24), ("role", "entity", "name", "position"))
    if not dossier.coordinators:
        yield desk.gap("no_coordinator")
    if not dossier.members:
        yield desk.gap("no_members")


def _coordinator(desk: Desk, index: int) -> Row:
    item = desk.dossier.coordinators[index]
    role = Cell((desk.fixed("coordinator", item.by),))
    return Row(
        (
            role,
            desk.cell(desk.institution(item.entity)),
            desk.cell(_published(desk, item.name)),
            desk.cell(item.function),
        )
    )


def _published(desk: Desk, name: Said | None) -> Said | None:
    """A name given by somebody else is printed only where the person agreed that their own is published."""
    if name is None:
        return None
    agreed = {folded(voice.name) for voice in desk.dossier.voices if voice.name}  # given only as far as consented
    return name if folded(name.value) in agreed else None


def _practices(desk: Desk) -> Iterator[Block]:
    dossier = desk.dossier
    if not dossier.practices:
        yield desk.gap("no_practices")
    else:
        rows = (_practice(desk, item) for item in dossier.practices)
        yield desk.table("practices", rows, (22, 30, 26, 22), ("practice", "done", "result", "relates"))
    used = [item for item in dossier.uses if item.used is not None and item.used.value == "yes"]
    if used:
        yield desk.paragraph("uses")
        yield from desk.bullets(
            [desk.introduced(item.by), desk.say(item.purpose)] if item.purpose is not None else [desk.entity(item.by)]
            for item in used
        )
    for answer in ("no", "unheard"):
        by = [item.by for item in dossier.uses if item.used is not None and item.used.value == answer]
        if by:
            yield Paragraph((desk.fixed(f"uses_{answer}", *by, n=len(by)),))


def _practice(desk: Desk, item: Practice) -> Row:
    title = desk.say(item.title) if item.title is not None else desk.fixed("untitled", item.by)
    share = [desk.told("share", item.share)] if item.share is not None else []
    return Row(
        (
            desk.cell(title, desk.entity(item.by), *desk.files(item.url, item.file)),
            desk.cell(item.done),
            desk.cell(item.result),
            desk.cell(item.stages, item.domains, *share),
        )
    )


def _matrix(desk: Desk) -> Iterator[Block]:
    rows: list[Row] = []
    for rank, challenge in enumerate(desk.dossier.challenges, start=1):
        rows.append(_head(desk, rank, challenge))
        for item in challenge.responses:
            rows.append(
                Row(
                    (
                        desk.cell(desk.entity(item.by)),
                        desk.cell(item.other, item.description, gap="not_described"),
                        desk.cell(item.action, gap="no_action"),
                        desk.cell(item.worked),
                        desk.cell(desk.institution(item.done_by)),
                    )
                )
            )
    if not rows:
        yield desk.gap("no_challenges")
        return
    yield desk.paragraph("matrix_order" if not desk.has_workshop() else "matrix_order_workshop")
    yield desk.table("matrix", rows, (15, 29, 29, 12, 15), ("entity", "challenge", "corrective", "worked", "done_by"))


def _head(desk: Desk, rank: int, challenge: Challenge) -> Row:
    sources = tuple(dict.fromkeys(item.by for item in challenge.responses))
    label = desk.choice("challenge", challenge.name)
    return Row((Cell((Statement(desk.text("ranked", rank=rank, challenge=label), sources),)),), span=True)
