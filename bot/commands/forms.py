"""`griot form`: check a form, play answers through it, and carry it between text and Excel."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands import form_versions, papers
from bot.commands.failing import content, misused, refuse
from bot.writing import write
from flows.i18n import MissingText, text

if TYPE_CHECKING:
    from flows.interview.events import Refused
    from flows.interview.inspect import Problem
    from flows.interview.xlsform import Compiled, FormProblem

Language = Annotated[str, typer.Option("--language", help="Language of the messages: en or fr.")]
FormFile = Annotated[Path, typer.Argument(metavar="FORM", help=".xlsx, .xls, .csv, .md, .toml, or an XForm .xml")]
MOST_INPUT_BYTES = 50 * 1024 * 1024


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    forms = typer.Typer(name="form", help="Check, play, import, export and publish forms.", no_args_is_help=True)
    forms.command("check")(check)
    forms.command("play")(play)
    forms.command("import")(import_form)
    forms.command("export")(export_form)
    forms.command("paper")(papers.form_paper)
    form_versions.register(forms)
    app.add_typer(forms)


def check(form: FormFile, language: Language = "en") -> None:
    """List the problems of a form, one a line. Exit 0 when there are none, 1 when there are some."""
    from flows.interview.inspect import check as inspect_form
    from flows.interview.inspect.problems import Problem
    from flows.interview.xlsform import FormProblem, compile_xlsform, kind_of

    data = _bytes(form, language)
    try:
        problems = inspect_form(compile_xlsform(data, kind_of(form.name)))
    except FormProblem as refusal:
        problems = [
            Problem("error", refusal.reason, refusal.values, "", refusal.sheet, refusal.row, refusal.column),
        ]
    for problem in problems:
        typer.echo(problem_line(problem, language))
    if problems:
        raise typer.Exit(1)


def play(
    form: FormFile,
    inputs: Annotated[Path, typer.Option("--inputs", help="One JSON object a line.")],
    language: Annotated[str, typer.Option("--language", help="Language of the interview.")] = "",
    instance: Annotated[Path | None, typer.Option("--instance", help="Where to write the filled instance.")] = None,
) -> None:
    """Play inputs through a form and print what happens, one JSON object a line."""
    from flows.interview.play import PlayProblem, play_inputs, read_inputs
    from flows.interview.xlsform import FormProblem, form_of

    speech = language or "en"
    try:
        read = form_of(_compiled(form, speech))
    except FormProblem as problem:
        refuse(refusal_line(form, problem, speech))
    raw = _bytes(inputs, speech)
    if len(raw) > MOST_INPUT_BYTES:
        refuse(text("forms.too_large", speech, most=MOST_INPUT_BYTES // 1024 // 1024))
    try:
        played = play_inputs(read, read_inputs(raw), language=language, now=datetime.now(UTC), say=refusal_message)
        for event in played:
            # a lone surrogate has no bytes in UTF-8: it leaves as the JSON escape that it came in as
            typer.echo(json.dumps(event, ensure_ascii=False).encode("utf-8", "backslashreplace"))
    except PlayProblem as problem:
        refuse(text("forms.inputs_line", speech, line=problem.line, why=problem.why))
    if instance is not None:
        _write(instance, played.instance_xml().encode(), speech)


def import_form(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="The form as an Excel workbook (.xlsx).")],
    out: Annotated[Path, typer.Option("--out", help="The text to write (.toml).")],
    language: Language = "en",
) -> None:
    """Turn an Excel form into text that can be compared line by line. Nothing is lost."""
    from flows.interview.excel import from_xlsx
    from flows.interview.sheets import SheetError, to_toml
    from flows.interview.xlsform import FormProblem, compile_xlsform

    _wants(source, ".xlsx", language)
    _wants(out, ".toml", language)
    data = _bytes(source, language)
    try:
        compile_xlsform(data, "xlsx")
        written = to_toml(from_xlsx(data)).encode()
    except FormProblem as problem:
        refuse(refusal_line(source, problem, language))
    except SheetError as error:
        refuse(f"{source}: {error}")
    _write(out, written, language)


def export_form(
    out: Annotated[Path, typer.Option("--out", help="The Excel workbook to write (.xlsx).")],
    form: Annotated[Path | None, typer.Argument(metavar="[FORM]", help="A .toml form; without it the guide's")] = None,
    language: Language = "en",
) -> None:
    """Write a form as an Excel workbook."""
    from flows.interview.excel import to_xlsx
    from flows.interview.sheets import SheetError, read_toml
    from flows.questionnaires import source

    _wants(out, ".xlsx", language)
    if form is not None:
        _wants(form, ".toml", language)
    try:
        given = source() if form is None else _bytes(form, language).decode("utf-8-sig")
        written = to_xlsx(read_toml(given))
    except UnicodeDecodeError:
        refuse(f"{form}: {text('forms.encoding', language, encoding='?')}")
    except SheetError as error:
        refuse(f"{form or 'guide'}: {error}")
    _write(out, written, language)


def refusal_message(refused: Refused, language: str) -> str:
    """What a person is shown: the form's own words, or those of the catalogue the reason is in."""
    if refused.message:
        return refused.message
    for domain in ("replies", "interview"):
        try:
            return text(f"{domain}.{refused.reason}", language, None, **refused.values)
        except MissingText:
            continue
    return refused.reason


def problem_line(problem: Problem, language: str) -> str:
    """`sheet:row column: message`, or the path in place of sheet and row, or the message alone."""
    message = _sentence(problem.kind, problem.values, language)
    place = f"{problem.sheet}:{problem.row}" if problem.sheet and problem.row else problem.sheet or problem.path
    where = " ".join(part for part in (place, problem.column) if part)
    return f"{where}: {message}" if where else message


def refusal_line(form: Path, problem: FormProblem, language: str) -> str:
    place = f"{problem.sheet}:{problem.row}" if problem.sheet and problem.row else problem.sheet
    where = " ".join(part for part in (place, problem.column) if part)
    message = _sentence(problem.reason, problem.values, language)
    return ": ".join(part for part in (str(form), where, message) if part)


def _sentence(kind: str, values: Mapping[str, str], language: str) -> str:
    return " ".join(text(f"forms.{kind}", language, None, **values).split())


def _compiled(form: Path, language: str) -> Compiled:
    from flows.interview.xlsform import compile_xlsform, kind_of

    return compile_xlsform(_bytes(form, language), kind_of(form.name))


def _bytes(path: Path, language: str) -> bytes:
    try:
        return content(path, MOST_INPUT_BYTES)
    except OSError as error:
        refuse(text("forms.no_file", language, name=path, why=error.strerror or type(error).__name__))


def _write(path: Path, written: bytes, language: str) -> None:
    try:
        write({path: written})
    except OSError as error:
        refuse(text("forms.cannot_write", language, name=path, why=error.strerror or type(error).__name__))


def _wants(path: Path, kind: str, language: str) -> None:
    if path.suffix.lower() != kind:
        misused(text("forms.wrong_kind", language, name=path, kind=kind))
