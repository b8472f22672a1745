"""One contribution as a paper for the hierarchy: to read, to annotate, to sign.

A `Guide` value like any other, so that it is printed in the same manner as the guide that comes of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flows.country.contribution import Contribution, Entity, read, restricted_questions
from flows.country.dates import written
from flows.country.guide import Block, Cell, Guide, Paragraph, Row, Section, Statement, Table
from flows.i18n import FALLBACK, base, languages, text
from flows.interview.answers import Answered
from flows.interview.form import Form, Group, Node, Question, QuestionType, Repeat
from flows.interview.interview import host_of
from flows.interview.logic import Session
from flows.interview.plan import bare, nodes_in, plan_of, rows_around
from flows.interview.wording import plain
from flows.knowledge import Country
from flows.questionnaires.wording import words_of

SHORT = 80  # characters of an answer that may stand in the title of its row
_WIDTHS = 0.07, 0.35, 0.58
_TO_FILL = (("decision", 0.0), ("name", 0.9), ("position", 0.9), ("date", 0.9), ("signature", 2.6), ("remarks", 3.6))
_WITHOUT_LANGUAGE = frozenset({"official_name", "person_name", "email", "phone", "url"})


def recap(
    answers: Sequence[Answered],
    form: Form,
    *,
    country: Country,
    entity: Entity,
    language: str,
    made_at: datetime,
    reference: str,
) -> Guide:
    """Every answer of one contribution by section of `form`, in its order, with room for an approval at the end.

    `answers`: as `flows.interview.answers` reads them in `language`. `reference`: ties a signed paper to this very
    version of them. What a guide would leave out is printed here and marked.
    """
    language = language if base(language) in languages() else FALLBACK
    given = [answer for answer in answers if answer.status == "answered"]
    marks = marks_of(given, country.code, form)
    desk = _Desk(form, language, made_at, {answer.path: answer for answer in given}, marks)
    name = entity.name or entity.acronym
    if entity.acronym and entity.acronym not in name:
        name = text("guide.name_and_acronym", language, name=name, acronym=entity.acronym)
    day = written(made_at.date(), language)
    return Guide(
        country=country.code,
        country_name=country.name(language),
        language=language,
        title=desk.text("title"),
        subtitle=name,
        status=desk.text("status", reference=reference, date=day),
        compiled_at=made_at,
        summary=tuple(desk.summary(answers)),
        sections=(*desk.sections(given), desk.approval(reference)),
        sources=(),
        withheld=0,
        labels={"programme": desk.text("programme")},
        form_version=form.version,
        cover=False,
    )


def numbered(answers: Iterable[Answered], form: Form) -> tuple[Answered, ...]:
    """The answers in the order of the paper: the first is number 1 there."""
    found = _by_section((answer for answer in answers if answer.status == "answered"), form)
    return tuple(answer for place in sorted(found) for answer in found[place])


def _by_section(given: Iterable[Answered], form: Form) -> dict[int, list[Answered]]:
    """By number of the section in the form, -1 outside all of them."""
    plan = plan_of(form)
    found: dict[int, list[Answered]] = {}
    for answer in given:
        found.setdefault(plan.section_of.get(bare(answer.path), -1), []).append(answer)
    return found


def marks_of(given: Iterable[Answered], country: str, form: Form) -> dict[str, str]:
    """Path → why a guide leaves that answer out: `confidential`, or `restricted` to the State. Decided where it is
    decided for a guide."""
    said, words = tuple(given), words_of(form)

    def hidden(released: frozenset[str]) -> set[tuple[tuple[str, int], str]]:
        draft = Contribution(country, Entity(""), "official", form.version, "", "draft", said, released, words)
        return read(draft, 1).hidden

    confidential, withheld = hidden(restricted_questions(words)), hidden(frozenset())
    marks = {}
    for answer in said:
        key = (answer.rows[-1] if answer.rows else ("", 0), answer.name)
        if key in withheld:
            marks[answer.path] = "confidential" if key in confidential else "restricted"
    return marks


def headings(answers: Iterable[Answered], form: Form, language: str, now: datetime) -> dict[str, tuple[str, str]]:
    """Path → the title of its section, and that of the row or group within it; "" where there is none."""
    given = list(answers)
    desk = _Desk(form, language, now, {answer.path: answer for answer in given}, {})
    found: dict[str, tuple[str, str]] = {}
    for place, inside in _by_section(given, form).items():
        group = plan_of(form).sections[place] if place >= 0 else None
        title = desk.label(group.path) if group is not None else ""
        found |= {answer.path: (title, desk.title_above(answer, group)) for answer in inside}
    return found


@dataclass(slots=True)
class _Desk:
    form: Form
    language: str
    made_at: datetime
    given: dict[str, Answered]
    marks: dict[str, str]
    number: int = 0
    blank: Session = field(init=False)

    def __post_init__(self) -> None:
        self.blank = Session.start(self.form.logic, host_of({}, self.made_at, self.language))

    def text(self, key: str, /, n: int | None = None, **values: object) -> str:
        return text(f"recap.{key}", self.language, n=n, **values)

    def paragraph(self, key: str, /, **values: object) -> Paragraph:
        return Paragraph((Statement(self.text(key, None, **values)),))

    # ---- the head ----
    def summary(self, answers: Sequence[Answered]) -> Iterator[Block]:
        """What this is, and how much of what is in it."""
        yield self.paragraph("intro")
        statuses = [answer.status for answer in answers]
        marks = list(self.marks.values())
        contained = [self.text("contains", answers=self.text("answers", n=len(self.given)))]
        for told, names, found in (
            ("among_them", ("confidential", "restricted"), marks),
            ("without_answer", ("unknown", "skipped"), statuses),
        ):
            counts = [self.text(f"count_{name}", n=found.count(name)) for name in names if name in found]
            if counts:
                contained.append(self.text(told, counts=", ".join(counts)))
        yield Paragraph(tuple(map(Statement, contained)))

    # ---- the answers ----
    def sections(self, given: Iterable[Answered]) -> Iterator[Section]:
        """A section of the paper for each of the form that holds an answer, in its order."""
        plan = plan_of(self.form)
        found = _by_section(given, self.form)
        for place in sorted(found):
            group = plan.sections[place] if place >= 0 else None
            title = self.label(group.path) if group is not None else ""
            named = group.name if group is not None else "answers"
            yield Section(named, "", title or self.text("section"), (self.table(named, group, found[place]),))

    def table(self, name: str, section: Group | None, answers: Iterable[Answered]) -> Table:
        """The answers of one section, those of a group or a row under its title."""
        rows: list[Row] = []
        under = ""
        for answer in answers:
            title = self.title_above(answer, section)
            if title != under:
                rows.append(Row((Cell((Statement(title or self.text("others")),)),), span=True))
                under = title
            self.number += 1
            number = Cell((Statement(str(self.number)),))
            rows.append(Row((number, Cell((Statement(answer.label),)), Cell(self.said(answer)))))
        columns = tuple(self.text(f"column_{column}") for column in ("number", "question", "answer"))
        return Table(f"table-{name}", "", columns, tuple(rows), _WIDTHS)

    def said(self, answer: Answered) -> tuple[Statement, ...]:
        """An answer in its own language, and a mark where it does not enter the guide."""
        node = self.form.nodes.get(bare(answer.path))
        kind = node.attributes.get("kind", "") if node is not None else ""
        free = answer.type is QuestionType.TEXT and kind not in _WITHOUT_LANGUAGE
        foreign = free and answer.language and base(answer.language) != base(self.language)
        shown = answer.attachment.name if answer.attachment is not None else answer.display or answer.value
        statement = Statement(shown, (), answer.language if foreign else "", answer.path)
        mark = self.marks.get(answer.path)
        return (statement, Statement(self.text(f"mark_{mark}"))) if mark else (statement,)

    def title_above(self, answer: Answered, section: Group | None) -> str:
        """ "Source 2 – Census" for what lies in a row, the title of a group for what lies in one; "" outside them."""
        rows = {f"{repeat}[{number}]": (repeat, number) for repeat, number in rows_around(answer.path)}
        top = section.path.count("/") if section is not None else 1
        parts = answer.path.split("/")
        above = ["/".join(parts[:end]) for end in range(top + 2, len(parts))]
        titles = [self.row_title(*rows[at]) for at in above if at in rows] or [self.label(at) for at in above]
        return " · ".join(title for title in titles if title)

    def row_title(self, repeat: str, number: int) -> str:
        """A row by its label and number, and by its first text where that is short."""
        label = f"{self.label(repeat)} {number}".strip()
        node = self.form.nodes.get(bare(repeat))
        inside = nodes_in(node) if isinstance(node, Repeat) else ()
        first = next((child.path for child in inside if _is_text(child)), "")
        answer = self.given.get(f"{repeat}[{number}]{first[len(bare(repeat)) :]}")
        if answer is None or len(answer.display) > SHORT or "\n" in answer.display:
            return label
        return self.text("row", label=label, title=answer.display)

    def label(self, path: str) -> str:
        """The label of a group or repeat; "" where the form gives none."""
        if bare(path) not in self.form.nodes:  # a retired question's
            return ""
        parts = bare(path).split("/")[1:]
        at = ""
        for end, part in enumerate(parts, start=1):
            at += f"/{part}"
            if end < len(parts) and isinstance(self.form.nodes.get(bare(at)), Repeat):
                if not self.blank.rows(at):
                    self.blank.add_row(at)
                at += "[1]"
        return plain(self.blank.label(at, self.language))

    # ---- the end ----
    def approval(self, reference: str) -> Section:
        """Room for the hierarchy's decision."""
        rows = tuple(
            Row(
                (
                    Cell((Statement(self.text(f"fill_{name}")),)),
                    Cell((Statement(self.text("choices")),)) if name == "decision" else Cell(),
                ),
                height=height,
            )
            for name, height in _TO_FILL
        )
        table = Table("table-approval", "", (), rows, (0.28, 0.72))
        intro = self.paragraph("approval_intro", reference=reference)
        return Section("approval", "", self.text("approval"), (intro, table))


def _is_text(node: Node) -> bool:
    return isinstance(node, Question) and node.type is QuestionType.TEXT
