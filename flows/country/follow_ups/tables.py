"""What a policy file may hold, table by table, and what is wrong with one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from typing import Annotated, Any, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from flows import knowledge
from flows.country.follow_ups.lines import Path
from flows.country.follow_ups.rules import ONCE, TABLE, Blocked, Broadcasts, Clock, Digest, Kind, Outage, Rule, Weekday

MOST_DAYS = 60  # days off or on that may be set for a country
SHORTEST = 2  # hours between opening and closing, so that two zones have some in common

_REASONS = {
    "missing": "missing",
    "int_type": "number",
    "int_from_float": "number",
    "bool_type": "yes_no",
    "string_type": "text",
    "tuple_type": "list",
    "date_type": "date",
    "dict_type": "table",
    "model_type": "table",
    "dataclass_type": "table",
    "greater_than_equal": "least",
    "less_than_equal": "most",
    "too_short": "empty",
    "too_long": "many",
    "extra_forbidden": "unknown_key",
    "unexpected_keyword_argument": "unknown_key",
    "literal_error": "choice",
}
_CHOICES: Mapping[str, tuple[str, ...]] = {"weekday": get_args(Weekday), "reminder_days": get_args(Weekday)}


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: where, the key of its sentence, and its placeholders."""

    path: Path
    key: str
    values: Mapping[str, object]


# ---- single values ------------------------------------------------------------------------------------------------
def _code(value: str) -> str:
    try:
        return knowledge.known_code(value)
    except knowledge.UnknownCountry:
        raise PydanticCustomError("country", "no such country") from None


def _day(value: object) -> object:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise PydanticCustomError("date", "not a date")
    return value


Code = Annotated[str, AfterValidator(_code)]
Weekdays = Annotated[tuple[Weekday, ...], Field(min_length=1, max_length=7)]
Codes = Annotated[tuple[Code, ...], Field(max_length=60)]
DaysOff = Annotated[tuple[Annotated[date, BeforeValidator(_day)], ...], Field(max_length=MOST_DAYS)]


def _sound(rule: Rule) -> Rule:
    """What one value of a rule says about another."""
    if list(rule.spacing) != sorted(rule.spacing):
        raise PydanticCustomError("shrinks", "", {"at": "spacing"})
    if list(rule.before_due) != sorted(set(rule.before_due), reverse=True):
        raise PydanticCustomError("not_nearer", "", {"at": "before_due"})
    if list(rule.after_due) != sorted(set(rule.after_due)):
        raise PydanticCustomError("not_later", "", {"at": "after_due"})
    if rule.coordinator_after > rule.most:
        raise PydanticCustomError("beyond_most", "", {"at": "coordinator_after", "most": rule.most})
    return rule


def _rising(blocked: Blocked) -> Blocked:
    if list(blocked.tried_after) != sorted(set(blocked.tried_after)):
        raise PydanticCustomError("not_later", "", {"at": "tried_after"})
    return blocked


SoundBlocked = Annotated[Blocked, AfterValidator(_rising)]
SoundRule = Annotated[Rule, AfterValidator(_sound)]


# ---- tables -------------------------------------------------------------------------------------------------------
class _Table(BaseModel):
    model_config = TABLE


class Secretariat(_Table):
    country: Code


class Feasts(_Table):
    days_around: Annotated[int, Field(strict=True, ge=0, le=3)]


class Friday(_Table):
    closes: Clock


class Ramadan(_Table):
    opens: Clock
    closes: Clock


class FridayThere(Friday):
    countries: Codes


class RamadanThere(Ramadan):
    countries: Codes


class OwnHours(_Table):
    """The hours of one country."""

    opens: Clock
    closes: Clock
    reminders: Clock
    reminder_days: Weekdays
    friday: Friday | None = None
    ramadan: Ramadan | None = None


class UsualHours(_Table):
    """The hours of all, and where Fridays and Ramadan are shorter."""

    opens: Clock
    closes: Clock
    reminders: Clock
    reminder_days: Weekdays
    friday: FridayThere
    ramadan: RamadanThere

    def of(self, code: str) -> OwnHours:
        """Those of one country."""
        friday = self.friday if code in self.friday.countries else None
        ramadan = self.ramadan if code in self.ramadan.countries else None
        return OwnHours(
            opens=self.opens,
            closes=self.closes,
            reminders=self.reminders,
            reminder_days=self.reminder_days,
            friday=Friday(closes=friday.closes) if friday is not None else None,
            ramadan=Ramadan(opens=ramadan.opens, closes=ramadan.closes) if ramadan is not None else None,
        )


class Country(_Table):
    """What is different in one country."""

    closed: DaysOff = ()
    worked: DaysOff = ()
    hours: OwnHours | None = None
    kinds: dict[Kind, SoundRule] = Field(default_factory=dict)


class File(_Table):
    """A whole policy, with all defaults filled in."""

    secretariat: Secretariat
    hours: UsualHours
    feasts: Feasts
    defaults: SoundRule
    kinds: dict[Kind, SoundRule]
    digest: Digest
    broadcasts: Broadcasts
    blocked: SoundBlocked
    outage: Outage
    countries: dict[str, Country] = Field(default_factory=dict)


# ---- mistakes -----------------------------------------------------------------------------------------------------
def problems(data: Mapping[str, Any], kinds: frozenset[Kind]) -> File | list[Problem]:
    """The file, or all that is wrong with it. `kinds`: those that there are."""
    try:
        file = File.model_validate(data)
    except ValidationError as error:
        found = [_problem(one, data) for one in error.errors(include_url=False)]
        return [*_unknown(data, kinds), *found]
    return [*_unknown(data, kinds), *_further(file)] or file


