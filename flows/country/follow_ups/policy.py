"""The policy of follow-ups: one TOML file → rules and calendars. What is not in a file is as in the standard one.

A file with a mistake is refused whole, with the line, the reason and what is allowed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from flows import knowledge
from flows.country.follow_ups.calendar import Calendar, Hours, Span
from flows.country.follow_ups.lines import Path, line_of, line_of_error
from flows.country.follow_ups.rules import WEEKDAYS, Blocked, Broadcasts, Digest, Kind, Outage, Rule
from flows.country.follow_ups.tables import File, OwnHours, Problem, problems
from flows.i18n import text as said

MOST_CHARACTERS = 100_000
_MOST_DOTS = 100  # in a line: the time to read a key grows with the square of its parts
_SHOWN = 60  # characters of what is quoted
_NEAR: Mapping[str, tuple[str, ...]] = {
    "coordinator_after": ("most",),
    "closes": ("opens",),
    "reminders": ("opens", "closes"),
}
"""What else may have to be changed where a key does not fit."""


class PolicyMistake(ValueError):
    """A policy that cannot be taken. `line`: from 1; `key`: of the sentence; `values`: its placeholders."""

    def __init__(self, line: int, key: str, values: Mapping[str, object]) -> None:
        super().__init__(line, key, values)
        self.line = line
        self.key = key
        self.values = values

    def __str__(self) -> str:
        return self.told("en")

    def told(self, language: str) -> str:
        """The line, the reason and what is allowed, in one paragraph."""
        return said(self.key, language, None, line=self.line, **self.values)


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything that is set about follow-ups. `secretariat`: the country whose calendar it follows."""

    secretariat: str
    digest: Digest
    broadcasts: Broadcasts
    blocked: Blocked
    outage: Outage
    rules: Mapping[Kind, Rule]
    own_rules: Mapping[tuple[str, Kind], Rule]  # of single countries
    calendars: Mapping[str, Calendar]  # by alpha-3 code

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """All kinds of matters that there are rules for."""
        return tuple(self.rules)

    def rule(self, kind: Kind, country: str = "") -> Rule:
        """The rule of a kind in a country; that of all countries for "". Raises `KeyError` for an unknown kind."""
        return self.own_rules.get((country, kind)) or self.rules[kind]

    def calendar(self, country: str) -> Calendar:
        """The calendar of a country. Raises `UnknownCountry`."""
        return self.calendars[knowledge.known_code(country)]

    def secretariat_calendar(self) -> Calendar:
        """The calendar of the secretariat."""
        return self.calendars[self.secretariat]


@cache
def standard_policy() -> Policy:
    """What holds while the secretariat has set nothing."""
    return read_policy("")


def read_policy(text: str) -> Policy:
    """What `text` sets, and for the rest the standard. Raises `PolicyMistake`."""
    given = _parsed(text)
    whole = _with_defaults(_merged(_standard(), given))
    found = problems(whole, frozenset(_standard()["kinds"]))
    if isinstance(found, File):
        return _built(found)
    line, problem = min(((line_of(text, _places(one.path)), one) for one in found), key=lambda pair: pair[0])
    raise PolicyMistake(line, f"follow_ups.policy_{problem.key}", _values(problem))


# ---- reading ------------------------------------------------------------------------------------------------------
def _parsed(text: str) -> dict[str, Any]:
    if len(text) > MOST_CHARACTERS:
        raise PolicyMistake(1, "follow_ups.policy_long", {"most": MOST_CHARACTERS})
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if line.count(".") > _MOST_DOTS and not line.lstrip().startswith("#"):
            raise PolicyMistake(number, "follow_ups.policy_deep", {})
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise PolicyMistake(1, "follow_ups.policy_deep", {}) from None
    except ValueError as error:
        at, why = line_of_error(text, error), str(error).lower()
        key = "follow_ups.policy_twice" if "overwrite" in why or "twice" in why else "follow_ups.policy_syntax"
        raise PolicyMistake(at, key, {"found": _shown(lines[min(at, len(lines)) - 1].strip())}) from None


@cache
def _standard() -> Mapping[str, Any]:
    source = files("flows").joinpath("country", "follow_ups", "policy.toml")
    return tomllib.loads(source.read_text("utf-8"))


