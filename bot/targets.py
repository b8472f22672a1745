"""Where published guides go: a target takes a folder of files, whole or not at all.

A folder on this machine is one kind of target; another kind is a class with the same `put`, named in `KINDS`.
"""

from __future__ import annotations

import errno
import fcntl
import io
import os
import shutil
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Literal, Protocol

Outcome = Literal["new", "same", "mended"]
"""`same`: all was there already; `mended`: what was there under that name was something else."""
_BESIDE = ".griot-"  # what folders are called while they are written
_BEFORE = "before"  # in them, what is put aside
MOST_BYTES = 512 * 1024 * 1024
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
    OSError,
)


class NoPackage(ValueError):
    """An archive that holds anything but files under one folder."""


class UnknownTarget(ValueError):
    """An address of a kind that no target has."""


class Target(Protocol):
    """A place that takes folders."""

    def put(self, name: str, files: Mapping[str, bytes]) -> Outcome:
        """Have the folder `name` hold exactly these files (name → content; `/` for folders within). Raises `OSError`,
        also where the folder is of somebody else, and then what was there before is there still."""
        ...


class FolderTarget:
    """A folder of this machine, such as one that a web server shows.

    A new folder is written beside and then renamed, so that nobody ever sees half of it. One of that name with other
    content is put aside first: for the moment between two renames it is missing, never half there. What a delivery that
    was killed left behind, the next one clears away, and puts back what was put aside.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, name: str, files: Mapping[str, bytes]) -> Outcome:
        """See `Target`."""
        if not _is_plain(name) or not all(map(_is_plain, files)) or not files:
            raise NoPackage(name)
        self.root.mkdir(parents=True, exist_ok=True)
        with _held(self.root):
            _tidy(self.root)
            return self._put(self.root / name, files)

    def _put(self, place: Path, files: Mapping[str, bytes]) -> Outcome:
        if place.is_symlink() or (place.exists() and not place.is_dir()):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(place))
        if _holds(place, files):
            return "same"
        if _is_foreign(place, files):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(place))
        beside = Path(mkdtemp(prefix=_BESIDE, dir=self.root))
        try:
            made, before = beside / "new", beside / _BEFORE / place.name
            before.parent.mkdir()
            _write(made, files)
            mended = place.exists()
            if mended:
                place.rename(before)
            try:
                made.rename(place)
            except OSError:
                if mended and not place.exists():
                    before.rename(place)
                raise
        finally:
            shutil.rmtree(beside, ignore_errors=True)
        return "mended" if mended else "new"


KINDS: Mapping[str, Callable[[str], Target]] = {"folder": lambda address: FolderTarget(Path(address))}
"""Kind of target → what makes one of an address."""


def target_of(address: str) -> Target:
    """The target of an address, `folder:/srv/www/guides`; one without a kind is a folder. Raises `UnknownTarget`."""
    kind, colon, rest = address.partition(":")
    if not colon or len(kind) < 2 or not kind.isalpha():
        return KINDS["folder"](address)
    if kind not in KINDS or not rest:
        raise UnknownTarget(kind)
    return KINDS[kind](rest)


def unpacked(archive: bytes) -> tuple[str, dict[str, bytes]]:
    """The name of a package's folder, and its files. Raises `NoPackage`."""
    found: dict[str, bytes] = {}
    folders: set[str] = set()
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            if sum(one.file_size for one in opened.infolist()) > MOST_BYTES:
                raise NoPackage("too large")
            for one in opened.infolist():
                folder, _, name = one.filename.partition("/")
                if not _is_plain(one.filename) or not name:
                    raise NoPackage(one.filename)
                folders.add(folder)
                found[name] = opened.read(one)
    except NoPackage:
        raise
    except _DAMAGE as problem:
        raise NoPackage(type(problem).__name__) from None
    if len(folders) != 1:
        raise NoPackage("more than one folder")
    return folders.pop(), found


def _is_plain(name: str) -> bool:
    """Whether a name stays where it is put."""
    parts = name.split("/")
    return all(part and not part.startswith(".") and "\\" not in part and "\0" not in part for part in parts)


@contextmanager
def _held(root: Path) -> Iterator[None]:
    """A target for one delivery at a time; the system lets go of it when the process ends, however it does."""
    handle = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _tidy(root: Path) -> None:
    """Clear away what killed deliveries left behind; what they had put aside is put back where it is missing."""
    for left in root.glob(f"{_BESIDE}*"):
        if left.is_symlink() or not left.is_dir():
            continue
        for before in (left / _BEFORE).glob("*"):
            if not (root / before.name).exists():
                before.rename(root / before.name)
        shutil.rmtree(left, ignore_errors=True)


def _is_foreign(place: Path, files: Mapping[str, bytes]) -> bool:
    """Whether a folder holds files, and none of ours: somebody else's, to be left alone, also where a page of theirs is
    called as one of ours is. Ours are known by their checksums, or by a file that is the same."""
    from bot.documents.package import CHECKSUMS

    there = {one.relative_to(place).as_posix(): one for one in place.rglob("*") if not one.is_dir()}
    same = (name == CHECKSUMS or there[name].read_bytes() == files[name] for name in set(there) & set(files))
    return bool(there) and not any(same)


def _holds(place: Path, files: Mapping[str, bytes]) -> bool:
    """Whether a folder holds exactly these files."""
    if not place.is_dir():
        return False
    there = {one.relative_to(place).as_posix(): one for one in place.rglob("*") if not one.is_dir()}
    if set(there) != set(files):
        return False
    return all(not one.is_symlink() and one.read_bytes() == files[name] for name, one in there.items())


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """All files, on the disk when this returns."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
