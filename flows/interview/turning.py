"""What each input does to an interview. Every branch ends in a value; nothing here raises for what a person did."""

from __future__ import annotations

import re
from dataclasses import replace

from flows.interview import events as e
from flows.interview import inputs, replying, review
from flows.interview.answering import answer, is_elsewhere, is_overtaken, leave, refuse, refuse_overtaken
from flows.interview.asking import is_untouched_first_row, needed, token_of
from flows.interview.holding import hold, is_reply, is_undisturbed
from flows.interview.logic import language_code, nearest
from flows.interview.moving import back, edit, remove
from flows.interview.outcome import Next
from flows.interview.plan import split_row
from flows.interview.progress import place
from flows.interview.rows import add_row, remove_row
from flows.interview.sitting import Sitting
from flows.interview.state import Record
from flows.interview.walk import SETTLED, current, is_again, is_asked, keeps_rested

_ACTION = re.compile(r"([0-9a-z]{1,12}):([a-z])([0-9]{0,4})", re.ASCII)


def take(sitting: Sitting, input: inputs.Input) -> Next:
    """Apply one input to the desk; says whether to ask next, to show the question again in place, or to wait."""
    if sitting.paused and not isinstance(input, inputs.Pause):
        sitting.paused = False
        if isinstance(input, inputs.Resume):
            sitting.say(e.Resumed())
    asked = sitting.put
    if not is_undisturbed(sitting) and not hold(sitting) and is_reply(input):
        refuse(sitting, "", "question_gone" if asked else "nothing_open")
        return Next.ASK
    return _taken(sitting, input)


def _taken(sitting: Sitting, input: inputs.Input) -> Next:
    outcome = _stood_for(sitting, _apply(sitting, input))
    if sitting.parts:
        step = current(sitting)
        if step is None or step.key != sitting.put:  # its question went away under a half-typed answer
            replying.finish_parts(sitting)
    return outcome


def _stood_for(sitting: Sitting, outcome: Next) -> Next:
    match outcome:
        case Next.AGAIN | Next.NOT_AGAIN:
            return again(sitting, outcome is Next.AGAIN)
        case Next.SKIP:
            return skip(sitting)
        case Next.UNKNOWN:
            return unknown(sitting)
        case Next.KEEP:
            return keep(sitting)
    return outcome


def _apply(sitting: Sitting, input: inputs.Input) -> Next:
    match input:
        case inputs.Say():
            return replying.say(sitting, input)
        case inputs.Choose(names):
            return replying.choose(sitting, names)
        case inputs.Press(action):
            return press(sitting, action)
        case inputs.Attach():
            return replying.attach(sitting, input)
        case inputs.Locate():
            return replying.locate(sitting, input)
        case inputs.Skip():
            return skip(sitting)
        case inputs.Unknown():
            return unknown(sitting)
        case inputs.Done():
            return replying.done(sitting)
        case inputs.Again(another):
            return again(sitting, another)
        case inputs.Keep():
            return keep(sitting)
        case inputs.Undo():
            return replying.undo(sitting)
        case inputs.Back():
            return back(sitting)
        case inputs.Edit(path):
            return edit(sitting, path)
        case inputs.Remove(path):
            return remove(sitting, path)
        case inputs.Help():
            return explain(sitting)
        case inputs.Pause():
            sitting.paused = True
            sitting.say(e.Paused(place(sitting, current(sitting)), token_of(sitting)))
            return Next.WAIT
        case inputs.Resume():
            step = current(sitting)
            # Who read the answers before handing them in comes back to handing them in, not to the offer before it.
            sitting.rested = sitting.rested and keeps_rested(sitting, step)
            return Next.ASK
        case inputs.Review(page):
            sitting.say(review.page(sitting, page))
            return Next.WAIT
        case inputs.Speak(language):
            return speak(sitting, language)
        case inputs.Confide():
            return confide(sitting, input)
    refuse(sitting, "", "not_understood")
    return Next.ASK


def press(sitting: Sitting, action: str) -> Next:
    """A button. Those of an earlier question are recognised by their token; a second press of the same is silent."""
    match = _ACTION.fullmatch(action[:64])
    if match is None or match[1] != token_of(sitting):
        if action and action == sitting.last_press:
            return Next.WAIT
        refuse(sitting, "", "stale")
        return Next.ASK
    token = sitting.token
    outcome = _pressed(sitting, match[2], int(match[3] or 0))
    if sitting.token != token or not sitting.put:
        sitting.last_press = action
    return outcome


def _pressed(sitting: Sitting, code: str, index: int) -> Next:
    match code:
        case "c":
            return replying.press_choice(sitting, index)
        case "o":
            return replying.take_offer(sitting, index)
        case "a":
            return replying.choose(sitting, ("OK",))
        case "p":
            sitting.say(replace(review.page(sitting, index), refreshed=True))
            return Next.WAIT
        case "e" | "r":
            found = next((entry for entry in review.entries(sitting) if entry.number == index), None)
            if found is None:
                refuse(sitting, "", "stale")
                return Next.ASK
            return edit(sitting, found.path) if code == "e" else remove(sitting, found.path)
    known: dict[str, inputs.Input] = {
        "y": inputs.Again(True),
        "n": inputs.Again(False),
        "x": inputs.Again(False),
        "d": inputs.Done(),
        "z": inputs.Undo(),
        "k": inputs.Keep(),
        "s": inputs.Skip(),
        "u": inputs.Unknown(),
        "b": inputs.Back(),
        "h": inputs.Help(),
        "v": inputs.Review(),
        "m": inputs.Resume(),
    }
    if code in known:
        return _taken(sitting, known[code])
    refuse(sitting, "", "stale")
    return Next.ASK


