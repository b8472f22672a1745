"""Files that are small and would take minutes to read are refused at once."""

from __future__ import annotations

import time
import zipfile
from io import BytesIO

import pytest
from openpyxl import Workbook

from bot.documents.tables import NotRead, read_table
from flows.interview.excel import from_xlsx
from flows.interview.sheets import SheetError, parsed, read_toml
from flows.interview.xlsform import FormProblem, compile_xlsform

AT_ONCE = 15  # seconds, on a busy machine; what they took before was minutes
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRINGS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"


def workbook(rows: str, strings: str = "") -> bytes:
    """A workbook whose sheet says of itself that it is as large as a sheet can be."""
    made = BytesIO()
    Workbook().save(made)
    head = f'<worksheet xmlns="{MAIN}"><dimension ref="A1:XFD1048576"/><sheetData><row r="1">'
    head += '<c r="A1" t="inlineStr"><is><t>fact</t></is></c><c r="XFD1" t="inlineStr"><is><t>z</t></is></c></row>'
    packed = BytesIO()
    with zipfile.ZipFile(made) as before, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name).decode()
            if name.endswith("sheet1.xml"):
                content = f"{head}{rows}</sheetData></worksheet>"
            if name == "[Content_Types].xml" and strings:
                added = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{STRINGS}"/></Types>'
                content = content.replace("</Types>", added)
            after.writestr(name, content)
        if strings:
            after.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{strings}</sst>')
    return packed.getvalue()


TOML = {
    "one long key": "a." * 500_000 + "a = 1",
    "with spaces": "a . " * 300_000 + "a = 1",
    "quoted": '"\\""."\\"".' * 200_000 + "a = 1",
    "apostrophes": "''." * 400_000 + "a = 1",
    "in a table": "x = { " + "a." * 500_000 + "a = 1 }",
    "a heading": "[" + "a." * 500_000 + "a]",
    "many deep headings": "".join(f"[a{'.b' * 70}.c{number}]\n" for number in range(10_000)),
    "lists": "x = " + "[" * 1_000_000,
}
FILES = {
    "wide.xlsx": workbook('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    "tall.xlsx": workbook("".join(f'<row r="{row}"><c r="XFD{row}"><v>1</v></c></row>' for row in range(2, 60_000))),
    "strings.xlsx": workbook('<row r="2"><c r="A2" t="s"><v>0</v></c></row>', "<si><t>x</t></si>" * 1_000_000),
    "lines.csv": b"fact,citation\n" + b"\n" * 4_900_000,
    "columns.csv": b"," * 4_900_000,
    "deep.json": b"[" * 4_900_000,
    "empty.json": b"[" + b",".join([b"{}"] * 1_500_000) + b"]",
    **{f"{name}.toml": text.encode() for name, text in TOML.items()},
}


@pytest.mark.parametrize("name", FILES)
def test_a_table_is_refused_at_once(name: str) -> None:
    started = time.monotonic()
    with pytest.raises(NotRead):
        read_table(name, FILES[name])
    assert time.monotonic() - started < AT_ONCE


@pytest.mark.parametrize("name", TOML)
def test_a_form_as_text_is_refused_at_once(name: str) -> None:
    started = time.monotonic()
    with pytest.raises(SheetError):
        read_toml(TOML[name])
    with pytest.raises(FormProblem):
        compile_xlsform(TOML[name].encode(), "toml")
    assert time.monotonic() - started < AT_ONCE


def test_a_form_as_a_workbook_of_millions_of_strings_is_refused_at_once() -> None:
    started = time.monotonic()
    content = workbook("", "<si><t>x</t></si>" * 1_000_000)
    with pytest.raises(SheetError):
        from_xlsx(content)
    with pytest.raises(FormProblem) as refused:
        compile_xlsform(content, "xlsx")
    assert refused.value.reason == "too_large"
    assert time.monotonic() - started < AT_ONCE


def test_text_with_many_full_stops_is_no_deep_key() -> None:
    said = "Oui. Non. " * 15 + "1.2.3.4.5.6.7.8.9.10 …" + "." * 500 + "www.a.b.c.d.example.org"
    assert parsed(f'a.b = "{said}"') == {"a": {"b": said}}


def test_a_workbook_that_cannot_be_unpacked_is_unreadable() -> None:
    content = bytearray(workbook("<row/>"))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        info = archive.getinfo("xl/styles.xml")
    start = info.header_offset + 30 + len(info.filename)
    content[start + 20 : start + 60] = b"\xff" * 40
    with pytest.raises(NotRead):
        read_table("a.xlsx", bytes(content))
    with pytest.raises(SheetError):
        from_xlsx(bytes(content))
    with pytest.raises(FormProblem):
        compile_xlsform(bytes(content), "xlsx")
