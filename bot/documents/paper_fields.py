"""The questions of a paper as WordprocessingML: tables of two columns, what is asked and its field beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.documents.cleaning import clean, is_right_to_left
from bot.documents.paper_names import Aspect, bookmark_of, tag_of
from bot.documents.paper_words import worded
from bot.documents.wordml import escaped, locale
from flows.i18n import RIGHT_TO_LEFT, base, text
from flows.interview.paper.conditions import Condition
from flows.interview.paper.sheet import Box, Field, Item, Remark, Rows, Sheet, Title

WIDTH = 9070  # twips between the margins of the template
_LEFT = 4100
BLANK = "\u2002" * 10
"""What stands in a field that nobody filled: room to click into, and nothing in print."""
ON, OFF = "\u2612", "\u2610"
_W14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
_DATE = "d MMMM yyyy"
_LINES = 1300  # twips: room for an answer of several lines by hand
_LINE = 480
_LONG, _MANY = 1200, 30  # letters and boxes from which on a field may go over two pages
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="9AA7B8"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_MARGINS = (
    '<w:tblCellMar><w:top w:w="60" w:type="dxa"/><w:left w:w="100" w:type="dxa"/>'
    '<w:bottom w:w="60" w:type="dxa"/><w:right w:w="100" w:type="dxa"/></w:tblCellMar>'
)
_GREY, _BLUE = '<w:color w:val="55606E"/>', '<w:color w:val="1F3A5F"/>'


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the questions. `country`: its name, "" where it is for any; `entity`: who answers; `returns`:
    the paper goes back into the conversation that it was asked for in."""

    country: str = ""
    entity: str = ""
    returns: bool = False


