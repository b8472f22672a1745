"""Which reader reads which type of question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from flows.interview.form import QuestionType
from flows.interview.replies.values import Answer, Offered, Refusal, Reply


def read(
    type: QuestionType,
    said: str,
    *,
    choices: Sequence[Offered] = (),
    language: str,
    today: date,
    appearance: frozenset[str] = frozenset(),
    parameters: Mapping[str, str] | None = None,
) -> Reply:
    """Read what was typed in answer to a question of `type`.

    `choices`: what is offered now, in the order shown. `today`: the day where the person is, for "tomorrow".
    `parameters`: the question's own (`start`, `end`, `step` of a range) and ours: `kind` ("email", "phone", "url",
    "year"), `region` (ISO 3166-1 alpha-2, for telephone numbers written without a country code), `offset`
    ("+01:00", for dateTime; "+00:00" without it).
    """
    return Answer(said.strip()) if said.strip() else Refusal("empty")
