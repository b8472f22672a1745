"""Use cases: what publishing a newer version of a form would do, and publishing it.

Nothing is done to interviews here: each goes on under the new version at its next turn (see `bot.following`).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.gathering import Unreadable
from bot.questionnaires import digest, keep, read, version_of
from db.database import Store
from db.interviews import StoredInterview
from db.transaction import Transaction
from flows.interview.comparing import conflict
from flows.interview.form import Form, FormError, load
from flows.interview.impact import Impact, Open, impact
from flows.interview.state import Interview

Progress = Callable[[int, int], None]
"""Told how many of how many interviews are read."""
MOST_NOTE = 2000  # characters


@dataclass(frozen=True, slots=True)
class NotPublished:
    """`reason` is a sentence of the `form_versions` catalogue, `values` its placeholders."""

    reason: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Preview:
    """The new version, the one that counts now, and what would change."""

    form: Form
    before: Form
    impact: Impact


async def preview(
    store: Store,
    packaged: Mapping[str, Form],
    xform: str,
    now: datetime,
    progress: Progress = lambda done, total: None,
) -> Preview | NotPublished:
    """What publishing `xform` would do to the interviews under way, which it does not touch. `packaged`: the forms
    that come with the program, by id. Raises `Unreadable`."""
    form = _loaded(xform)
    if isinstance(form, NotPublished):
        return form
    async with store.reading() as tx:
        before = await _newest(tx, packaged, form.id)
        refusal = await _refusal(tx, before, form)
        if refusal is not None or before is None:
            return refusal or NotPublished("other_form", {"form": form.id})
        rows = await _under_way(tx, form)
        newest = {form.id: before}
        versions = {one.form_version: await version_of(tx, newest, form.id, one.form_version) for one in rows}
    found = await asyncio.to_thread(
        impact,
        form,
        before,
        _opened(rows),
        now=now,
        versions=versions.get,
        progress=lambda done: progress(done, len(rows)),
    )
    return Preview(form, before, found)


async def publish(
    store: Store,
    packaged: Mapping[str, Form],
    xform: str,
    now: datetime,
    *,
    note: str = "",
    published_by: int | None = None,
    channel: str = "command line",
    foreseen: Impact | None = None,
) -> Form | NotPublished:
    """Publish `xform`: from now on it is the version that counts. `foreseen` goes into the audit log."""
    form = _loaded(xform)
    if isinstance(form, NotPublished):
        return form
    if len(note) > MOST_NOTE:
        return NotPublished("note_too_long", {"most": MOST_NOTE})
    async with store.writing() as tx:
        before = await _newest(tx, packaged, form.id)
        refusal = await _refusal(tx, before, form)
        if refusal is not None or before is None:
            return refusal or NotPublished("other_form", {"form": form.id})
        if await tx.forms.newest(form.id) is None:
            await keep(tx, before, now)
        sha256 = digest(form)
        number = await tx.forms.publish(form.id, form.version, sha256, xform, now, note=note, published_by=published_by)
        if number is None:  # somebody else was quicker
            return NotPublished("same_version", {"version": form.version})
        details: dict[str, str | int | bool | None] = {"form": form.id, "version": form.version, "sha256": sha256}
        if foreseen is not None:
            details |= {
                "interviews": foreseen.interviews,
                "countries": foreseen.countries,
                "asked again": foreseen.again,
                "kept aside": foreseen.aside,
            }
        await tx.audit.record(
            now, "published form", "forms", number, actor_id=published_by, channel=channel, details=details
        )
    return form


def _loaded(xform: str) -> Form | NotPublished:
    try:
        return load(xform)
    except FormError as error:
        return NotPublished("unusable", {"why": str(error)})


async def _newest(tx: Transaction, packaged: Mapping[str, Form], form_id: str) -> Form | None:
    published = await tx.forms.newest(form_id)
    return read(published) if published is not None else packaged.get(form_id)


async def _refusal(tx: Transaction, before: Form | None, form: Form) -> NotPublished | None:
    """Why this version cannot follow those there are."""
    if before is None:
        return NotPublished("other_form", {"form": form.id})
    known = await tx.forms.get(form.id, form.version)
    if (known is not None and known.sha256 == digest(form)) or digest(before) == digest(form):
        return NotPublished("published", {"version": form.version})
    if known is not None:
        return NotPublished("same_version", {"version": form.version})
    why = conflict(before, form)
    return NotPublished(why, {"version": form.version, "form": form.id}) if why else None


async def _under_way(tx: Transaction, form: Form) -> list[StoredInterview]:
    """The interviews that would go on under the new version, country by country."""
    standings = await tx.interviews.overview(form.id)
    countries = sorted({one.country for one in standings if one.status in ("active", "paused")})
    rows = [one for country in countries for one in await tx.interviews.of_country(country)]
    return [
        one for one in rows if one.form_id == form.id and one.status in ("active", "paused") and one.locked_at is None
    ]


def _opened(rows: Sequence[StoredInterview]) -> Iterator[Open]:
    for one in rows:
        try:
            interview = Interview.from_json(json.loads(one.state))
        except (ValueError, KeyError, TypeError, IndexError, AttributeError):
            raise Unreadable(one.id) from None
        yield Open(one.id, one.country, interview)