class Writer:
    """Writes the body of one paper, in `language`."""

    def __init__(self, sheet: Sheet, language: str) -> None:
        self._sheet = sheet
        self._language = language
        self._rtl = base(language) in RIGHT_TO_LEFT
        self._id = 0

    def whole(self, head: Head) -> str:
        """Everything from the instructions to the last question."""
        intro = ["intro", "intro_boxes", "intro_returns" if head.returns else "intro_secretariat"]
        lines = [self._paragraph(self._text(name), "BodyText") for name in intro]
        return "".join([*lines, *self._items(self._sheet.items)])

    def _text(self, key: str, /, **values: object) -> str:
        return text(f"paper.{key}", self._language, None, **values)

    # ---- items ----
    def _items(self, items: Sequence[Item]) -> Iterator[str]:
        """Fields that follow one another stand in one table."""
        table: list[str] = []
        for item in items:
            if isinstance(item, Field):
                table.append(self._field(item))
                continue
            yield self._table(table)
            table = []
            match item:
                case Title(said, level, condition):
                    yield self._heading(said, level) + self._condition(condition)
                case Remark(said):
                    yield "".join(self._paragraph(line, "Note") for line in clean(said).split("\n") if line.strip())
                case Rows():
                    yield from self._rows(item)
        yield self._table(table)

    def _rows(self, rows: Rows) -> Iterator[str]:
        yield self._heading(rows.label, rows.level) + self._condition(rows.condition)
        if not rows.rows:
            yield self._paragraph(self._text("counted"), "Note")
        elif rows.narrow:
            yield self._side_by_side(rows)
        else:
            for row in rows.rows:
                key = "row_spare" if row.spare and row.number > 1 else "row"
                yield self._heading(self._text(key, label=rows.label, number=row.number), rows.level + 1)
                yield from self._items(row.items)
        if rows.rows and not rows.counted:
            yield self._paragraph(self._text("more_rows"), "Note")

    def _heading(self, said: str, level: int) -> str:
        return self._paragraph(said, f"Heading{min(level, 4)}") if said else ""

    def _condition(self, condition: Condition | None) -> str:
        if condition is None:
            return ""
        return self._paragraph(worded(condition, self._sheet, self._language), "Note", "<w:keepNext/>")

    # ---- tables ----
    def _table(self, rows: Sequence[str], widths: Sequence[int] = (_LEFT, WIDTH - _LEFT)) -> str:
        if not rows:
            return ""
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        visual = "<w:bidiVisual/>" if self._rtl else ""
        return (
            f'<w:tbl><w:tblPr>{visual}<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{_BORDERS}</w:tblBorders>'
            f'<w:tblLayout w:type="fixed"/>{_MARGINS}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'
            '<w:p><w:pPr><w:spacing w:before="0" w:after="60" w:line="120" w:lineRule="exact"/></w:pPr></w:p>'
        )

    def _field(self, field: Field) -> str:
        """One question and its field."""
        high = _LINES if field.kind == "lines" else _LINE
        left = self._cell(_LEFT, self._asked(field) + self._boxes_beside(field), fill="F1F4F8")
        right = self._cell(WIDTH - _LEFT, self._answer(field))
        whole = "<w:cantSplit/>" if len(field.value) < _LONG and len(field.boxes) < _MANY else ""
        return f'<w:tr><w:trPr>{whole}<w:trHeight w:val="{high}" w:hRule="atLeast"/></w:trPr>{left}{right}</w:tr>'

    def _asked(self, field: Field) -> str:
        mark = f" {self._text('required')}" if field.required else ""
        first, *more = clean(field.label).split("\n")
        said = self._paragraph_of(
            self._run(f"{field.number}. ", f"<w:b/><w:bCs/>{_BLUE}")
            + self._run(first, "<w:b/><w:bCs/>")
            + (self._run(mark, _GREY) if mark else ""),
            first,
        )
        lines = [line for line in (*more, *clean(field.hint).split("\n"), self._how(field)) if line.strip()]
        said += "".join(self._small(line) for line in lines)
        if field.condition is not None:
            said += self._small(worded(field.condition, self._sheet, self._language), "<w:i/><w:iCs/>")
        return said

    def _how(self, field: Field) -> str:
        match field.kind:
            case "one" | "several" | "date":
                return self._text(f"how_{field.kind}")
            case "rank":
                return self._text("how_rank", count=len(field.boxes))
        return ""

    def _boxes_beside(self, field: Field) -> str:
        """The small boxes under a question: confidential, not known."""
        boxes: list[tuple[Aspect, bool | None]] = [("confidential", field.confidential), ("unknown", field.unknown)]
        runs = [
            self._box(field.path, aspect, "", self._text(f"box_{aspect}"), ticked=ticked, small=True)
            for aspect, ticked in boxes
            if ticked is not None
        ]
        return self._paragraph_of(self._run("   ", "").join(runs), self._text("title")) if runs else ""

    def _side_by_side(self, rows: Rows) -> str:
        """The rows of a repeat as the rows of a table, a column for each question."""
        fields = [[item for item in row.items if isinstance(item, Field)] for row in rows.rows]
        columns = fields[0]
        narrow = 520
        widths = [narrow, *[(WIDTH - narrow) // len(columns)] * len(columns)]
        titles = self._cell(narrow, self._paragraph("", "TableText"), fill="F1F4F8")
        for field, width in zip(columns, widths[1:], strict=True):
            titles += self._cell(width, self._asked(field), fill="F1F4F8")
        lines = [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{titles}</w:tr>"]
        for row, asked in zip(rows.rows, fields, strict=True):
            cells = self._cell(narrow, self._paragraph(str(row.number), "TableText"), fill="F1F4F8")
            for field, width in zip(asked, widths[1:], strict=True):
                cells += self._cell(width, self._answer(field) + self._boxes_beside(field))
            lines.append(f'<w:tr><w:trPr><w:trHeight w:val="{_LINE}" w:hRule="atLeast"/></w:trPr>{cells}</w:tr>')
        return self._table(lines, widths)

    def _cell(self, width: int, paragraphs: str, *, fill: str = "") -> str:
        shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
        return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr>{paragraphs}</w:tc>'

    # ---- fields ----
    def _answer(self, field: Field) -> str:
        match field.kind:
            case "file":
                said = self._text("file_there", name=field.value) if field.value else self._text("file")
                return self._small(said)
            case "one" | "several":
                return "".join(
                    self._paragraph_of(
                        self._box(field.path, "choice", box.name, box.label, ticked=box.ticked), box.label
                    )
                    for box in field.boxes
                )
            case "tick":
                box = field.boxes[0]
                label = self._text("agreed")
                return self._paragraph_of(self._box(field.path, "choice", box.name, label, ticked=box.ticked), label)
            case "rank":
                return "".join(self._ranked(field, box) for box in field.boxes)
        value = clean(field.value)
        if field.kind == "date":
            kind = (
                f'<w:date><w:dateFormat w:val="{_DATE}"/><w:lid w:val="{locale(self._language)}"/>'
                '<w:storeMappedDataAs w:val="dateTime"/><w:calendar w:val="gregorian"/></w:date>'
            )
        else:
            kind = ""  # LibreOffice loses the lines of plain-text controls, and repeats what is in two scripts
        return self._paragraph_of(self._control(field.path, "answer", "", kind, value), value or self._text("title"))

    def _ranked(self, field: Field, box: Box) -> str:
        place = self._control(field.path, "rank", box.name, "", box.rank, room="\u2002" * 3)
        return self._paragraph_of(place + self._run(f"  {clean(box.label)}", ""), box.label)

    def _control(self, path: str, aspect: Aspect, choice: str, kind: str, value: str, room: str = BLANK) -> str:
        """A content control that holds text, inside its bookmark."""
        shown = "" if value else "<w:showingPlcHdr/>"
        runs = self._run(value, "") if value else self._run(room, "")
        return self._named(path, aspect, choice, f"{shown}{kind}", runs)

    def _box(self, path: str, aspect: Aspect, choice: str, label: str, *, ticked: bool, small: bool = False) -> str:
        """A check box and what it stands for."""
        size = '<w:sz w:val="17"/><w:szCs w:val="17"/>' if small else ""
        kind = (
            f'<w14:checkbox {_W14}><w14:checked w14:val="{ticked:d}"/>'
            '<w14:checkedState w14:val="2612" w14:font="Segoe UI Symbol"/>'
            '<w14:uncheckedState w14:val="2610" w14:font="Segoe UI Symbol"/></w14:checkbox>'
        )
        named = " ".join(f'w:{kind}="Segoe UI Symbol"' for kind in ("ascii", "hAnsi", "eastAsia", "cs"))
        font = f"<w:rFonts {named}/>"
        glyph = f"<w:r><w:rPr>{font}{size}</w:rPr><w:t>{ON if ticked else OFF}</w:t></w:r>"
        return self._named(path, aspect, choice, kind, glyph) + self._run(
            f" {clean(label)}", f"{_GREY if small else ''}{size}"
        )

    def _named(self, path: str, aspect: Aspect, choice: str, kind: str, runs: str) -> str:
        self._id += 1
        tag = escaped(clean(tag_of(path, aspect, choice)))
        start = f'<w:bookmarkStart w:id="{self._id}" w:name="{bookmark_of(path, aspect, choice)}"/>'
        properties = f'<w:alias w:val="{tag}"/><w:tag w:val="{tag}"/><w:id w:val="{700_000_000 + self._id}"/>{kind}'
        control = f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{runs}</w:sdtContent></w:sdt>"
        return f'{start}{control}<w:bookmarkEnd w:id="{self._id}"/>'

    # ---- text ----
    def _paragraph(self, said: str, style: str, properties: str = "") -> str:
        said = clean(said)
        direction = "<w:bidi/>" if is_right_to_left(said, self._language) else ""
        return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}{direction}</w:pPr>{self._run(said, "")}</w:p>'

    def _paragraph_of(self, runs: str, said: str) -> str:
        """A paragraph of a table, of runs made already; `said` decides its direction."""
        direction = "<w:bidi/>" if is_right_to_left(said, self._language) else ""
        return f'<w:p><w:pPr><w:pStyle w:val="TableText"/>{direction}</w:pPr>{runs}</w:p>'

    def _small(self, said: str, properties: str = "") -> str:
        return self._paragraph_of(self._run(said, f'{properties}{_GREY}<w:sz w:val="17"/><w:szCs w:val="17"/>'), said)

    def _run(self, said: str, properties: str) -> str:
        """A run, its lines broken."""
        if not said:
            return ""
        right = "<w:rtl/>" if is_right_to_left(said, "en") else ""
        inside = "<w:br/>".join(
            f'<w:t xml:space="preserve">{escaped(line)}</w:t>' if line else "" for line in clean(said).split("\n")
        )
        formatting = f"<w:rPr>{properties}{right}</w:rPr>" if properties or right else ""
        return f"<w:r>{formatting}{inside}</w:r>"
