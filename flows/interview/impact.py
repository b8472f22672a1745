"""What publishing a newer version of a form would do to the interviews under way, told before anything is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from flows.interview.carrying import Layout, begun
from flows.interview.comparing import Change, Comparison, comparison
from flows.interview.form import Form, Question, QuestionType
from flows.interview.interview import awake, host_of
from flows.interview.plan import bare
from flows.interview.reconcile import counted
from flows.interview.state import Interview
from flows.interview.walk import SETTLED

_STIRS = frozenset({"type", "choices", "filter", "rows", "relevant", "calculation"})
_WEIGHTY = frozenset({"type", "choices", "filter", "rows"})


@dataclass(frozen=True, slots=True)
class Open:
    """An interview under way: its number, its country, and where it stands."""

    number: int
    country: str
    interview: Interview


@dataclass(frozen=True, slots=True)
class Touched:
    """An interview that the new version changes something for: answers asked again, and answers kept aside."""

    number: int
    country: str
    again: int
    aside: int


@dataclass(frozen=True)
class Impact:
    """`changes`: against the version published last; `open`: interviews under way; `touched`: those of them whose
    answers are asked again or kept aside."""

    changes: tuple[Change, ...]
    open: int
    touched: tuple[Touched, ...]

    @property
    def interviews(self) -> int:
        """In how many interviews an answer is asked again."""
        return sum(one.again > 0 for one in self.touched)

    @property
    def countries(self) -> int:
        """In how many countries those are."""
        return len({one.country for one in self.touched if one.again})

    @property
    def again(self) -> int:
        """How many answers are asked again."""
        return sum(one.again for one in self.touched)

    @property
    def aside(self) -> int:
        """How many answers are kept aside, their questions being no more, or no more such."""
        return sum(one.aside for one in self.touched)

    def count(self, *kinds: str) -> int:
        """How many changes there are of these kinds."""
        return sum(change.kind in kinds for change in self.changes)


def impact(
    form_new: Form,
    form_old: Form | None,
    interviews: Iterable[Open],
    *,
    now: datetime,
    versions: Callable[[str], Form | None] = lambda version: None,
    progress: Callable[[int], None] = lambda done: None,
) -> Impact:
    """What `form_new` would do if everybody took their next turn now. `form_old`: the version published last; an
    interview under another one is measured from that, as `versions` gives it. Changes nothing."""
    desk = _Desk(form_new, now)
    touched: list[Touched] = []
    total = 0
    for one in interviews:
        total += 1
        held = form_old if form_old and one.interview.version == form_old.version else versions(one.interview.version)
        found = desk.touched(one, held)
        if found is not None:
            touched.append(found)
        progress(total)
    changes = comparison(form_old, form_new).changes if form_old is not None else ()
    return Impact(changes, total, tuple(touched))


class _Desk:
    """Measures many interviews against one new version."""

    def __init__(self, form: Form, now: datetime) -> None:
        self.form = form
        self.now = now

    def touched(self, one: Open, held: Form | None) -> Touched | None:
        interview = one.interview
        if interview.version == self.form.version:
            return None
        if held is not None and not any(_moves(interview, comparison(held, self.form))):
            return None
        if held is not None and _is_quiet(held, self.form):
            again = self.asked_again(interview, held)
            return Touched(one.number, one.country, again, 0) if again else None
        again, aside = counted(self.form, held, interview, now=self.now, blank=self.blank)
        return Touched(one.number, one.country, again, aside) if again or aside else None

    def asked_again(self, interview: Interview, held: Form) -> int:
        """The same where nothing that is answered or asked becomes anything else: every answer stays as it was."""
        compared = comparison(held, self.form)
        session = awake(held, interview, self.now)
        changes = ((path, compared.by_path.get(compared.places[bare(path)])) for path in interview.records)
        asking = [path for path, change in changes if change is not None and change.asks]
        return sum(interview.records[path].status in SETTLED and session.relevant(path) for path in asking)

    @cached_property
    def blank(self) -> Mapping[str, object]:
        """What a session without any answer is, computed once: for counting, whose it is does not matter."""
        return begun(self.form, Layout(), host_of({}, self.now), "").dump()


def _is_quiet(old: Form, new: Form) -> bool:
    """Whether no answer can find itself elsewhere, in other words, or asked for another reason than before."""
    return all(
        change.kind in ("added", "wording", "meaning")
        and _STIRS.isdisjoint(change.what)
        and not ("constraint" in change.what and _type(new, change.path) is QuestionType.RANGE)
        for change in comparison(old, new).changes
    )


def _type(form: Form, path: str) -> QuestionType | None:
    node = form.nodes.get(path)
    return node.type if isinstance(node, Question) else None


def _moves(interview: Interview, compared: Comparison) -> Iterator[bool]:
    """For each answer, whether anything but words may have become of it."""
    rows = any("rows" in change.what or change.kind == "moved" for change in compared.changes)
    gone = {change.old for change in compared.changes if change.kind == "retired"}
    for path in interview.records:
        there = compared.places.get(bare(path)) if bare(path) not in gone else None
        change = compared.by_path.get(there) if there is not None else None
        asks = change is not None and (change.asks or not _WEIGHTY.isdisjoint(change.what))
        yield there is None or asks or (rows and "[" in path)
