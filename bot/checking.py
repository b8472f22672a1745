"""What somebody holds (files, a package as a folder or as a zip) checked against a receipt: no store, no settings."""

from __future__ import annotations

import hashlib
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, Any

from bot.documents.cleaning import clean
from bot.documents.wording import Wording
from bot.signing import verify
from flows.country import metadata, receipt
from flows.country.ledger import Entry
from flows.country.receipt import Receipt
from flows.country.strict import Unreadable
from flows.country.verdict import Finding, check
from flows.i18n import text

RECEIPT, METADATA, CHECKSUMS = "receipt.json", "metadata.json", "SHA256SUMS"
MOST_FILES = 500
MOST_BYTES = 1024**3
_CHUNK = 1024 * 1024
_DAMAGE = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, IndexError, OverflowError)
_LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})  # what file managers leave behind
_CHECKSUM = re.compile(r"([0-9a-f]{64}) [ *]([^\r\n]+)")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to say: a sentence of the catalogue `receipt`, and whether it speaks for the files."""

    key: str
    good: bool
    values: Mapping[str, Any] = field(default_factory=dict)

    def said(self, language: str) -> str:
        """The sentence, on one line and without anything that a terminal would obey."""
        values: dict[str, Any] = {
            name: clean(value) if isinstance(value, str) else value for name, value in self.values.items()
        }
        if why := values.get("why"):
            values["why"] = text(f"receipt.why_{why}", language, None, **values)
        number = values.pop("n", None)
        return " ".join(text(f"receipt.{self.key}", language, number, **values).split("\n"))


class NotRead(Exception):
    """Nothing can be checked; `line` says why."""

    def __init__(self, line: Line) -> None:
        super().__init__(line.key)
        self.line = line


@dataclass(frozen=True, slots=True)
class Package:
    """A package as it lies before us: all files' SHA-256, and the three that are read."""

    sums: Mapping[str, str]
    receipt: bytes
    metadata: bytes
    checksums: bytes


def read_receipt(name: str, data: bytes) -> Receipt:
    """The receipt in a file. Raises `NotRead`."""
    read = receipt.parse(data)
    if isinstance(read, Unreadable):
        raise NotRead(unreadable("no_receipt", name, read))
    return read


def check_files(
    known: Receipt, sums: Mapping[str, str], key: str, ledger: Sequence[Entry] | None, language: str
) -> list[Line]:
    """One line a file and for all else that speaks for or against; the last is the verdict."""
    verdict = check(known, sums, verify=verify, key=key, ledger=ledger)
    found = [_line(known, finding, language) for finding in verdict.findings]
    if known.key is not None and not key and verdict.good:
        found.append(Line("compare_key", True))
    return [*found, *_last(known, found, len(sums), language)]


def check_package(
    package: Package, sums: Mapping[str, str], key: str, ledger: Sequence[Entry] | None, language: str
) -> list[Line]:
    """The same for a package, and for files beside it: its checksums, its guide against its receipt, its metadata.

    Raises `NotRead`.
    """
    known = read_receipt(RECEIPT, package.receipt)
    listed = _listed(package.checksums)
    covered = {file.name for file in known.endorsement.edition.files}
    guides = {name: sha256 for name, sha256 in package.sums.items() if name in covered}
    verdict = check(known, {**guides, **sums}, verify=verify, key=key, ledger=ledger)
    found = [_line(known, finding, language) for finding in verdict.findings]
    found += [Line("part_unendorsed", False, {"name": name}) for name in sorted(covered - set(guides))]
    found += _parts(package, listed, covered)
    differing = metadata.contradictions(package.metadata, known)
    if isinstance(differing, Unreadable):
        found.append(Line("metadata_differs", False, {"name": METADATA, "field": differing.field or differing.reason}))
    elif differing:
        found.append(Line("metadata_differs", False, {"name": METADATA, "field": ", ".join(differing)}))
    if known.key is not None and not key and verdict.good:
        found.append(Line("compare_key", True))
    return [*found, *_last(known, found, len(guides) + len(sums), language)]


def open_package(path: Path) -> Package:
    """The package at `path`, a folder or a zip archive. Raises `NotRead`, `OSError`."""
    sums: dict[str, str] = {}
    kept: dict[str, bytes] = {}
    try:
        for name, size, opened in _members(path):
            digest = hashlib.sha256()
            content = bytearray()
            keep = name in (RECEIPT, METADATA, CHECKSUMS)
            if keep and size > metadata.MOST_BYTES:
                raise _no_package(path, "too_large")
            with opened() as stream:
                while chunk := stream.read(_CHUNK):
                    digest.update(chunk)
                    if keep:
                        content += chunk
            sums[name] = digest.hexdigest()
            if keep:
                kept[name] = bytes(content)
    except (*_DAMAGE, zlib.error, struct.error):
        raise _no_package(path, "damaged") from None
    if RECEIPT not in kept:
        raise _no_package(path, "no_receipt")
    return Package(sums, kept[RECEIPT], kept.get(METADATA, b""), kept.get(CHECKSUMS, b""))


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file. Raises `OSError`."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def unreadable(key: str, name: str, problem: Unreadable) -> Line:
    """What is said of a file that cannot be read."""
    return Line(key, False, {"name": name, "line": problem.line, "why": problem.reason, "field": problem.field})


