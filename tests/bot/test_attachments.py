"""Files given as answers are fetched later, kept whole or not at all, and refused when they could do harm."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.attachments import Fetcher, Vault
from bot.messages import NotReached, Prompt, Undeliverable
from db.attachments import StoredAttachment
from db.database import Store
from db.transaction import Transaction
from flows.interview.replies import Refusal

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def test_a_content_is_kept_once_under_its_hash(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "attachments")
    sha256 = vault.keep(b"content")
    assert vault.keep(b"content") == sha256
    assert vault.path(sha256).read_bytes() == b"content"
    assert [path.name for path in vault.folder.rglob("*") if path.is_file()] == [sha256]


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63])
def test_a_name_that_is_no_hash_opens_nothing(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        Vault(tmp_path).path(name)


class Files:
    name = "telegram"

    def __init__(self, contents: dict[str, list[bytes | Exception]]) -> None:
        self.contents = contents

    async def send(self, address: str, prompt: Prompt, edits: str = "") -> str:
        raise Undeliverable

    async def acknowledge(self, press_id: str, text: str = "") -> None: ...

    async def fetch(self, reference: str) -> bytes:
        found = self.contents[reference].pop(0)
        if isinstance(found, Exception):
            raise found
        return found


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(f"sqlite:///{tmp_path}/griot.db")
    await opened.migrate()
    async with opened.writing() as tx:
        person = await tx.people.add("BFA", "official", None, "fr", START)
        await tx.interviews.start(person.id, None, "BFA", "guide", "1", "fr", "{}", START)
    yield opened
    await opened.close()


async def test_each_file_ends_stored_or_refused_and_a_fault_is_tried_again(store: Store, tmp_path: Path) -> None:
    contents: dict[str, list[bytes | Exception]] = {
        "good.pdf": [b"%PDF-1.7"],
        "late.pdf": [NotReached("network"), b"%PDF-1.7 late"],
        "lost.pdf": [Undeliverable("expired")],
        "bad.docx": [b"MZ"],
    }
    told: list[tuple[str, str]] = []

    async def tell(tx: Transaction, attachment: StoredAttachment, why: Refusal) -> None:
        told.append((attachment.name, why.reason))

    now = START
    vault = Vault(tmp_path / "attachments")
    fetcher = Fetcher(store, {"telegram": Files(contents)}, vault, tell, clock=lambda: now, side_by_side=2)
    async with store.writing() as tx:
        for name in contents:
            await tx.attachments.add(1, f"/data/{name}", name, "application/pdf", None, "telegram", name, now)

    async def states() -> dict[str, str]:
        async with store.reading() as tx:
            return {one.name: one.state for one in await tx.attachments.of_interview(1)}

    assert await fetcher.fetch_waiting() == 1
    assert await states() == {"good.pdf": "stored", "late.pdf": "waiting", "lost.pdf": "refused", "bad.docx": "refused"}
    assert await fetcher.fetch_waiting() == 1
    now = START + timedelta(minutes=1)
    assert await fetcher.fetch_waiting() == 0
    assert sorted(told) == [("bad.docx", "file_mismatch"), ("lost.pdf", "file_unavailable")]
    async with store.reading() as tx:
        late = next(one for one in await tx.attachments.of_interview(1) if one.name == "late.pdf")
    assert late.state == "stored"
    assert late.sha256 is not None
    assert vault.path(late.sha256).read_bytes() == b"%PDF-1.7 late"
    assert late.size == 13


def test_contents_are_for_the_bots_own_account_alone(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "attachments")
    kept = vault.path(vault.keep(b"a letter"))
    assert kept.stat().st_mode & 0o777 == 0o600
    assert {folder.stat().st_mode & 0o777 for folder in (vault.folder, kept.parent)} == {0o700}
