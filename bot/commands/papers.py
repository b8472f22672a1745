"""`griot form paper` and `griot paper`: a questionnaire as a Word document, and filled ones read for officials."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.failing import content, explained, misused, place, refuse
from flows.i18n import text

if TYPE_CHECKING:
    from bot.acting import Act
    from bot.commands.terminal import Terminal
    from bot.papering import Compared
    from bot.settings import Settings
    from db.people import Person
    from flows.country.paper_list import Who

Country = Annotated[str, typer.Argument(metavar="COUNTRY", help="ISO 3166-1 code, such as BFA.")]
File = Annotated[Path, typer.Argument(metavar="FILE.docx", help="The questionnaire as it came back.")]
Number = Annotated[
    int, typer.Option("--person", metavar="N", help="Whose answers; found by itself where the paper says it.")
]


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    papers = typer.Typer(name="paper", help="Questionnaires filled on paper.", no_args_is_help=True)
    papers.command("read")(read)
    papers.command("import")(import_)
    app.add_typer(papers)


def form_paper(
    form: Annotated[Path, typer.Argument(metavar="FORM", help=".xlsx, .xls, .csv, .md, .toml, or an XForm .xml")],
    out: Annotated[Path, typer.Option("--out", help="The Word document to write (.docx).")],
    language: Annotated[str, typer.Option("--language", help="Language of the questions.")] = "fr",
    given: Annotated[
        list[str] | None, typer.Option("--given", metavar="NAME=VALUE", help="What is known beforehand: role=official.")
    ] = None,
) -> None:
    """Write a form as a Word document to fill in, on the screen or by hand."""
    from bot.commands.forms import MOST_INPUT_BYTES, refusal_line
    from bot.papering import blank
    from bot.writing import write
    from flows.interview.xlsform import FormProblem, compile_xlsform, form_of, kind_of
    from flows.knowledge import UnknownCountry

    if out.suffix.lower() != ".docx":
        misused(text("forms.wrong_kind", language, name=out, kind=".docx"))
    known = dict(one.split("=", 1) for one in given or () if "=" in one)
    if len(known) != len(given or ()):
        misused(text("paper.given_wrong", language))
    try:
        read_form = form_of(compile_xlsform(content(form, MOST_INPUT_BYTES), kind_of(form.name)))
        written = blank(read_form, language, datetime.now(UTC), known)
        write({out: written})
    except FormProblem as problem:
        refuse(refusal_line(form, problem, language))
    except UnknownCountry:
        misused(text("paper.given_wrong", language))
    except OSError as error:
        refuse(text("forms.no_file", language, name=error.filename or form, why=error.strerror or type(error).__name__))
    typer.echo(str(out))


def read(
    country: Country,
    file: File,
    person: Number = 0,
    out: Annotated[Path | None, typer.Option("--out", help="Also as a document: .docx or .pdf.")] = None,
) -> None:
    """Say what a filled questionnaire holds beside the answers on record. Nothing is recorded."""
    with explained() as settings:
        asyncio.run(_read(settings, country, file, person, out))


def import_(
    country: Country,
    file: File,
    person: Number = 0,
    name: Annotated[str, typer.Option("--name", help="A new official who has no phone: how they are called.")] = "",
    entity: Annotated[str, typer.Option("--entity", help="The entity that the new official answers for.")] = "",
    also: Annotated[
        list[int] | None, typer.Option("--also", metavar="N", help="A difference that is only taken over by itself.")
    ] = None,
    hand_in: Annotated[
        bool, typer.Option("--hand-in", help="Hand the answers in as well, what is left blank being skipped.")
    ] = False,
) -> None:
    """Record what a filled questionnaire adds or corrects, in the name of its official.

    What would overwrite a newer answer, empty or disclose one is left out unless it is named with --also, by its
    number in griot paper read.
    """
    with explained() as settings:
        if bool(name) != bool(entity) or (name and person):
            misused(text("paper.new_or_known", settings.language))
        asyncio.run(_import(settings, country, file, person, name, entity, also or [], hand_in=hand_in))


# ---- reading ------------------------------------------------------------------------------------------------------
async def _read(settings: Settings, country: str, file: Path, person: int, out: Path | None) -> None:
    from bot.commands.terminal import opened
    from bot.documents import render
    from bot.writing import write
    from flows.country.paper_list import difference_list
    from flows.knowledge import country as known

    shown, code = settings.language, place(settings, country)
    kind = out.suffix.lower().removeprefix(".") if out is not None else "pdf"
    if kind not in ("docx", "pdf"):
        misused(text("forms.wrong_kind", shown, name=out, kind=".docx, .pdf"))
    async with opened(settings, "paper read", code, person=person) as terminal:
        found = await _compared(terminal, code, file, person)
        if found is None:
            return
        one, who = found[0], found[1]
        _say(terminal, one, who)
        if out is None:
            return
        guide = difference_list(
            one.comparison,
            country=known(code),
            entity=one.held.contributed.called(shown),
            language=shown,
            made_at=datetime.now(UTC),
            name=file.name,
            who=who,
        )
        try:
            write({out: render(guide, "docx" if kind == "docx" else "pdf")}, private=True)
        except OSError as error:
            refuse(text("guides.not_written", shown, path=out, error=error.strerror or ""))
        typer.echo(str(out))


async def _compared(terminal: Terminal, code: str, file: Path, number: int) -> tuple[Compared, Who, Person] | None:
    from bot import papering
    from bot.documents.opening import MOST_BYTES, Unreadable
    from bot.documents.paper_reading import identify

    try:
        data = content(file, MOST_BYTES)
    except OSError as problem:
        refuse(terminal.text("desk.not_opened", path=file, error=problem.strerror or type(problem).__name__))
    try:
        paper = identify(data)
        async with terminal.reading() as act:
            person = await _person(act, code, number, paper.interview_id)
            if person is None:
                terminal.refuse("paper.whose")
                return None
            if person.ended_at is not None:
                terminal.refuse("paper.part_ended")
                return None
            theirs = await act.tx.interviews.of_person(person.id)
            mine = [one.id for one in theirs if one.form_id in act.services.interviews.forms]
            wanted = paper.interview_id or (mine[-1] if mine else 0)
            one = await papering.held(act.services, act.tx, wanted, person, act.now)
            if one is None or wanted not in mine:
                terminal.refuse("contributions.gone")
                return None
            found = await papering.compared(one, data, str(person.id), act.now)
            return found, await papering.names(act.tx, found, act.person), person
    except Unreadable as problem:
        terminal.refused = True
        terminal.say(problem.told(terminal.language))
        return None


async def _person(act: Act, code: str, number: int, interview_id: int) -> Person | None:
    """Whose paper it is: as said, else as the paper says; somebody of this country."""
    if not number and interview_id:
        stored = await act.tx.interviews.get(interview_id)
        number = stored.person_id if stored is not None else 0
    person = await act.tx.people.get(number) if number else None
    return person if person is not None and person.country == code else None


def _say(terminal: Terminal, found: Compared, who: Who) -> None:
    from flows.country.paper_list import counts, on_paper, on_record

    terminal.say(*counts(found.comparison, terminal.language))
    terminal.say(*(terminal.text(f"paper.{name}", number) for name, number in found.remarks))
    for number, one in enumerate(found.comparison.differences, 1):
        record, paper = on_record(one, terminal.language, who), on_paper(one, terminal.language)
        terminal.say(f"{number}\t{one.kind}\t{one.place}\t{one.label}\t{record}\t{paper}".replace("\n", " / "))


# ---- recording ----------------------------------------------------------------------------------------------------
async def _import(
    settings: Settings, country: str, file: Path, number: int, name: str, entity: str, also: list[int], *, hand_in: bool
) -> None:
    from bot.commands.terminal import opened

    code = place(settings, country)
    async with opened(settings, "paper import", code, person=number) as terminal:
        if name:
            number = await _newcomer(terminal, code, file, name, entity)
        found = await _compared(terminal, code, file, number) if not terminal.refused else None
        if found is None:
            return
        one, who, person = found
        keys = _keys(terminal, one, also)
        if not terminal.refused:
            _say(terminal, one, who)
            await _taken(terminal, one, person, keys)
            if hand_in and not terminal.refused:
                await _handed_in(terminal, one, person)


def _keys(terminal: Terminal, found: Compared, also: list[int]) -> list[str]:
    from flows.interview.paper.differing import AT_ONCE

    listed = found.comparison.differences
    if any(not 0 < number <= len(listed) for number in also):
        terminal.refuse("paper.no_such_number", most=len(listed))
    return [one.key for place, one in enumerate(listed, 1) if one.kind in AT_ONCE or place in also]


async def _newcomer(terminal: Terminal, code: str, file: Path, name: str, entity: str) -> int:
    """Somebody who takes part on paper alone: their number. Nobody is added for what is no paper."""
    from bot.documents.opening import MOST_BYTES, Unreadable
    from bot.documents.paper_reading import identify
    from bot.inviting import cleaned
    from bot.participating import adopted

    try:
        paper = identify(content(file, MOST_BYTES))
    except (Unreadable, OSError) as problem:
        terminal.refused = True
        said = problem.told(terminal.language) if isinstance(problem, Unreadable) else str(problem)
        terminal.say(said)
        return 0
    if paper.interview_id:
        terminal.refuse("paper.is_somebodys")
        return 0
    async with terminal.acting() as act:
        row = await act.tx.entities.find_or_add(code, cleaned(entity)[:200], act.now)
        person = await act.tx.people.add(code, "official", row.id, paper.language, act.now, cleaned(name)[:200])
        await act.services.interviews.start(act.tx, person, row, None, act.now)
        await adopted(act, code)
    terminal.say(terminal.text("paper.added", name=person.label, number=person.id))
    return person.id


async def _taken(terminal: Terminal, found: Compared, person: Person, keys: list[str]) -> None:
    from bot import papering
    from bot.acting import Act
    from bot.steps import registry
    from flows.interview.events import Confided, Recorded

    async with terminal.acting() as act:
        stored = await act.tx.interviews.get(found.held.stored.id)
        if stored is None or stored.locked_at is not None:
            terminal.refuse("contributions.locked")
            return
        await act.tx.hold(f"ledger {stored.country}")
        step = await papering.taken(act.services, act.tx, found, person, act.now, keys)
        done = {event.path for event in step.turn.events if isinstance(event, Recorded | Confided)}
        await act.audit("recorded a paper", "interviews", stored.id, answers=len(done))
        theirs = Act(act.services, act.tx, person, act.now)
        for watch in registry().watchers:
            await watch(theirs, step)
    terminal.say(terminal.text("paper.taken", len(done)) if done else terminal.text("paper.nothing_taken"))


async def _handed_in(terminal: Terminal, found: Compared, person: Person) -> None:
    from bot import papering
    from bot.acting import Act
    from bot.steps import registry

    number = found.held.stored.id
    try:
        async with terminal.acting() as act:
            await act.tx.hold(f"ledger {person.country}")
            step = await papering.handed_in(act.services, act.tx, number, person, act.now)
            await act.audit("handed in a paper", "interviews", number)
            theirs = Act(act.services, act.tx, person, act.now)
            for watch in registry().watchers:
                await watch(theirs, step)
    except papering.StillOpen as problem:
        terminal.refuse("paper.still_open", label=str(problem))
        return
    course = await terminal.course(person.country)
    terminal.say(terminal.text(f"paper.state_{course.contributions.status(number)}"))
