"""A whole exercise with the real questionnaire and the real interview: from the first question to the draft."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from functools import cache

import pytest

from flows.country.contribution import Contribution, Entity
from flows.country.draft import compile_guide
from flows.country.merging import merge
from flows.interview import events as e
from flows.interview import inputs
from flows.interview.answers import answers
from flows.interview.form import Form, load
from flows.interview.interview import advance, start
from flows.interview.state import Interview
from flows.knowledge import country
from flows.questionnaires import compiled

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
TYPED = {"email": "service@ministere.example", "phone": "+22625306070", "url": "https://a.example/x", "year": "2020"}
ROLES = (
    ("coordinator", Entity("Conseil", "C", "ministry")),
    ("official", Entity("Police", "P", "security")),
    ("official", Entity("Institut", "I", "statistics")),
    ("official", Entity("Université", "U", "research")),
)


@cache
def form() -> Form:
    return load(compiled())


def reply(asked: e.Asked, draw: random.Random) -> inputs.Input:
    """What this official does: mostly answers, sometimes skips."""
    name = asked.path.rpartition("/")[2]
    if asked.type in ("repeat", "first", "rest"):
        return inputs.Again(asked.type == "rest" or draw.random() < 0.3)
    if name in ("p2_consent", "p4_confirm", "s1_holds", "e1_status"):
        return inputs.Choose(("yes",))
    if name == "f3_confidential":
        return inputs.Skip()
    if asked.choices:
        return inputs.Choose((asked.choices[0].name if asked.required else draw.choice(asked.choices).name,))
    if asked.type == "file" or (draw.random() < 0.1 and not asked.required):
        return draw.choice([inputs.Skip(), inputs.Unknown()])
    kind = TYPED.get(asked.parameters.get("kind", ""))
    return inputs.Say(
        kind or {"integer": "12", "date": "2027-05-02"}.get(asked.type, f"Réponse à {name}, donnée en mars")
    )


def interviewed(role: str, entity: Entity, seed: int) -> Interview:
    """An interview answered from the first question to the last."""
    draw = random.Random(seed)
    given = {"role": role, "entity_name": entity.name, "entity_type": entity.kind, "country": "BFA"}
    turn = start(form(), language="fr", now=NOW, given=given)
    for _ in range(600):
        asked = next((event for event in reversed(turn.events) if isinstance(event, e.Asked)), None)
        if any(isinstance(event, e.Completed) for event in turn.events):
            break
        assert asked is not None
        refused = any(isinstance(event, e.Refused) for event in turn.events)
        step = inputs.Skip() if refused and not asked.required else reply(asked, draw)
        turn = advance(form(), turn.interview, step, author="o", now=NOW, session=turn.session)
        if not any(isinstance(event, e.Recorded | e.Refused | e.Completed) for event in turn.events) and (
            asked.long or asked.type == "select_multiple"
        ):
            turn = advance(form(), turn.interview, inputs.Done(), author="o", now=NOW, session=turn.session)
    interview = Interview.from_json(json.loads(json.dumps(turn.interview.to_json())))
    assert interview.completed
    return interview


def contribute(role: str, entity: Entity, seed: int) -> Contribution:
    said = answers(form(), interviewed(role, entity, seed), "fr", now=NOW)
    return Contribution("BFA", entity, role, form().version, "fr", "submitted", said)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(2))
def test_interviews_of_all_roles_come_to_an_end_and_make_a_guide(seed: int) -> None:
    contributions = [contribute(role, entity, seed) for role, entity in ROLES]
    dossier = merge("BFA", contributions)
    guide = compile_guide(dossier, country("BFA"), "fr", NOW)
    assert [voice.entity for voice in dossier.voices] == [entity for _, entity in ROLES]
    assert dossier.sources and dossier.challenges and dossier.recommendations
    assert dossier.withheld == dossier.restricted
    printed = repr(guide)
    for item in contributions:
        for answer in item.answers:
            if answer.status == "answered" and answer.path.endswith(("s3_name", "r2_text", "c5_mechanism", "m7_done")):
                assert answer.value in printed
