"""Two versions of a form, question by question: what was only worded anew, and what changed its meaning.

The author may decide: bind attribute `griot:change` of the new version, "wording" or "meaning", holds for whatever
differs in that question; `griot:revision` (and `griot:text_version`) changes the meaning whenever it is another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from flows.interview.form import Form, Group, Node, Question, QuestionType, Repeat
from flows.interview.logic import language_code
from flows.interview.logic.signature import Signature, labels, signature
from flows.interview.plan import SILENT, is_note
from flows.interview.wording import plain

Kind = Literal["added", "retired", "wording", "meaning", "moved", "type"]
Conflict = Literal["other_form", "no_version", "same_version"]

REVISION = ("revision", "text_version")  # bind attributes that say: another question from now on
CHANGE = "change"  # bind attribute by which the author decides
_NEITHER = frozenset({*REVISION, CHANGE})
_OPTIONAL = ("choices", "filter")  # aspects that touch only answers which are no longer offered
_ORDER = ("type", "meaning", "choices", "filter", "constraint", "required", "relevant", "calculation", "rows")


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one question, or of a group around questions.

    `path` is its place in the new version (where it is retired, in the old one), `old` that in the old one ("" where it
    is added). `what` names the aspects that differ, the weightiest first. `asks`: whether answers to it are asked
    again; `some`: only those that are no longer offered. `gone` are choices that are no more, `renamed` those that go
    by another name.
    """

    kind: Kind
    path: str
    old: str
    what: tuple[str, ...] = ()
    asks: bool = False
    some: bool = False
    gone: frozenset[str] = frozenset()
    renamed: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)

    def label(self, language: str) -> str:
        """What the question is called, in the language nearest to the one wanted; its name where it has no label."""
        found = self.labels.get(language) or self.labels.get(language.partition("-")[0])
        return found or next(iter(self.labels.values()), "") or self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`places`: where each node of the old version stands in the new one, by path. `come`: the questions that the new
    one alone has, also those that nobody is asked. `changes`: in document order, what is retired last. `around`: the
    repeats around a place in the new version."""

    places: Mapping[str, str]
    come: tuple[Question, ...]
    changes: tuple[Change, ...]
    by_path: Mapping[str, Change]
    around: Mapping[str, tuple[str, ...]]


_known: dict[tuple[int, int], tuple[Form, Form, Comparison]] = {}
_KEPT = 32


def compare(old: Form, new: Form) -> tuple[Change, ...]:
    """What differs between two versions of a form, in the new version's order; what is the same is not named."""
    return comparison(old, new).changes


def conflict(old: Form, new: Form) -> Conflict | Literal[""]:
    """Why `new` cannot be a version that follows `old`; "" where it can, or where it is the same form."""
    if old.id != new.id:
        return "other_form"
    if not new.version.strip():
        return "no_version"
    return "same_version" if old.version == new.version and not is_same(old, new) else ""


def is_same(old: Form, new: Form) -> bool:
    """Whether the two are one document."""
    return old is new or old.logic.fingerprint == new.logic.fingerprint


def comparison(old: Form, new: Form) -> Comparison:
    """The comparison, kept for the forms compared last."""
    known = _known.get((id(old), id(new)))
    if known is not None and known[0] is old and known[1] is new:
        return known[2]
    if len(_known) >= _KEPT:
        _known.clear()
    found = _compare(old, new)
    _known[id(old), id(new)] = (old, new, found)
    return found


def _compare(old: Form, new: Form) -> Comparison:
    places = _places(old, new)
    back = {there: here for here, there in places.items()}
    changes: list[Change] = []
    for node in new.walk():
        before = old.nodes.get(back.get(node.path, ""))
        change = _added(new, node) if before is None else _changed(old, new, before, node, places)
        if change is not None:
            changes.append(change)
    for node in old.walk():
        after = new.nodes.get(places.get(node.path, ""))
        if is_answered(node) and not is_answered(after):
            changes.append(Change("retired", node.path, node.path, labels=_labels(old, node)))
    by_path = {change.path: change for change in changes if change.kind != "retired"}
    come = tuple(node for node in new.walk() if node.path not in back and isinstance(node, Question))
    around = {there: tuple(_repeats_around(new, there)) for there in places.values()}
    return Comparison(places, come, tuple(changes), by_path, around)


def _repeats_around(form: Form, path: str) -> Iterator[str]:
    parts = path.split("/")
    above = ("/".join(parts[:end]) for end in range(2, len(parts)))
    return (at for at in above if isinstance(form.nodes.get(at), Repeat))


def is_answered(node: Node | None) -> bool:
    """Whether a person answers this node."""
    return isinstance(node, Question) and node.type not in SILENT and not is_note(node)


