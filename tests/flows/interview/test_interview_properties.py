"""Any form, any input: what always holds. JSON between every two turns (see `talking`)."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.interview import events as e
from flows.interview import inputs
from flows.interview.answers import answers
from flows.interview.plan import bare
from flows.interview.state import Interview
from tests.budget import examples
from tests.flows.interview.small_forms import CORE, KINDS, SOURCES, VISIT
from tests.flows.interview.talking import NOW, Talk

NESTED = """
| survey | | | | | | |
| | type | name | label | relevant | required | repeat_count |
| | begin group | g | Group | | | |
| | integer | n | How many? | | yes | |
| | begin repeat | a | A | | | ${n} |
| | text | x | X | | yes | |
| | begin repeat | b | B | ${n} > 1 | | |
| | select_one yn | y | Y ${x} | | | |
| | text | why | Why | ${y} = 'no' | yes | |
| | end repeat | | | | | |
| | end repeat | | | | | |
| | end group | | | | | |
| choices | | |
| | list_name | name | label |
| | yn | yes | Yes |
| | yn | no | No |
"""

CASCADE = """
| survey | | | | | | |
| | type | name | label | choice_filter | constraint | default |
| | select_one region | region | Region | | | |
| | select_one town | town | Town | region = ${region} | | |
| | select_multiple town | towns | Towns | region = ${region} | count-selected(.) < 3 | |
| | decimal | low | Low | | | 1 |
| | decimal | high | High | | . >= ${low} | |
| | date | day | Day | | | |
| choices | | | |
| | list_name | name | label | region |
| | region | north | North | |
| | region | south | South | |
| | town | ada | Ada | south |
| | town | bole | Bole | north |
| | town | cape | Cape | south |
| | town | dura | Dura | south |
"""

FORMS = [VISIT, SOURCES, KINDS, CORE, NESTED, CASCADE]

texts = st.one_of(
    st.sampled_from(
        ["1", "2", "3", "yes", "no", "oui", "Ada", "12/03/2025", "0", "-1", "5", "fin", "north", "je ne sais pas"]
    ),
    st.text(max_size=40),
)
names = st.sampled_from(
    ["yes", "no", "apple", "pear", "plum", "north", "south", "ada", "bole", "cape", "dura", "other", ""]
)
paths = st.sampled_from(
    [
        "/data/visited",
        "/data/source",
        "/data/source[1]",
        "/data/source[2]/title",
        "/data/source/title",
        "/data/g/a[1]/b[1]/y",
        "/data/g/a[1]/b",
        "/data/g/a[1]/b[1]",
        "/data/g/n",
        "/data/r",
        "/data/r[1]/d",
        "/data/region",
        "/data/towns",
        "/data/low",
        "/data/story",
        "",
        "/",
        "x[y]",
        "/data/source[0]",
        "/data/source[99999999999]",
    ]
)
message_ids = st.integers(0, 12).map(lambda number: f"m{number}")
any_input = st.one_of(
    texts,
    texts,
    st.builds(inputs.Say, texts, message_ids, st.booleans()),
    st.builds(inputs.Choose, st.lists(names, max_size=3).map(tuple)),
    st.builds(inputs.Attach, st.just(inputs.Attachment("a.pdf", "application/pdf", 10, "r")), message_ids),
    st.builds(inputs.Locate, st.floats(), st.floats(), st.none() | st.floats()),
    st.builds(inputs.Again, st.booleans()),
    st.builds(inputs.Edit, paths),
    st.builds(inputs.Remove, paths),
    st.builds(inputs.Confide, st.booleans(), paths),
    st.builds(inputs.Speak, st.sampled_from(["fr", "en", "", "xx", "f\u0000"])),
    st.builds(inputs.Review, st.integers(-2, 9)),
    st.builds(inputs.Press, st.text(max_size=70)),
    st.sampled_from(
        [
            inputs.Skip(),
            inputs.Skip(),
            inputs.Unknown(),
            inputs.Back(),
            inputs.Done(),
            inputs.Keep(),
            inputs.Undo(),
            inputs.Help(),
            inputs.Pause(),
            inputs.Resume(),
            inputs.Input(),
        ]
    ),
    st.tuples(st.just("press"), st.sampled_from("coaerpdsubhkzynxvm"), st.integers(0, 12)),
)
quick = settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.too_slow])


def play(talk: Talk, given: object) -> None:
    if isinstance(given, tuple):
        token = next((event.token for event in reversed(talk.events) if getattr(event, "token", "")), "1")
        talk(inputs.Press(f"{token}:{given[1]}{given[2]}"))
    else:
        talk(given)


@quick
@given(st.sampled_from(FORMS), st.lists(any_input, max_size=25))
def test_nothing_a_person_does_raises_and_only_relevant_questions_are_asked(form: str, given: list[object]) -> None:
    talk = Talk(form)
    for one in given:
        play(talk, one)
        session = talk.turn.session
        assert Interview.from_json(talk.interview.to_json()) == talk.interview
        for asked in talk.all(e.Asked):
            if asked.type not in ("rest", "remove"):
                assert session.relevant(asked.path)
            node = talk.form.nodes[bare(asked.path)]
            assert node is not None
        if talk.interview.completed:
            assert session.missing() == []
            assert session.invalid() == []
        for event in talk.events:
            event.to_json()
    answers(talk.form, talk.interview, "en", now=NOW)


@quick
@given(st.sampled_from(FORMS), st.lists(any_input, max_size=12), st.data())
def test_every_interview_can_be_completed_and_then_misses_nothing(
    form: str, given: list[object], data: st.DataObject
) -> None:
    talk = Talk(form)
    for one in given:
        play(talk, one)
    for _ in range(80):
        if talk.interview.completed:
            break
        talk(inputs.Resume())
        if not talk.all(e.Asked):
            continue
        asked = talk.asked
        if asked.type in ("repeat", "first", "remove"):
            talk(inputs.Again(False))
        elif asked.type == "rest":
            talk(inputs.Again(True))
        elif "skip" in asked.controls and data.draw(st.booleans()):
            talk(inputs.Skip())
        elif asked.choices:
            talk(inputs.Choose(tuple(choice.name for choice in asked.choices[: 9 if asked.type == "rank" else 1])))
        elif asked.type in ("integer", "range"):
            talk(str(data.draw(st.integers(1, 3))))
        elif asked.path.endswith("high"):
            talk("99999999")
        elif "skip" in asked.controls:
            talk(inputs.Skip())
        else:
            talk("word", inputs.Done())
    assert talk.interview.completed
    session = talk.turn.session
    assert session.missing() == []
    assert session.invalid() == []
    for path, record in talk.interview.records.items():
        if record.status == "answered" and session.relevant(path):
            assert session.value(path) != ""


@quick
@given(st.sampled_from(FORMS), st.lists(any_input, max_size=15))
def test_going_back_and_giving_the_same_answer_changes_nothing(form: str, given: list[object]) -> None:
    talk = Talk(form)
    for one in given:
        play(talk, one)
    if talk.interview.parts:
        talk(inputs.Done())
    talk(inputs.Resume())
    before = _answers(talk)
    talk(inputs.Back())
    if talk.all(e.Refused) or talk.asked.type in ("repeat", "first", "rest", "remove"):
        return
    path = talk.asked.path
    if path not in talk.interview.records:
        return  # back from the question whether a row is to be removed: to one that is not answered yet
    value = talk.value(path)
    if not value:
        status = talk.interview.records[path].status
        talk(inputs.Unknown() if status == "unknown" else inputs.Skip())
    elif talk.asked.choices:
        talk(inputs.Choose(tuple(value.split())))
    elif talk.asked.type in ("text", "integer", "decimal", "date", "range"):
        talk(value)
        if talk.asked.long if talk.all(e.Asked) else talk.interview.parts:
            talk(inputs.Done())
    else:
        talk(inputs.Keep())
    assert _answers(talk) == before


def _answers(talk: Talk) -> tuple[object, dict[str, tuple[str, int]]]:
    records = {path: (record.status, record.revision) for path, record in talk.interview.records.items()}
    return talk.turn.session.state()["values"], records
