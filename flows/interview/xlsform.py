"""Form files → XForm. A form that cannot be compiled is refused with sheet, row, column and what to do instead."""

from __future__ import annotations

import re
import warnings as python_warnings
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from typing import Literal, cast, get_args
from zipfile import ZipFile

from flows.interview.form import Form, FormError, load

Kind = Literal["xlsx", "xls", "csv", "md", "xml", "toml"]
MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 60 * 1000 * 1000
DEEPEST = 200  # elements of an XForm within each other
_SPREADSHEET_SIGNATURES = {"xlsx": b"PK\x03\x04", "xls": b"\xd0\xcf\x11\xe0"}
_ROW = re.compile(r"\[row : (\d+)\]|[Rr]ow[ :]+(\d+)")
_SHEET = re.compile(r"'(survey|choices|settings|entities|external_choices|osm)' sheet|(choices) sheet")
_COLUMN = re.compile(r"the '([\w:. -]+)' value")


class FormProblem(Exception):
    """A form that cannot be used. `reason` is a name in the catalogue `forms`, `values` its placeholders; `sheet`,
    `row` (1: the headers) and `column` say where, as far as known."""

    def __init__(self, reason: str, *, sheet: str = "", row: int = 0, column: str = "", **values: str) -> None:
        super().__init__(f"{reason} {values}")
        self.reason = reason
        self.values = values
        self.sheet = sheet
        self.row = row
        self.column = column


@dataclass(frozen=True, slots=True)
class Compiled:
    """`xform`: the XML. `warnings`: pyxform's own sentences. `rows`: path → row of the survey sheet. `choice_rows`:
    (list, name) → row of the choices sheet. Both are empty for an XForm given as XML."""

    xform: str
    warnings: tuple[str, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)
    choice_rows: Mapping[tuple[str, str], int] = field(default_factory=dict)


def kind_of(name: str) -> Kind:
    """The kind that a file name announces. Raises `FormProblem`."""
    extension = name.rpartition(".")[2].lower()
    if extension not in get_args(Kind):
        raise FormProblem("unknown_kind", name=name, kinds=", ".join(f".{kind}" for kind in get_args(Kind)))
    return cast(Kind, extension)


def compile_xlsform(data: bytes, kind: Kind) -> Compiled:
    """Compile a form. Raises `FormProblem`."""
    if not data.strip():
        raise FormProblem("empty_file")
    if len(data) > MOST_BYTES:
        raise FormProblem("too_large", most=str(MOST_BYTES // 1024 // 1024))
    if kind == "xml":
        return Compiled(_checked_xml(data))
    if kind in _SPREADSHEET_SIGNATURES:
        _check_spreadsheet(data, kind)
        return _compile(data, kind)
    text = _decoded(data)
    if kind == "toml":
        return _compile(_toml_as_xlsx(text), "xlsx")
    if kind == "md" and "|" not in text:
        raise FormProblem("no_table")
    return _compile(text.encode(), kind)


def load_form(data: bytes, kind: Kind) -> Form:
    """Compile and load a form. Raises `FormProblem`."""
    return form_of(compile_xlsform(data, kind))


def form_of(compiled: Compiled) -> Form:
    """The form of a compiled XLSForm. Raises `FormProblem` with the row of the question that is wrong."""
    try:
        return load(compiled.xform)
    except FormError as error:
        row = compiled.rows.get(error.path, 0)
        raise FormProblem(
            "unusable",
            sheet="survey" if row else "",
            row=row,
            column=error.attribute if row else "",
            place="" if row else " ".join(part for part in (error.path, error.attribute) if part),
            why=error.why,
        ) from error


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise FormProblem("encoding", encoding="UTF-16")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise FormProblem("encoding_line", line=str(line)) from None
    if "\0" in text:
        raise FormProblem("not_text")
    return text


def _checked_xml(data: bytes) -> str:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root = fromstring(data)
    except DefusedXmlException:
        raise FormProblem("xml_entities") from None
    except ParseError as error:
        line, column = error.position
        raise FormProblem("xml_malformed", line=str(line), position=str(column + 1)) from None
    except (ValueError, LookupError):
        raise FormProblem("encoding", encoding="?") from None
    if root.tag != "{http://www.w3.org/1999/xhtml}html":
        raise FormProblem("not_an_xform")
    level = [root]
    for _ in range(DEEPEST):
        level = [child for element in level for child in element]
    if level:
        raise FormProblem("too_deep")
    declared = re.match(rb"\s*(?:\xef\xbb\xbf)?\s*<\?xml[^>]*encoding=[\"']([\w-]+)", data)
    encoding = declared[1].decode() if declared else "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode("utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding)
    except (UnicodeDecodeError, LookupError):
        raise FormProblem("encoding", encoding=encoding) from None
    # the text is Unicode now: a declaration of another encoding would be wrong
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text).strip()