def _places(old: Form, new: Form) -> dict[str, str]:
    """Old path → new path: the same place, or the only one of that name elsewhere."""
    here, there = old.root.path, new.root.path
    places = {path: at for path in old.nodes if (at := there + path[len(here) :]) in new.nodes}
    taken = set(places.values())
    left = [node for node in old.walk() if node.path not in places and "/~" not in node.path]
    free = [node for node in new.walk() if node.path not in taken and "/~" not in node.path]
    once = {name for name, count in Counter(node.name for node in left).items() if count == 1}
    by_name: dict[str, list[Node]] = {}
    for node in free:
        by_name.setdefault(node.name, []).append(node)
    for node in left:
        found = by_name.get(node.name, [])
        if node.name in once and len(found) == 1 and isinstance(node, Group) is isinstance(found[0], Group):
            places[node.path] = found[0].path
    return places


def _added(new: Form, node: Node) -> Change | None:
    return Change("added", node.path, "", labels=_labels(new, node)) if is_answered(node) else None


def _changed(old: Form, new: Form, before: Node, after: Node, places: Mapping[str, str]) -> Change | None:
    if is_answered(after) and not is_answered(before):
        return _added(new, after)
    if is_answered(before) and not is_answered(after):
        return None  # retired
    one, two = signature(old.logic, before.path, places), signature(new.logic, after.path, {})
    what = [name for name in dict.fromkeys((*one.meaning, *two.meaning)) if _other(one.meaning, two.meaning, name)]
    gone, renamed = _choices(one, two)
    ranked = isinstance(after, Question) and after.type is QuestionType.RANK
    if gone or renamed or (ranked and {*(one.choices or ())} != {*(two.choices or ())}):
        what.append("choices")
    if any(before.attributes.get(name) != after.attributes.get(name) for name in REVISION):
        what.append("meaning")
    if isinstance(before, Question) and isinstance(after, Question) and before.type is not after.type:
        what.append("type")
    what.sort(key=_ORDER.index)
    worded = [name for name in dict.fromkeys((*one.wording, *two.wording)) if _other(one.wording, two.wording, name)]
    if _listed(one.choices) != _listed(two.choices) and "choices" not in what:
        worded.append("choices")
    if list(one.choices or ()) != list(two.choices or ()) or "filter" in what:
        worded.append("offered")
    if _plain(before.attributes) != _plain(after.attributes):
        worded.append("attributes")
    moved = new.root.path + before.path[len(old.root.path) :] != after.path
    said = after.attributes.get(CHANGE, "")
    kind = _kind(what, worded, moved, said)
    if kind is None:
        return None
    weighty = [name for name in what if name != "type"]
    asks = is_answered(after) and said != "wording" and (bool(weighty) or kind == "meaning" or said == "meaning")
    some = asks and bool(weighty) and said != "meaning" and not ranked and all(one in _OPTIONAL for one in weighty)
    return Change(
        kind=kind,
        path=after.path,
        old=before.path,
        what=(*what, *worded),
        asks=asks,
        some=some,
        gone=gone,
        renamed=renamed,
        labels=_labels(new, after),
    )


def _kind(what: list[str], worded: list[str], moved: bool, said: str) -> Kind | None:
    if "type" in what:
        return "type"
    if what or worded:
        if said in ("wording", "meaning"):
            return "wording" if said == "wording" else "meaning"
        return "meaning" if what else "wording"
    return "moved" if moved else None


def _other(one: Mapping[str, object], two: Mapping[str, object], name: str) -> bool:
    return (one.get(name) or "") != (two.get(name) or "")


def _listed(choices: Mapping[str, object] | None) -> list[tuple[str, object]]:
    return list((choices or {}).items())


def _plain(attributes: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in attributes.items() if name not in _NEITHER}


def _choices(one: Signature, two: Signature) -> tuple[frozenset[str], dict[str, str]]:
    """The choices gone, and those that only go by another name, known by the same label in every language."""
    if one.choices is None or two.choices is None:
        return frozenset(), {}
    gone = [name for name in one.choices if name not in two.choices]
    come = [name for name in two.choices if name not in one.choices]
    renamed: dict[str, str] = {}
    for name in gone:
        same = [other for other in come if two.choices[other] == one.choices[name] and two.choices[other]]
        if len(same) == 1 and sum(one.choices[other] == one.choices[name] for other in gone) == 1:
            renamed[name] = same[0]
    return frozenset(name for name in gone if name not in renamed), renamed


def _labels(form: Form, node: Node) -> dict[str, str]:
    definition = form.logic.definitions.get(node.path)
    control = definition.control if definition is not None else form.logic.layouts.get(node.path)
    found = labels(form.logic, control.label) if control is not None else {}
    return {language_code(name) or name: said for name, text in found.items() if (said := plain(text))}


def questions(form: Form) -> Iterator[Question]:
    """Every question that a person answers, in document order."""
    for node in form.walk():
        if isinstance(node, Question) and is_answered(node):
            yield node