# ---- packages -----------------------------------------------------------------------------------------------------
_Member = tuple[str, int, Callable[[], IO[bytes]]]


def _members(path: Path) -> Iterator[_Member]:
    """Every file in it by its name within the package, its size, and how it is opened."""
    if path.is_dir():
        found = list(_in_folder(path))
        yield from _safe(path, found)
        return
    with zipfile.ZipFile(path) as archive:
        yield from _safe(path, [_in_archive(archive, each) for each in archive.infolist() if not each.is_dir()])


def _in_folder(path: Path) -> Iterator[_Member]:
    if not (path / RECEIPT).is_file():
        raise _no_package(path, "no_receipt")
    for count, each in enumerate(each for each in path.rglob("*") if each.name not in _LITTER):
        if count > MOST_FILES:
            raise _no_package(path, "too_many")
        if each.is_symlink():
            raise _no_package(path, "unsafe_name")
        if each.is_file():
            yield each.relative_to(path).as_posix(), each.stat().st_size, partial(_opened, each)


def _opened(path: Path) -> IO[bytes]:
    return path.open("rb")


def _in_archive(archive: zipfile.ZipFile, each: zipfile.ZipInfo) -> _Member:
    if each.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile("packed in a way that no package is")
    name = each.orig_filename
    if stat.S_ISLNK(each.external_attr >> 16) or "\0" in name or "\\" in name or ":" in name:
        name = ".."
    return name, each.file_size, partial(archive.open, each)


def _safe(path: Path, members: list[_Member]) -> Iterator[_Member]:
    """The members, without the one folder that holds them all. Raises `NotRead` for what no package has."""
    if len(members) > MOST_FILES:
        raise _no_package(path, "too_many")
    if sum(size for _, size, _ in members) > MOST_BYTES:
        raise _no_package(path, "too_large")
    names = [name for name, _, _ in members]
    if len(set(names)) < len(names) or any(not name or {"", ".", ".."} & set(name.split("/")) for name in names):
        raise _no_package(path, "unsafe_name")
    folders = {name.partition("/")[0] for name in names}
    inside = len(folders) == 1 and all("/" in name for name in names)
    for name, size, opened in members:
        yield (name.partition("/")[2] if inside else name), size, opened


def _listed(checksums: bytes) -> dict[str, str]:
    """name → SHA-256 as a file for `sha256sum -c` says. Raises `NotRead`."""
    try:
        lines = [_CHECKSUM.fullmatch(line) for line in checksums.decode("utf-8").splitlines() if line]
    except UnicodeDecodeError:
        lines = []
    found = {match[2]: match[1] for match in lines if match}
    if not found or len(found) < len(lines):
        raise NotRead(Line("no_package", False, {"name": CHECKSUMS, "why": "no_checksums"}))
    return found


def _parts(package: Package, listed: Mapping[str, str], covered: set[str]) -> Iterator[Line]:
    for name, sha256 in sorted(package.sums.items()):
        if name == CHECKSUMS:
            continue
        if name not in listed:
            yield Line("part_unlisted", False, {"name": name})
        elif listed[name] != sha256:
            yield Line("part_changed", False, {"name": name})
        elif name not in covered:
            yield Line("part_matches", True, {"name": name})
    for name in sorted(set(listed) - set(package.sums)):
        yield Line("part_missing", False, {"name": name})


def _no_package(path: Path, why: str) -> NotRead:
    return NotRead(Line("no_package", False, {"name": str(path), "why": why}))


# ---- sentences ----------------------------------------------------------------------------------------------------
def _line(known: Receipt, finding: Finding, language: str) -> Line:
    values: dict[str, object] = {
        "name": finding.name,
        "field": finding.field,
        "number": finding.number,
        "version": finding.version,
    }
    key: str = finding.kind
    if finding.file is not None:
        values["file"] = finding.file.name
        if key == "matches" and finding.file.name != Path(finding.name).name:
            key = "matches_as"
    if known.key is not None:
        values["fingerprint"] = known.key.fingerprint
    if finding.at is not None:
        values["date"] = Wording(language, {}).date(finding.at)
    if key == "voided" and finding.changed:
        key, values["changed"] = "voided_changed", ", ".join(finding.changed)
    return Line(key, finding.good, values)


def _last(known: Receipt, found: list[Line], files: int, language: str) -> list[Line]:
    if not all(line.good for line in found):
        return [Line("bad", False)]
    from flows.knowledge import UnknownCountry, country

    try:
        name = country(known.country).name(language)
    except UnknownCountry:
        name = known.country
    at, local = known.entry.at, known.endorsement.local
    words = Wording(language, {})
    shown = f"{local:%H:%M}" if local.date() == at.date() else f"{words.date(local)}, {local:%H:%M}"
    values = {
        "country": name,
        "version": known.version,
        "date": words.date(at),
        "time": f"{at:%H:%M}",
        "local": shown,
        "zone": known.endorsement.zone,
        "number": known.entry.number,
        "n": files,
    }
    return [Line("good", True, values)]
