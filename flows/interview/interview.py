"""One turn of an interview: `(form, interview, input, now) → (interview, events)`.

    turn = start(form, given={"country": "BFA"}, language="fr", now=now)
    turn = advance(form, turn.interview, Say("Ouagadougou", message_id="7"), author="…", now=now)

Nothing here reads a clock or keeps anything. `turn.session` is the live logic session: handing it back to the next
`advance` saves loading it again, and changes nothing else.

What the form decides: `required` (or the bind attribute `must`) refuses both skip and "don't know"; anything else may
be left either way. Bind attributes read here: `core`, `must`, `optional`, `confidential`, `glossary`, `long`, `link`,
`kind`, `region`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import NAMESPACE_URL, uuid5

from flows.interview.asking import ask, drop_optional_rows
from flows.interview.events import Event
from flows.interview.form import Form, Question
from flows.interview.holding import hold
from flows.interview.inputs import Input
from flows.interview.logic import Host, Session, language_code, nearest
from flows.interview.outcome import Next
from flows.interview.progress import SectionProgress, by_section
from flows.interview.sitting import Sitting
from flows.interview.state import Interview
from flows.interview.turning import take


@dataclass(frozen=True, slots=True)
class Turn:
    """What one step gives: the interview after it, what is to be said, the live session (a cache), and how far every
    section is."""

    interview: Interview
    events: tuple[Event, ...]
    session: Session = field(repr=False, compare=False)
    sections: tuple[SectionProgress, ...] = field(default=(), kw_only=True)


def start(
    form: Form,
    *,
    language: str,
    now: datetime,
    given: Mapping[str, str] | None = None,
    author: str = "",
    channel: str = "",
    today: date | None = None,
    seed: str = "",
) -> Turn:
    """A new interview and its first question. `given`: values known beforehand, by question name or path
    (`country`, `role`, `entity`); names that the form lacks are left out. `seed`: what makes this interview's ids
    (its instance's, those of `uuid()`) its own."""
    known = dict(given or {})
    speech = spoken(form, language)
    session = Session.start(form.logic, host_of(known, now, speech, seed))
    for node in form.walk():
        value = known.get(node.path, known.get(node.name))
        if value is not None and isinstance(node, Question) and session.exists(node.path):
            session.set(node.path, value)
    interview = Interview(form.id, form.version, speech, session={}, given=known)
    sitting = Sitting.open(form, interview, session, now)
    sitting.author, sitting.channel, sitting.today = author, channel, today
    drop_optional_rows(sitting, form.root.path)
    ask(sitting)
    return turn_of(sitting)


def advance(
    form: Form,
    interview: Interview,
    input: Input,
    *,
    author: str,
    now: datetime,
    channel: str = "",
    today: date | None = None,
    session: Session | None = None,
) -> Turn:
    """Take one input. `today`: the day where the person is (`now`'s own by default). Never raises for what a person
    did: a wrong answer, a stale button, a path that is no more come back as `Refused`."""
    live = awake(form, interview, now, session)
    sitting = Sitting.open(form, interview, live, now)
    sitting.author, sitting.channel, sitting.today = author, channel, today
    outcome = take(sitting, input)
    if outcome is not Next.WAIT:
        ask(sitting, refreshed=outcome is Next.REFRESH)
    return turn_of(sitting)


def turn_of(sitting: Sitting) -> Turn:
    """The end of a turn. The desk is not to be used any more."""
    sections = by_section(sitting)
    return Turn(sitting.close(), tuple(sitting.events), sitting.session, sections=sections)


def current_question(
    form: Form, interview: Interview, *, now: datetime, session: Session | None = None, author: str = ""
) -> Turn:
    """The question now open, put again, with nothing else changed (a reminder, another device). Where others made it
    needless, what `author` had half typed is recorded and the next one is put."""
    live = awake(form, interview, now, session)
    sitting = Sitting.open(form, interview, live, now)
    sitting.author = author
    if sitting.parts or sitting.ticks is not None:
        hold(sitting)
    ask(sitting)
    turn = turn_of(sitting)
    return replace(turn, interview=replace(turn.interview, paused=interview.paused))


def awake(form: Form, interview: Interview, now: datetime, session: Session | None = None) -> Session:
    """The live session of `interview`: the one handed back, brought to `now`, or a loaded one. A session handed back
    is used up by the turn: where the turn is not kept, neither is the session."""
    host = host_of(interview.given, now, interview.language, str(interview.session.get("seed", "")))
    if session is None or session.host.now.date() != now.date():
        return Session.load(form.logic, interview.session, host)
    session.host = session.env.host = host
    return session


def host_of(given: Mapping[str, str], now: datetime, language: str = "", seed: str = "") -> Host:
    """What the logic may ask of the world; its ids follow from the seed and the time, one after another."""
    count = 0

    def ids() -> str:
        nonlocal count
        count += 1
        return str(uuid5(NAMESPACE_URL, f"{seed}|{now.isoformat()}|{sorted(given.items())}|{count}"))

    return Host(now, language, ids, given)


def spoken(form: Form, language: str) -> str:
    """The form's language nearest to the one wanted, a code or a name (`fr-BF`, `French`, `Français (fr)` → `fr`);
    the form's default where it lacks that, and the one wanted where that default has no name."""
    names = {item.name: item.code or item.name for item in form.languages}
    found = nearest(language, names) if language else None
    if found is not None:
        return names[found]
    wanted = language_code(language) or language.replace("_", "-")
    return names.get(form.default_language) or wanted or next(iter(names.values()), "")