def _problem(error: ErrorDetails, data: Mapping[str, Any]) -> Problem:
    context = dict(error.get("ctx", {}))
    path = tuple(one for one in error["loc"] if isinstance(one, str))
    if "at" in context:
        path = (*path, str(context.pop("at")))
    reason = _REASONS.get(error["type"], error["type"])
    if reason == "unknown_key" and len(path) == 1:
        return Problem(path, "unknown_table", {"found": path[0], "allowed": _allowed(())})
    values: dict[str, object] = {"place": ".".join(path)}
    if reason == "country":
        values |= {"found": error["input"], "allowed": tuple(one.code for one in knowledge.countries())}
    elif reason == "unknown_key":
        values |= {"found": path[-1], "place": ".".join(path[:-1]), "allowed": _allowed(path[:-1])}
    elif reason == "choice":
        values |= {"found": error["input"], "allowed": _CHOICES[path[-1]]}
    elif reason in ("least", "most", "many"):
        values["limit"] = next(context[key] for key in ("ge", "le", "max_length") if key in context)
    elif reason == "beyond_most":
        values["limit"] = context["most"]
    elif reason in ("number", "clock", "date", "text", "yes_no"):
        values["found"] = error["input"]
    return Problem(path, reason, values)


def _unknown(data: Mapping[str, Any], kinds: frozenset[Kind]) -> Iterator[Problem]:
    """Kinds and countries that there are none of."""
    codes = tuple(one.code for one in knowledge.countries())
    countries = data.get("countries")
    tables: list[tuple[Path, object]] = [((), data)]
    for code, table in countries.items() if isinstance(countries, dict) else ():
        if code in codes:
            tables.append((("countries", code), table))
        else:
            values = {"place": "countries", "found": code, "allowed": codes}
            yield Problem(("countries", code), "country", values)
    for path, table in tables:
        own = table.get("kinds") if isinstance(table, dict) else None
        for kind in own if isinstance(own, dict) else ():
            if kind not in kinds:
                values = {"place": ".".join((*path, "kinds")), "found": kind, "allowed": tuple(sorted(kinds))}
                yield Problem((*path, "kinds", kind), "kind", values)


def _further(file: File) -> Iterator[Problem]:
    """What is wrong between tables that are right by themselves."""
    yield from _hours(("hours",), file.hours)
    yield from _once((), file.kinds)
    for code, country in file.countries.items():
        path = ("countries", code)
        yield from _once(path, country.kinds)
        if country.hours is not None:
            yield from _hours((*path, "hours"), country.hours)
        both = sorted(set(country.closed) & set(country.worked))
        if both:
            yield Problem((*path, "worked"), "both", {"place": ".".join((*path, "worked")), "found": both[0]})


def _once(path: Path, rules: Mapping[Kind, Rule]) -> Iterator[Problem]:
    for kind in sorted(ONCE & rules.keys()):
        rule, where = rules[kind], (*path, "kinds", kind)
        for name, wanted in (("most", 1), ("coordinator_after", 0), ("coordinator_overdue", 0)):
            if getattr(rule, name) != wanted:
                yield Problem((*where, name), "once", {"place": ".".join((*where, name)), "limit": wanted})


def _hours(path: Path, hours: OwnHours | UsualHours) -> Iterator[Problem]:
    """Opening before closing, with some hours between, on every kind of day; and reminders before any closing."""
    days: list[tuple[Path, time, time]] = [((*path, "closes"), hours.opens, hours.closes)]
    if hours.friday is not None:
        days.append(((*path, "friday", "closes"), hours.opens, hours.friday.closes))
    if hours.ramadan is not None:
        days.append(((*path, "ramadan", "closes"), hours.ramadan.opens, hours.ramadan.closes))
    if hours.friday is not None and hours.ramadan is not None:
        days.append(((*path, "friday", "closes"), hours.ramadan.opens, hours.friday.closes))
    wrong = False
    for where, opens, closes in days:
        values = {"place": ".".join(where), "opens": f"{opens:%H:%M}", "closes": f"{closes:%H:%M}"}
        if _minutes(closes) - _minutes(opens) < SHORTEST * 60:
            wrong = True
            key = "hours_order" if closes <= opens else "hours_short"
            yield Problem(where, key, {**values, "limit": SHORTEST})
    earliest = min(closes for _, _, closes in days)
    if not wrong and not hours.opens <= hours.reminders < earliest:
        values = {"place": ".".join((*path, "reminders"))}
        values |= {"opens": f"{hours.opens:%H:%M}", "closes": f"{earliest:%H:%M}"}
        yield Problem((*path, "reminders"), "hours_reminders", values)


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


# ---- what is allowed ----------------------------------------------------------------------------------------------
def _allowed(path: Path) -> tuple[str, ...]:
    """The keys of a table."""
    match path:
        case ():
            found: Any = File
        case ("defaults",) | ("kinds", _) | ("countries", _, "kinds", _):
            found = Rule
        case ("countries", _):
            found = Country
        case ("countries", _, "hours"):
            found = OwnHours
        case ("countries", _, "hours", "friday"):
            found = Friday
        case ("countries", _, "hours", "ramadan"):
            found = Ramadan
        case ("hours",):
            found = UsualHours
        case ("hours", "friday"):
            found = FridayThere
        case ("hours", "ramadan"):
            found = RamadanThere
        case (name,):
            found = {
                "secretariat": Secretariat,
                "feasts": Feasts,
                "digest": Digest,
                "broadcasts": Broadcasts,
                "blocked": Blocked,
                "outage": Outage,
            }[name]
        case _:
            return ()
    if issubclass(found, BaseModel):
        return tuple(found.model_fields)
    return tuple(one.name for one in fields(found))
