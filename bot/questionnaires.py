"""The forms of a process: those that come with the program, and every version published since.

A version published by another process (`griot form publish`) is found at the next turn: each turn asks for the number
of the last one. The version that comes with the program is kept when it is first used; a later one counts only once
it is published, so that its impact is seen beforehand.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property

import structlog

from db.forms import PublishedForm
from db.transaction import Transaction
from flows.interview.form import Form, load

_KEPT = 16  # versions read
_read: OrderedDict[str, Form] = OrderedDict()  # by the hash of the document

log = structlog.get_logger("questionnaires")


class Questionnaires:
    """`packaged` are loaded when first needed."""

    def __init__(self, packaged: Callable[[], Sequence[Form]]) -> None:
        self._load = packaged
        self._seen = -1
        self._newest: dict[str, Form] = {}
        self._held: set[tuple[str, str]] = set()

    @cached_property
    def packaged(self) -> Mapping[str, Form]:
        """Those that come with the program, by id, in the order given."""
        forms = {form.id: form for form in self._load()}
        for form in forms.values():
            _remember(digest(form), form)
        return forms

    @property
    def newest(self) -> Mapping[str, Form]:
        """The version of each that counts now, as far as is known."""
        return {**self.packaged, **self._newest}

    async def refresh(self, tx: Transaction, now: datetime) -> None:
        """Find what was published since; keep what comes with the program where nothing is kept of it yet."""
        last = await tx.forms.last()
        if last != self._seen:
            await self._catch_up(tx)
            self._seen = last
        for form in self.packaged.values():
            if form.id not in self._newest and (form.id, form.version) not in self._held:
                await keep(tx, form, now)

    async def _catch_up(self, tx: Transaction) -> None:
        for form in self.packaged.values():
            versions = await tx.forms.versions(form.id)
            self._held.update((one.form_id, one.version) for one in versions)
            newest = await tx.forms.newest(form.id)
            if newest is None:
                continue
            self._newest[form.id] = read(newest)
            if form.version not in {one.version for one in versions}:
                log.warning("a newer questionnaire is not published", form=form.id, version=form.version)


async def keep(tx: Transaction, form: Form, now: datetime) -> int | None:
    """Keep a version that comes with the program."""
    return await tx.forms.publish(form.id, form.version, digest(form), form.logic.source.decode(), now)


async def version_of(tx: Transaction, forms: Mapping[str, Form], form_id: str, version: str) -> Form | None:
    """The form of that id in that version: the newest, or one kept; None where it is not kept."""
    newest = forms.get(form_id)
    if newest is not None and newest.version == version:
        return newest
    held = await tx.forms.get(form_id, version)
    return read(held) if held is not None else None


async def every_version(tx: Transaction, forms: Mapping[str, Form]) -> dict[tuple[str, str], Form]:
    """All versions of `forms` that are known, by id and version."""
    found = {(form.id, form.version): form for form in forms.values()}
    for form_id in forms:
        for one in await tx.forms.versions(form_id):
            if (one.form_id, one.version) not in found and (held := await tx.forms.get(form_id, one.version)):
                found[form_id, one.version] = read(held)
    return found


def read(published: PublishedForm) -> Form:
    """The form of a published version; the same object for the same document."""
    known = _read.get(published.sha256)
    if known is not None:
        _read.move_to_end(published.sha256)
        return known
    form = load(published.xform)
    _remember(published.sha256, form)
    return form


def digest(form: Form) -> str:
    """The SHA-256 of the document that the form was read from."""
    return hashlib.sha256(form.logic.source).hexdigest()


def _remember(sha256: str, form: Form) -> None:
    _read[sha256] = form
    if len(_read) > _KEPT:
        _read.popitem(last=False)
