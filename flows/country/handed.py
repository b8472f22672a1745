"""What exactly is handed in: the answers of a contribution as one canonical value, its digest, and what it lacks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from flows.country.ledger import Plain, canonical, digest
from flows.interview.answers import Answered
from flows.interview.asking import SUBMIT
from flows.interview.form import Form
from flows.interview.plan import bare
from flows.interview.walk import SETTLED

CLEARANCE = "clearance"  # bind attribute `role` of the question whether the hierarchy must agree
LATER, CLEAR, NEEDED = "later", "clear", "yes"
_BESIDE = frozenset({SUBMIT, "language", "consent", "publication"})  # roles of questions that say nothing of the entity


def canonical_answers(answers: Iterable[Answered], form: Form) -> list[list[Plain]]:
    """Path, value, status and confidentiality of each answer, in order of the paths; of a file also which one it is."""
    rows: list[list[Plain]] = []
    for answer in sorted(answers, key=lambda one: one.path):
        if answer.status not in SETTLED or _role(form, answer.path) in _BESIDE:
            continue
        row: list[Plain] = [answer.path, answer.value, answer.status, answer.confidential]
        if answer.attachment is not None:
            row += [answer.attachment.size, answer.attachment.reference]
        rows.append(row)
    return rows


def digest_of(answers: Iterable[Answered], form: Form) -> str:
    """SHA-256 of the canonical answers: any change of what is handed in changes it."""
    return digest(canonical_answers(answers, form))


def snapshot_of(answers: Iterable[Answered], form: Form) -> bytes:
    """The canonical answers as a file, whose SHA-256 is their digest."""
    return canonical(canonical_answers(answers, form))


def hands_in(answers: Iterable[Answered], form: Form) -> str:
    """The answer to the question that hands the answers in; "" where it has none."""
    return next((one.value for one in answers if _role(form, one.path) == SUBMIT and one.status == "answered"), "")


def needs_clearance(answers: Sequence[Answered], form: Form) -> bool:
    """Whether the hierarchy must agree before anything is passed on."""
    wanted = any(_role(form, one.path) == CLEARANCE and one.value == NEEDED for one in answers)
    return wanted or hands_in(answers, form) == CLEAR


def still_open(answers: Iterable[Answered], form: Form) -> list[str]:
    """The paths of answers put again that are neither confirmed nor corrected, but for what hands them in."""
    return [one.path for one in answers if one.again in ("returned", "changed") and _role(form, one.path) != SUBMIT]


def compared(
    before: Sequence[Sequence[Plain]], after: Sequence[Sequence[Plain]]
) -> Mapping[str, tuple[Sequence[Plain] | None, Sequence[Plain] | None]]:
    """What differs between two canonical lists of answers: path → the row before and after; None: there is none."""
    old = {str(row[0]): row for row in before}
    new = {str(row[0]): row for row in after}
    paths = dict.fromkeys([*new, *old])
    return {path: (old.get(path), new.get(path)) for path in paths if old.get(path) != new.get(path)}


def _role(form: Form, path: str) -> str:
    node = form.nodes.get(bare(path))
    return node.attributes.get("role", "") if node is not None else ""
