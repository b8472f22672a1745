"""The conditions of a paper in words: "Seulement si la réponse à la question 7 est « Oui »"."""

from __future__ import annotations

from flows.i18n import text
from flows.interview.paper.conditions import Asked, Both, Condition
from flows.interview.paper.sheet import Sheet

LONGEST = 60  # characters of a question's label where it has no number


def worded(condition: Condition, sheet: Sheet, language: str) -> str:
    """When something is asked, as a sentence."""
    said = _said(condition, sheet, language)
    if not said:
        return text("paper.sometimes", language)
    return text("paper.only_if", language, condition=said)


def _said(condition: Condition, sheet: Sheet, language: str, *, inside: bool = False) -> str:
    if isinstance(condition, Both):
        parts = [_said(part, sheet, language, inside=True) for part in condition.parts]
        if not all(parts):
            return ""
        said = parts[0]
        for part in parts[1:]:
            said = text("paper.and" if condition.every else "paper.or", language, one=said, other=part)
        return text("paper.together", language, said=said) if inside and not condition.every else said
    if not isinstance(condition, Asked):
        return ""
    number = sheet.numbers.get(condition.path)
    if number is not None:
        question = text("paper.question", language, number=number)
    else:
        label = sheet.labels.get(condition.path, "").partition("\n")[0]
        if not label:
            return ""
        short = label if len(label) <= LONGEST else f"{label[: LONGEST - 1].rstrip()}…"
        question = text("paper.question_named", language, label=short)
    value = sheet.choices.get((condition.path, condition.value), condition.value)
    return text(f"paper.if_{condition.how}", language, question=question, value=value)