# ---- leaving a question -------------------------------------------------------------------------------------------
def skip(sitting: Sitting) -> Next:
    step = current(sitting)
    if step is None:
        refuse(sitting, "", "nothing_open")
    elif step.kind != "question":
        return again(sitting, False)
    elif sitting.parts:
        return replying.done(sitting)
    elif sitting.session.value(step.path) and is_again(sitting, step):
        refuse(sitting, step.path, "again_not_skipped")
    elif sitting.session.value(step.path) and (
        needed(sitting, step.path) or (_status(sitting, step.path) not in SETTLED and sitting.session.valid(step.path))
    ):
        return keep(sitting)  # a default stands, unless the form itself refuses it
    else:
        leave(sitting, step.path, "skipped")
    return Next.ASK


def unknown(sitting: Sitting) -> Next:
    step = current(sitting)
    if step is None:
        refuse(sitting, "", "nothing_open")
    elif step.kind != "question":
        refuse(sitting, step.path, "yes_or_no")
    elif sitting.parts:
        return replying.done(sitting)
    else:
        leave(sitting, step.path, "unknown")
    return Next.ASK


def keep(sitting: Sitting) -> Next:
    """Leave the question put as it stands: its answer, default or skip."""
    step = current(sitting)
    if step is None or step.kind != "question":
        sitting.at = ""
        return Next.ASK
    value, status, again = sitting.session.value(step.path), _status(sitting, step.path), is_again(sitting, step)
    if is_overtaken(sitting, step.path):
        refuse_overtaken(sitting, step.path)
    elif value and (status != "answered" or again or not sitting.session.valid(step.path)):
        answer(sitting, step.path, value)
    elif status in SETTLED and again:
        leave(sitting, step.path, status)
    elif status in SETTLED:
        sitting.at = ""
    else:
        refuse(sitting, step.path, "nothing_to_keep")
    return Next.ASK


def again(sitting: Sitting, another: bool) -> Next:
    """Yes or no: another row, a first row, the rest of the questions, the removal of a row."""
    step = current(sitting)
    if step is None:
        refuse(sitting, "", "nothing_open")
        return Next.ASK
    match step.kind:
        case "repeat" | "first":
            sitting.at = ""
            if another:
                add_row(sitting, step.path)
            else:
                sitting.closed.add(step.path)
        case "rest":
            sitting.at = ""
            sitting.mode = "full" if another else "core"
            sitting.rested = not another
        case "remove":
            sitting.at = ""
            row = split_row(step.path)
            if another and row is not None:
                remove_row(sitting, *row)
        case _:
            row = is_untouched_first_row(sitting, step.path)
            if row is None:
                refuse(sitting, step.path, "not_a_row")
            elif not another:
                remove_row(sitting, *row)
                sitting.closed.add(row[0])
    return Next.ASK


# ---- around a question --------------------------------------------------------------------------------------------
def explain(sitting: Sitting) -> Next:
    step = current(sitting)
    if step is None or step.kind != "question":
        return Next.ASK
    node = sitting.node(step.path)
    glossary = tuple(node.attributes.get("glossary", "").split()) if node is not None else ()
    path = step.path
    sitting.say(e.Helped(path, sitting.label(path), sitting.hint(path), sitting.guidance(path), glossary))
    return Next.ASK


def speak(sitting: Sitting, language: str) -> Next:
    names = {item.name: item.code or item.name for item in sitting.form.languages}
    found = nearest(language, names)
    wanted = names[found] if found is not None else language_code(language)
    if not wanted or (found is None and sitting.form.default_language in names):
        refuse(sitting, "", "language", values={"languages": ", ".join(names.values())})
        return Next.ASK
    sitting.language = wanted
    sitting.say(e.Spoke(sitting.language))
    return Next.ASK


def confide(sitting: Sitting, input: inputs.Confide) -> Next:
    step = current(sitting)
    path = input.path or (step.path if step is not None and step.kind == "question" else "")
    node = sitting.node(path)
    if not path or not is_asked(node) or not sitting.exists(path):
        refuse(sitting, path, "no_such_question")
        return Next.ASK
    if is_elsewhere(sitting, path):
        return Next.ASK
    record = sitting.records.get(path, Record(""))
    sitting.records[path] = replace(record, confidential=input.confidential)
    sitting.say(e.Confided(path, sitting.label(path), input.confidential))
    return Next.ASK


def _status(sitting: Sitting, path: str) -> str:
    record = sitting.records.get(path)
    return record.status if record is not None else ""