def _merged(usual: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Both, table by table; what is given wins."""
    found = dict(usual)
    for key, value in given.items():
        before = found.get(key)
        both = isinstance(value, dict) and isinstance(before, dict)
        found[key] = _merged(before, value) if both else value  # type: ignore[arg-type]
    return found


def _with_defaults(whole: dict[str, Any]) -> dict[str, Any]:
    """With every table complete: a kind takes from the defaults, a country from what holds for all."""
    defaults, kinds, hours = (_table(whole.get(key)) for key in ("defaults", "kinds", "hours"))
    found = {**whole}
    if isinstance(whole.get("kinds"), dict):
        found["kinds"] = kinds = _each(kinds, lambda _: defaults)
    if isinstance(whole.get("countries"), dict):
        found["countries"] = {
            code: _country(country, kinds, _own_hours(hours, code)) if isinstance(country, dict) else country
            for code, country in whole["countries"].items()
        }
    return found


def _country(given: dict[str, Any], kinds: Mapping[str, Any], hours: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(given)
    if isinstance(given.get("hours"), dict):
        found["hours"] = _merged(hours, given["hours"])
    if isinstance(given.get("kinds"), dict):
        found["kinds"] = _each(given["kinds"], lambda kind: _table(kinds.get(kind)))
    return found


def _each(tables: Mapping[str, Any], usual: Callable[[str], Mapping[str, Any]]) -> dict[str, Any]:
    return {key: _merged(usual(key), value) if isinstance(value, dict) else value for key, value in tables.items()}


def _own_hours(hours: Mapping[str, Any], code: str) -> dict[str, Any]:
    """The hours of one country where it has set nothing itself."""
    found = dict(hours)
    for name in ("friday", "ramadan"):
        where = found.pop(name, None)
        listed = where.get("countries") if isinstance(where, dict) else None
        if isinstance(where, dict) and isinstance(listed, list) and code in listed:
            found[name] = {key: value for key, value in where.items() if key != "countries"}
    return found


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


# ---- building -----------------------------------------------------------------------------------------------------
def _built(file: File) -> Policy:
    usual = file.hours
    return Policy(
        secretariat=file.secretariat.country,
        digest=file.digest,
        broadcasts=file.broadcasts,
        blocked=file.blocked,
        outage=file.outage,
        rules=file.kinds,
        own_rules={(code, kind): rule for code, one in file.countries.items() for kind, rule in one.kinds.items()},
        calendars={one.code: _calendar(one, file, usual.of(one.code)) for one in knowledge.countries()},
    )


def _calendar(country: knowledge.Country, file: File, usual: OwnHours) -> Calendar:
    own = file.countries.get(country.code)
    hours = own.hours if own is not None and own.hours is not None else usual
    return Calendar(
        alpha_2=country.alpha_2,
        zones=country.time_zones,
        weekend=frozenset(country.weekend),
        hours=Hours(
            opens=hours.opens,
            closes=hours.closes,
            reminders=hours.reminders,
            reminder_days=frozenset(WEEKDAYS.index(day) + 1 for day in hours.reminder_days),
            friday_closes=hours.friday.closes if hours.friday is not None else None,
            ramadan=Span(hours.ramadan.opens, hours.ramadan.closes) if hours.ramadan is not None else None,
        ),
        closed=frozenset(own.closed) if own is not None else frozenset(),
        worked=frozenset(own.worked) if own is not None else frozenset(),
        moon_days=file.feasts.days_around,
    )


# ---- mistakes -----------------------------------------------------------------------------------------------------
def _places(path: Path) -> list[Path]:
    """Where the mistake may be written, likeliest first: a value may come from a table that others take from."""
    found = [path]
    match path:
        case ("countries", _, "kinds", kind, *rest):
            found += [("kinds", kind, *rest), ("defaults", *rest)]
        case ("kinds", _, *rest):
            found.append(("defaults", *rest))
        case ("countries", _, "hours", *rest):
            found.append(("hours", *rest))
    near = [(*one[:-up], name) for one in found for name in _NEAR.get(one[-1], ()) for up in (1, 2) if len(one) > up]
    return [*found, *near, *(path[:length] for length in range(len(path) - 1, 0, -1))]


def _values(problem: Problem) -> dict[str, object]:
    values = {key: _shown(value) for key, value in problem.values.items()}
    allowed = problem.values.get("allowed")
    return {**values, "allowed": ", ".join(allowed)} if isinstance(allowed, tuple) else dict[str, object](values)


def _shown(value: object) -> str:
    words = str(value).lower() if isinstance(value, bool) else str(value)
    words = "".join(letter if letter.isprintable() else " " for letter in words)
    return words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1]}…"