def _check_spreadsheet(data: bytes, kind: Kind) -> None:
    if not data.startswith(_SPREADSHEET_SIGNATURES[kind]):
        raise FormProblem("not_a_workbook", kind=f".{kind}")
    if kind == "xls":
        return
    from flows.interview.excel import DAMAGE, MOST_TAGS, tags

    try:
        with ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
            too_much = sum(part.file_size for part in parts) > MOST_UNPACKED or len(parts) > 2000
            if too_much or tags(archive) > MOST_TAGS:
                raise FormProblem("too_large", most=str(MOST_UNPACKED // 1000 // 1000))
            if not any(part.filename.startswith("xl/") for part in parts):
                raise FormProblem("not_a_workbook", kind=f".{kind}")
    except DAMAGE:
        raise FormProblem("damaged", kind=f".{kind}") from None


def _toml_as_xlsx(text: str) -> bytes:
    from flows.interview.excel import to_xlsx
    from flows.interview.sheets import SheetError, read_toml

    try:
        return to_xlsx(read_toml(text))
    except SheetError as error:
        raise FormProblem("sheets", why=str(error)) from error


def _compile(data: bytes, kind: str) -> Compiled:
    survey: list[Mapping[str, object]] = []

    # openpyxl warns of styles and extensions that no form needs; xlrd prints its remarks, to what was the standard
    # output when it was imported
    with python_warnings.catch_warnings(), redirect_stdout(StringIO()):
        python_warnings.simplefilter("ignore")
        from pyxform.errors import PyXFormError, PyXFormReadError  # type: ignore[import-untyped]
        from pyxform.xls2json_backends import get_xlsform  # type: ignore[import-untyped]
        from pyxform.xls2xform import convert  # type: ignore[import-untyped]

        try:
            sheets = get_xlsform(xlsform=BytesIO(data), file_type=f".{kind}")
            survey, choices = list(sheets.survey or ()), list(sheets.choices or ())
            result = convert(BytesIO(data), file_type=f".{kind}")
        except PyXFormReadError as error:
            raise _problem(str(error), "damaged", kind=f".{kind}") from error
        except PyXFormError as error:
            if kind in _SPREADSHEET_SIGNATURES and "'definition' was not recognized" in str(error):
                raise FormProblem("damaged", kind=f".{kind}") from error
            raise _located(_problem(str(error), "pyxform"), survey) from error
        except RecursionError:
            raise FormProblem("too_deep") from None
        except Exception as error:
            # the compiler and the two readers below it raise anything on a damaged workbook
            raise FormProblem("damaged", kind=f".{kind}", why=type(error).__name__) from error
    _check_compiled(result.xform)
    root = re.search(r"<instance>\s*<([\w.:-]+)", result.xform)
    return Compiled(
        result.xform,
        tuple(result.warnings),
        _survey_rows(survey, root[1] if root else "data"),
        _choice_rows(choices),
    )


def _check_compiled(xform: str) -> None:
    """pyxform writes prefixes as they stand in the headers, whether declared or not."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        fromstring(xform)
    except (ParseError, DefusedXmlException, ValueError) as error:
        if match := re.search(r"unbound prefix: line \d+, column (\d+)", str(error)):
            prefix = re.search(r"[\s<]([\w.-]+):[\w.-]+", xform.splitlines()[0][int(match[1]) :])
            raise FormProblem(
                "prefix", sheet="settings", column="namespaces", prefix=prefix[1] if prefix else "?"
            ) from None
        raise FormProblem("compiled_malformed", why=str(error)) from None


def _problem(message: str, fallback: str, **values: str) -> FormProblem:
    """pyxform's sentence as a place and, for the mistakes people make, our own sentence."""
    row, sheet, column = _ROW.search(message), _SHEET.search(message), _COLUMN.search(message)
    where = {
        "sheet": (sheet[1] or sheet[2]) if sheet else "survey" if row else "",
        "column": column[1] if column else "",
    }
    number = int(row[1] or row[2]) if row else 0
    for pattern, reason, own_column in _KNOWN:
        if match := re.search(pattern, message, re.DOTALL):
            named = {key: value for key, value in match.groupdict().items() if value is not None}
            return FormProblem(
                reason, sheet=where["sheet"], row=number, column=where["column"] or own_column, **values, **named
            )
    plain = " ".join(_ROW.sub("", message).replace("[]", "").split())
    return FormProblem(fallback, row=number, **where, **values, why=plain)


_KNOWN: tuple[tuple[str, str, str], ...] = (
    (r"Unknown question type '(?P<type>[^']*)'", "type_unknown", "type"),
    (r"Question with no type", "type_missing", "type"),
    (r"Question or group with no name|question.*has no name", "name_missing", "name"),
    (r"name' value '(?P<name>[^']*)' is invalid\. Questions, groups, and repeats must be unique", "name_twice", "name"),
    (r"Names must begin with a letter", "name_characters", "name"),
    (r"Choices must have a name", "choice_name_missing", "name"),
    (r"Choice names must be unique", "choice_name_twice", "name"),
    (r"Choice names with spaces.*See \[(?P<name>.*?)\] in \[(?P<list>.*?)\]", "choice_name_space", "name"),
    (r"List name not in choices sheet: (?P<list>.*)", "list_missing", "type"),
    (r"There should be a choices sheet", "choices_missing", ""),
    (r"Could not find the name '(?P<name>[^']*)'", "reference_missing", ""),
    (r"The name '(?P<name>[^']*)' appears more than once", "reference_twice", ""),
    (r"Reference variables must start with", "reference_form", ""),
    (r"Unmatched 'end_(?P<what>\w+)'", "end_without_begin", "type"),
    (r"Unmatched 'begin_(?P<what>\w+)'.*for the name '(?P<name>[^']*)'", "begin_without_end", "type"),
    (r"Missing calculation", "calculation_missing", "calculation"),
    (r"Duplicate column header: (?P<header>.*)", "header_twice", ""),
    (r"different names for the same column were found: '(?P<other>[^']*)', '(?P<header>[^']*)'", "header_same", ""),
    (r"(?:must have a sheet named|sheet named) '?survey", "survey_missing", ""),
    (r"does not appear to be a valid XLSForm|'definition' was not recognized", "not_an_xlsform", ""),
)


def _located(problem: FormProblem, survey: Sequence[Mapping[str, object]]) -> FormProblem:
    """pyxform names no row for an unknown type, and the wrong sheet for a list that is missing: put that right."""
    if problem.reason == "type_unknown":
        kinds = [str(value).strip() for row in survey for key, value in row.items() if str(key).lower() == "type"]
        wanted = problem.values["type"]
        problem.row = next((number for number, kind in enumerate(kinds, start=2) if kind == wanted), 0)
    if problem.reason in ("type_unknown", "list_missing", "choices_missing"):
        problem.sheet = "survey"
    return problem


def _survey_rows(rows: Sequence[Mapping[str, object]], root: str) -> dict[str, int]:
    """Path → row, by following begin and end."""
    found: dict[str, int] = {}
    stack = [f"/{root}"]
    for number, row in enumerate(rows, start=2):
        cells = {str(key).strip().lower(): str(value).strip() for key, value in row.items() if value is not None}
        kind = " ".join(cells.get("type", "").lower().replace("_", " ").split())
        name = cells.get("name") or cells.get("value") or ""
        if kind.startswith("end ") and len(stack) > 1:
            stack.pop()
        elif name:
            path = f"{stack[-1]}/{name}"
            found.setdefault(path, number)
            if kind.startswith("begin "):
                stack.append(path)
    return found


def _choice_rows(rows: Sequence[Mapping[str, object]]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for number, row in enumerate(rows, start=2):
        cells = {str(key).strip().lower().replace(" ", "_"): value for key, value in row.items()}
        key = (str(cells.get("list_name", "")), str(cells.get("name", "")))
        found.setdefault(key, number)
    return found
