"""What the questionnaire calls things: the labels of its choices by language, and what it says about each question; as
it comes with the program, and in the versions published since."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from flows.interview.form import Form, Question
from flows.interview.logic import language_code
from flows.interview.logic.signature import choice_labels
from flows.interview.logic.signature import labels as labels_of
from flows.interview.sheets import read_toml
from flows.interview.wording import plain
from flows.questionnaires import GUIDE, source

_ATTRIBUTE = "bind::griot:"
_LABEL = re.compile(r"^label::.*\((\w[\w-]*)\)$")
_VALUE = re.compile(r"\$\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Wording:
    """`lists`: question → its list of choices. `labels`: (list, choice) → label by language. `attributes`: question →
    our own attributes (`section`, `kind`, `confidential` …). `questions`: question → what is asked, by language."""

    lists: Mapping[str, str]
    labels: Mapping[tuple[str, str], Mapping[str, str]]
    attributes: Mapping[str, Mapping[str, str]]
    questions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def label(self, question: str, choice: str, language: str) -> str:
        """The label of a choice of `question`; the choice itself where the form has no such choice (any more)."""
        return self.of_list(self.lists.get(question, ""), choice, language)

    def of_list(self, name: str, choice: str, language: str) -> str:
        """The label of a choice of the list `name` in `language`, in English where it is not translated."""
        by_language = self.labels.get((name, choice), {})
        return by_language.get(language) or by_language.get("en") or choice

    def asked(self, question: str, language: str) -> tuple[str, str]:
        """The number of `question` in the questionnaire, such as `S3`, and its words in `language`, in English where it
        is not translated; "" where it has none."""
        words = self.questions.get(question, {})
        shown = words.get(language) or words.get("en") or next(iter(words.values()), "")
        return self.attributes.get(question, {}).get("id", ""), shown

    def choices(self, name: str) -> tuple[str, ...]:
        """The choices of the list `name`, in order."""
        return tuple(choice for known, choice in self.labels if known == name)


@cache
def wording(name: str = GUIDE) -> Wording:
    """The wording of the questionnaire `name`, read once."""
    book = read_toml(source(name))
    lists: dict[str, str] = {}
    attributes: dict[str, dict[str, str]] = {}
    questions: dict[str, dict[str, str]] = {}
    for row in book.rows("survey"):
        kind, question = str(row["type"]), str(row.get("name", ""))
        if kind.startswith("select_"):
            lists[question] = kind.split()[1]
        if question:
            own = {key[len(_ATTRIBUTE) :]: str(value) for key, value in row.items() if key.startswith(_ATTRIBUTE)}
            attributes[question] = own
            said = {match[1]: _shown(str(value)) for key, value in row.items() if (match := _LABEL.match(key))}
            questions[question] = {language: words for language, words in said.items() if words}
    labels: dict[tuple[str, str], dict[str, str]] = {}
    for row in book.rows("choices"):
        by_language = {match[1]: str(value) for key, value in row.items() if (match := _LABEL.match(key))}
        labels[str(row["list_name"]), str(row["name"])] = by_language
    return Wording(lists, labels, attributes, questions)


def _shown(label: str) -> str:
    """A question's words, with "…" where an answer is put in."""
    return plain(_VALUE.sub("…", label))


_KEPT = 32
_read: dict[str, Wording] = {}  # by the fingerprint of the form's document


def words_of(form: Form) -> Wording:
    """The wording of a version of the questionnaire. A choice or a question that it shares with the one that comes with
    the program stands in the same list; what it has for itself, in lists called like its questions."""
    fingerprint = form.logic.fingerprint
    found = _read.get(fingerprint)
    if found is None:
        if len(_read) >= _KEPT:
            _read.clear()
        found = _read[fingerprint] = _words_of(form, wording())
    return found


def _words_of(form: Form, known: Wording) -> Wording:
    lists: dict[str, str] = {}
    labels: dict[tuple[str, str], Mapping[str, str]] = {}
    attributes: dict[str, Mapping[str, str]] = {}
    questions: dict[str, Mapping[str, str]] = {}
    for node in form.walk():
        attributes[node.name] = node.attributes
        if not isinstance(node, Question):
            continue
        definition = form.logic.definitions.get(node.path)
        if definition is not None and definition.control is not None:
            said = labels_of(form.logic, definition.control.label)
            questions[node.name] = {language_code(one) or one: plain(words) for one, words in said.items()}
        for choice, called in choice_labels(form.logic, node.path).items():
            name = lists[node.name] = known.lists.get(node.name, node.name)
            by_language = {language_code(language) or language: plain(label) for language, label in called.items()}
            labels[name, choice] = by_language
    return Wording(lists, labels, attributes, questions)


def joined(wordings: Iterable[Wording]) -> Wording:
    """What several versions call things, beside what comes with the program; the last one that knows a thing says
    how."""
    first = wording()
    lists, labels, attributes = dict(first.lists), dict(first.labels), dict(first.attributes)
    questions = dict(first.questions)
    for one in wordings:
        lists.update(one.lists)
        labels.update(one.labels)
        attributes.update(one.attributes)
        questions.update(one.questions)
    return Wording(lists, labels, attributes, questions)
