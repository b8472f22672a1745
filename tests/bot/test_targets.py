"""Publication targets: a folder whole or not at all, the same again where it is there, and only where it is allowed."""

from __future__ import annotations

import asyncio
import fcntl
import io
import os
import signal
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from bot.attachments import Vault
from bot.delivering import deliver
from bot.documents.package import CHECKSUMS
from bot.targets import FolderTarget, NoPackage, UnknownTarget, target_of, unpacked
from flows.country.delivery import channel_of, deliverable
from flows.country.steps.base import FileRef, Refusal, When
from flows.country.steps.course import Course
from flows.country.steps.publication import Published
from tests.bot.packages import packed
from tests.flows.country.endorsing import AT

FILES = {"index.html": b"<p>a</p>", "within/data.json": b"{}"}
KILLED = f"""
import os, signal, sys
from pathlib import Path
from bot.targets import FolderTarget

def die(path, to, renamed=Path.rename):
    if path.name == "new":
        os.kill(os.getpid(), signal.SIGKILL)
    return renamed(path, to)

Path.rename = die
FolderTarget(Path(sys.argv[1])).put("a", {FILES!r})
"""
"""A delivery that is killed between its two renames."""


def everything(folder: Path) -> dict[str, bytes]:
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def zipped(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return made.getvalue()


def test_a_folder_is_put_as_it_is_and_put_again_changes_nothing(tmp_path: Path) -> None:
    target = FolderTarget(tmp_path / "site" / "guides")
    assert target.put("guide-BFA-v3", FILES) == "new"
    place = tmp_path / "site" / "guides" / "guide-BFA-v3"
    before = {path: path.stat().st_mtime_ns for path in place.rglob("*")}
    assert target.put("guide-BFA-v3", FILES) == "same"
    assert {path: path.stat().st_mtime_ns for path in place.rglob("*")} == before
    assert everything(place) == FILES


@pytest.mark.parametrize("spoiled", ["changed", "missing", "more"])
def test_what_is_not_as_it_should_be_is_replaced(tmp_path: Path, spoiled: str) -> None:
    target, place = FolderTarget(tmp_path), tmp_path / "a"
    target.put("a", FILES)
    if spoiled == "changed":
        (place / "index.html").write_bytes(b"half")
    elif spoiled == "missing":
        (place / "within" / "data.json").unlink()
    else:
        (place / "more.txt").write_bytes(b"")
    assert target.put("a", FILES) == "mended"
    assert everything(place) == FILES
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_where_writing_fails_nothing_is_half_there_and_what_was_there_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = FolderTarget(tmp_path)
    target.put("a", FILES)
    calls = []

    def full(handle: int) -> None:
        calls.append(handle)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("bot.targets.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        target.put("a", {"index.html": b"new", "within/data.json": b"{}"})
    assert everything(tmp_path) == {f"a/{name}": content for name, content in FILES.items()}
    calls.clear()
    with pytest.raises(OSError, match="No space left"):
        target.put("b", {"index.html": b"new", "other.html": b"new"})
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize(
    ("name", "files"),
    [("..", FILES), ("a/..", FILES), ("a", {"../b": b""}), ("a", {"/etc/b": b""}), ("a", {"b\\c": b""}), ("a", {})],
)
def test_nothing_is_written_beside_its_place(tmp_path: Path, name: str, files: dict[str, bytes]) -> None:
    with pytest.raises(NoPackage):
        FolderTarget(tmp_path / "root").put(name, files)
    assert list(tmp_path.iterdir()) == []


def test_a_file_or_a_link_in_the_way_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"mine")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "b").symlink_to(tmp_path / "elsewhere")
    for name in ("a", "b"):
        with pytest.raises(NotADirectoryError):
            FolderTarget(tmp_path).put(name, FILES)
    assert (tmp_path / "a").read_bytes() == b"mine"


def test_a_folder_full_of_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a" / "within").mkdir(parents=True)
    (tmp_path / "a" / "within" / "letters.txt").write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        FolderTarget(tmp_path).put("a", FILES)
    assert everything(tmp_path) == {"a/within/letters.txt": b"mine"}


def test_a_page_of_somebody_elses_is_left_alone_whatever_it_is_called(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "index.html").write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        FolderTarget(tmp_path).put("a", FILES)
    assert everything(tmp_path) == {"a/index.html": b"mine"}
    (tmp_path / "a" / CHECKSUMS).write_bytes(b"older")
    assert FolderTarget(tmp_path).put("a", {**FILES, CHECKSUMS: b"newer"}) == "mended"


