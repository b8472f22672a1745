"""Any form changed into any other, under any interview: nothing raises, and no answer is lost."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.interview import inputs
from flows.interview.comparing import compare
from flows.interview.form import Form
from flows.interview.impact import Open, impact
from flows.interview.interview import start
from flows.interview.reconcile import Reconciled, reconcile
from flows.interview.state import Interview
from tests.budget import examples
from tests.flows.interview.talking import NOW, Talk, form_of
from tests.flows.interview.test_interview_properties import play

TYPES = (
    *("text", "text", "integer", "decimal", "date", "select_one few", "select_one many", "select_multiple few"),
    *("select_multiple many", "rank few", "note", "calculate", "acknowledge", "range"),
)
LISTS = {"few": ("yes", "no", "apple"), "many": ("yes", "apple", "pear", "plum")}


@dataclass(frozen=True)
class One:
    """A question; `around`: "" the form itself, "g" a group, "r" a repeat, "rg" a group in it."""

    name: str
    type: str
    label: str
    around: str
    relevant: str = ""
    constraint: str = ""
    required: bool = False
    long: bool = False
    default: str = ""


names = st.sampled_from("abcdefhi")
ones = st.builds(
    One,
    names,
    st.sampled_from(TYPES),
    st.sampled_from(["One", "Two"]),
    st.sampled_from(["", "", "g", "r", "rg"]),
    st.sampled_from(["", "", "", "a", "b"]),
    st.sampled_from(["", "", "", ". != '2'", "string-length(.) < 3", ". != 'yes'"]),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["", "", "", "3"]),
)
forms = st.lists(ones, min_size=2, max_size=8, unique_by=lambda one: one.name)


def written(questions: list[One], version: str, fewer: bool = False, repeat: str = "r") -> Form:
    """The form as a person would write it, whatever the lists drew."""
    lines = [
        "| survey | | | | | | | | | | | | |",
        "| | type | name | label | relevant | constraint | required | appearance | calculation | default | parameters |"
        " bind::griot:optional | bind::griot:role |",
    ]
    known: set[str] = set()
    for around in ("", "g", "r", "rg"):
        inside = [one for one in questions if one.around == around]
        if not inside:
            continue
        outer, inner = around[:1], around[1:]
        if outer:
            kind, name = ("group", "g") if outer == "g" else ("repeat", repeat + inner)
            lines.append(f"| | begin_{kind} | {name} | Part | | | | | | | | yes | |")
        if inner:
            lines.append("| | begin_group | inner | Inner | | | | | | | | | |")
        for one in inside:
            relevant = f"${{{one.relevant}}} != '2'" if one.relevant in known and not outer else ""
            calculated = "'x'" if one.type == "calculate" else ""
            plain = one.type in ("text", "integer", "decimal")
            constraint = one.constraint if plain or one.type.startswith("select") else ""
            look = "multiline" if one.type == "text" and one.long else ""
            label = one.label if one.type != "calculate" else ""
            required = "yes" if one.required and one.type not in ("note", "calculate") else ""
            parameters = "start=1 end=5 step=1" if one.type == "range" else ""
            default = one.default if plain else ""
            cells = one.type, one.name, label, relevant, constraint, required, look, calculated, default, parameters
            lines.append("| | " + " | ".join(cells) + " | | |")
            known |= {one.name} if not outer and one.type not in ("note", "calculate") else set()
        if inner:
            lines.append("| | end_group | | | | | | | | | | | |")
        if outer:
            lines.append(f"| | end_{kind} | | | | | | | | | | | |")
    lines.append("| | select_one few | z | Send | | | | | | | | | submit |")
    lines += ["| choices | | | |", "| | list_name | name | label |"]
    for name, choices in LISTS.items():
        lines += [f"| | {name} | {choice} | {choice.title()} |" for choice in choices[fewer:]]
    lines += [
        "| settings | | | |",
        "| | form_id | version | namespaces |",
        f'| | f | {version} | griot="https://g.e" |',
    ]
    return form_of("\n".join(lines))


said = st.one_of(
    st.sampled_from(["1", "2", "3", "4", "yes", "no", "apple", "12/03/2025", "ok", "word", "done", "two words"]),
    st.sampled_from(["1", "2", "3"]),
    st.sampled_from(
        [
            inputs.Skip(),
            inputs.Unknown(),
            inputs.Back(),
            inputs.Done(),
            inputs.Keep(),
            inputs.Resume(),
            inputs.Again(True),
            inputs.Again(False),
        ]
    ),
    st.tuples(st.just("press"), st.sampled_from("cccyndks"), st.integers(0, 3)),
    st.builds(inputs.Edit, st.sampled_from(["/data/a", "/data/b", "/data/g/c", "/data/r[1]/d", "/data/r"])),
    st.builds(inputs.Remove, st.sampled_from(["/data/r[1]", "/data/r[2]"])),
    st.builds(inputs.Confide, st.booleans()),
)
several = st.lists(said, min_size=5, max_size=40)
some = settings(
    max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def talked(form: Form, told: list[object]) -> Talk:
    talk = Talk.__new__(Talk)
    talk.form, talk.count = form, 0
    talk.turn = start(form, language="en", now=NOW)
    talk.events = talk.turn.events
    for one in told:
        play(talk, one)
    return talk


def through(talk: Talk, new: Form) -> Reconciled:
    """The talk under the other form, by way of JSON."""
    interview = Interview.from_json(json.loads(json.dumps(talk.interview.to_json())))
    found = reconcile(new, talk.form, interview, now=NOW)
    counted = impact(new, talk.form, [Open(1, "BFA", interview)], now=NOW)
    aside = sum(one.record.status == "answered" for one in found.retired)
    assert (counted.again, counted.aside) == (len(found.asked_again), aside)
    assert Interview.from_json(json.loads(json.dumps(found.interview.to_json()))) == found.interview
    talk.form, talk.turn, talk.events = new, found, found.events
    return found


def answered(talk: Talk) -> dict[str, str]:
    """What was answered, by path, also what is not asked just now."""
    session, records = talk.turn.session, talk.interview.records
    found = {path: session.stored(path) for path, one in records.items() if one.status == "answered"}
    return {path: value for path, value in found.items() if value}


@some
@given(forms, forms, several, several, st.booleans(), st.sampled_from(["r", "rows"]))
def test_no_answer_is_lost_and_the_interview_goes_on(
    first: list[One], second: list[One], told: list[object], more: list[object], fewer: bool, repeat: str
) -> None:
    talk = talked(written(first, "1"), told)
    before, typed = answered(talk), "\n".join(text for _, text in talk.interview.parts)
    found = through(talk, written(second, "2", fewer, repeat))
    after = answered(talk)
    kept = {(one.path, one.value) for one in found.interview.retired}
    revised = {one.path: one for one in found.recorded}
    for path, value in before.items():
        there = found.moved.get(path, path)
        if (path, value) not in kept:
            new = after[there]
            assert new == value or (revised[there].old, revised[there].value) == (value, new)
    if typed:
        assert [text for _, text in found.interview.parts] or typed in [one.value for one in found.interview.retired]
    session = found.session
    assert all(session.exists(path) for path in found.interview.records)
    assert set(found.asked_again) <= {path for path, one in found.interview.records.items() if one.mark}
    for one in (inputs.Resume(), *more):
        play(talk, one)
    back = through(talk, written(first, "3"))
    for one in (inputs.Resume(), inputs.Review(), *more[:5]):
        play(talk, one)
    assert {one.path for one in back.interview.retired} >= {
        one.path for one in found.interview.retired if one.why in ("type", "rows", "unfinished")
    }


@some
@given(forms, several, st.data())
def test_another_wording_asks_nobody_and_moves_nothing(questions: list[One], told: list[object], data: object) -> None:
    old = written(questions, "1")
    new = written([replace(one, label=one.label + ", please") for one in questions], "2")
    assert {change.kind for change in compare(old, new)} <= {"wording"}
    talk = talked(old, told)
    state, asked = talk.turn.session.state(), talk.interview
    found = through(talk, new)
    assert (found.asked_again, found.retired, found.moved, found.recorded) == ((), (), {}, ())
    assert talk.turn.session.state() == state
    assert found.stands
    after = replace(found.interview, session={}, version="1", at=asked.at)
    assert after == replace(asked, session={})


@some
@given(forms, several)
def test_a_question_that_means_something_else_is_asked_of_everybody_who_answered_it(
    questions: list[One], told: list[object]
) -> None:
    old = written(questions, "1")
    new = written([replace(one, constraint=f"{one.constraint or 'true()'} or . = 'never'") for one in questions], "2")
    talk = talked(old, told)
    changed = {change.path for change in compare(old, new) if change.asks}
    settled = {path for path, one in talk.interview.records.items() if one.status in ("answered", "skipped", "unknown")}
    found = through(talk, new)
    plain = {path for path in settled if path.replace("[1]", "").replace("[2]", "").replace("[3]", "") in changed}
    assert set(found.asked_again) == {path for path in plain if found.session.relevant(path)}
