"""Published versions of forms are appended, found again, and never changed."""

from __future__ import annotations

from datetime import datetime

from db.database import Store


async def test_a_version_is_kept_once_and_the_last_one_published_is_the_newest(store: Store, now: datetime) -> None:
    async with store.writing() as tx:
        assert await tx.forms.last() == 0
        assert await tx.forms.newest("guide") is None
        first = await tx.forms.publish("guide", "2", "a" * 64, "<x>’é</x>", now, note="Words")
        second = await tx.forms.publish("guide", "1", "b" * 64, "<y/>", now)
        other = await tx.forms.publish("other", "1", "c" * 64, "<z/>", now)
        assert await tx.forms.publish("guide", "2", "d" * 64, "<no/>", now) is None
    assert first is not None
    assert second is not None
    async with store.reading() as tx:
        newest = await tx.forms.newest("guide")
        kept = await tx.forms.get("guide", "2")
        assert await tx.forms.last() == other
        assert [one.version for one in await tx.forms.versions("guide")] == ["2", "1"]
        assert await tx.forms.get("guide", "3") is None
    assert newest is not None
    assert kept is not None
    assert (newest.id, newest.version) == (second, "1")
    assert (kept.xform, kept.sha256, kept.note, kept.published_at, kept.published_by) == (
        "<x>’é</x>",
        "a" * 64,
        "Words",
        now,
        None,
    )