@pytest.mark.parametrize("before", [None, {**FILES, "index.html": b"before"}])
def test_a_delivery_that_was_killed_leaves_nothing_behind_for_long(
    tmp_path: Path, before: dict[str, bytes] | None
) -> None:
    target = FolderTarget(tmp_path)
    if before is not None:
        target.put("a", before)
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)  # noqa: S603
    assert done.returncode == -signal.SIGKILL
    (left,) = tmp_path.iterdir()  # the folder itself is missing: it was killed between two renames
    assert left.name.startswith(".griot-")
    target.put("other", FILES)
    assert {one.name for one in tmp_path.iterdir()} == ({"a", "other"} if before else {"other"})
    if before is not None:
        assert everything(tmp_path / "a") == before
    assert target.put("a", FILES) == ("mended" if before else "new")
    assert everything(tmp_path / "a") == FILES


def test_what_another_delivery_is_writing_is_left_alone_until_it_is_done(tmp_path: Path) -> None:
    busy = tmp_path / ".griot-busy"
    busy.mkdir()
    handle = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(FolderTarget(tmp_path).put, "a", FILES)
        with pytest.raises(TimeoutError):
            done.result(0.1)
        assert [one.name for one in tmp_path.iterdir()] == [busy.name]
        os.close(handle)
        assert done.result(10) == "new"
    assert [one.name for one in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize(
    "archive", [b"no archive", zipped("a/../b"), zipped("/a/b"), zipped("a/b", "c/d"), zipped("a"), zipped()]
)
def test_an_archive_that_is_no_package_is_refused(archive: bytes) -> None:
    with pytest.raises(NoPackage):
        unpacked(archive)


def test_targets_are_known_by_their_address(tmp_path: Path) -> None:
    for address in (str(tmp_path), f"folder:{tmp_path}"):
        made = target_of(address)
        assert isinstance(made, FolderTarget)
        assert made.root == tmp_path
    for address in ("sftp:host/guides", "folder:"):
        with pytest.raises(UnknownTarget):
            target_of(address)
    assert (channel_of(" IMAP "), channel_of("web")) == ("imap", None)


def published(vault: Vault, *channels: str) -> Course:
    archive = packed()
    ref = FileRef("guide-BFA-v3.zip", vault.keep(archive), len(archive), "application/zip")
    course = Course("BFA")
    fact = Published(3, ref, tuple(channels), 1, "0" * 64)
    fact.apply(course, When(2, AT + timedelta(days=31), None, "secretariat"))
    return course


def test_only_what_the_endorsement_names_is_delivered(tmp_path: Path) -> None:
    class Services:
        vault = Vault(tmp_path / "vault")

    services: Any = Services()
    course = published(services.vault, "national", "imap")

    def ask(channel: Any) -> object:
        return asyncio.run(deliver(services, course, channel, FolderTarget(tmp_path / channel)))

    assert (ask("imap"), ask("imap"), ask("national")) == ("new", "same", "new")
    refused = ask("dialogue")
    assert isinstance(refused, Refusal)
    assert refused.reason == "imap.not_allowed"
    assert not (tmp_path / "dialogue").exists()
    (put,) = (tmp_path / "imap").iterdir()
    assert (put / CHECKSUMS).exists()
    assert everything(put) == unpacked(packed())[1]


def test_a_guide_that_is_not_published_is_not_delivered() -> None:
    refused = deliverable(Course("BFA"), "national")
    assert isinstance(refused, Refusal)
    assert refused.reason == "imap.not_published"


def test_a_package_that_is_not_the_published_one_to_the_byte_is_not_delivered(tmp_path: Path) -> None:
    services: Any = SimpleNamespace(vault=Vault(tmp_path / "kept"))
    course = published(services.vault, "imap")
    last = course.publications.last
    assert last is not None
    kept = services.vault.path(last.package.sha256)
    kept.chmod(0o600)
    kept.write_bytes(zipped("guide-BFA-v3/guide.pdf"))
    with pytest.raises(NoPackage):
        asyncio.run(deliver(services, course, "imap", FolderTarget(tmp_path / "site")))
    assert not (tmp_path / "site").exists()


def test_an_archive_spoiled_anywhere_is_no_package_and_nothing_else() -> None:
    whole = packed()
    draw = Random(1)
    for _ in range(200):
        content = bytearray(whole)
        content[draw.randrange(len(content))] = draw.randrange(256)
        content[-draw.randrange(1, 400)] = draw.randrange(256)
        with suppress(NoPackage):
            assert unpacked(bytes(content))


def test_deliveries_at_the_same_time_end_with_the_folder_whole_and_none_fails(tmp_path: Path) -> None:
    for number in range(10):
        root = tmp_path / str(number)
        if number % 2:
            FolderTarget(root).put("a", {**FILES, "index.html": b"before"})
        with ThreadPoolExecutor(4) as pool:
            done = list(pool.map(lambda target: target.put("a", FILES), [FolderTarget(root)] * 4))
        assert len(done) == 4
        assert everything(root / "a") == FILES
        assert [one.name for one in root.iterdir()] == ["a"]
