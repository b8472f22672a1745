"""Every version of a form that was ever published; appended, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from db.schema import forms
from db.statements import Statement
from db.work import Work

_COLUMNS = tuple(forms.c)
_NEW = tuple(column for column in _COLUMNS if column.name != "id")
_BRIEF = tuple(column for column in _COLUMNS if column.name != "xform")

_PUBLISH = Statement(
    lambda insert: (
        insert(forms)
        .values({column.name: bindparam(column.name) for column in _NEW})
        .on_conflict_do_nothing()
        .returning(forms.c.id)
    )
)
_GET = Statement(
    lambda _: select(*_COLUMNS).where(
        forms.c.form_id == bindparam("form_id_"), forms.c.version == bindparam("version_")
    )
)
_NEWEST = Statement(
    lambda _: select(*_COLUMNS).where(forms.c.form_id == bindparam("form_id_")).order_by(forms.c.id.desc()).limit(1)
)
_VERSIONS = Statement(lambda _: select(*_BRIEF).where(forms.c.form_id == bindparam("form_id_")).order_by(forms.c.id))
_LAST = Statement(lambda _: select(func.max(forms.c.id)))


@dataclass(frozen=True, slots=True)
class Published:
    """A version of a form. `published_by` is a person's number (None: the command line, or the program itself)."""

    id: int
    form_id: str
    version: str
    sha256: str
    note: str
    published_at: datetime
    published_by: int | None


@dataclass(frozen=True, slots=True)
class PublishedForm(Published):
    """The same with the form itself, as XML."""

    xform: str


class Forms:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def publish(
        self,
        form_id: str,
        version: str,
        sha256: str,
        xform: str,
        at: datetime,
        *,
        note: str = "",
        published_by: int | None = None,
    ) -> int | None:
        """Append a version: its number, which is the highest now. None where that version of the form is there."""
        row = await self._work.row(
            _PUBLISH,
            form_id=form_id,
            version=version,
            sha256=sha256,
            xform=xform,
            note=note,
            published_at=at,
            published_by=published_by,
        )
        return row[0] if row else None

    async def get(self, form_id: str, version: str) -> PublishedForm | None:
        """One version of a form."""
        row = await self._work.row(_GET, form_id_=form_id, version_=version)
        return _published(row) if row else None

    async def newest(self, form_id: str) -> PublishedForm | None:
        """The version published last."""
        row = await self._work.row(_NEWEST, form_id_=form_id)
        return _published(row) if row else None

    async def versions(self, form_id: str) -> list[Published]:
        """All versions of a form without their content, oldest first."""
        return [Published(*row) for row in await self._work.rows(_VERSIONS, form_id_=form_id)]

    async def last(self) -> int:
        """The number of the version published last, of whatever form; 0: none was. Cheap enough for every turn."""
        row = await self._work.row(_LAST)
        return (row[0] if row else None) or 0


def _published(row: tuple[object, ...]) -> PublishedForm:
    return PublishedForm(**{column.name: value for column, value in zip(_COLUMNS, row, strict=True)})  # type: ignore[arg-type]
