"""A Word document from outside is opened with care, or refused with the reason."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Literal

from flows.i18n import text

if TYPE_CHECKING:
    from docx.document import Document

MOST_BYTES = 20_000_000
"""What a messenger's bot may fetch."""
_MOST_UNPACKED = 200_000_000
_MOST_XML = 25_000_000  # of all parts that are XML together; the largest guides have 3
_MOST_TAGS = 2_000_000  # each takes a hundred bytes and more once it is read
_MOST_PARTS = 3_000
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # how .doc files begin, and .docx files with a password
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BITS_ENCRYPTED = 0x1
_DAMAGE = (KeyError, ValueError, TypeError, AttributeError)  # what libraries raise where a package holds together badly
_NO_ARCHIVE = (
    *(zipfile.BadZipFile, zlib.error, struct.error),
    *(NotImplementedError, RuntimeError, EOFError, OSError, ValueError),
)  # what `zipfile` raises where an archive holds together badly
_UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")

Reason = Literal[
    "too_large", "not_word", "old_word", "protected", "macros", "too_much", "damaged", "unmarked", "other_country",
    "other_language", "other_version", "no_sections", "no_paper", "no_fields",
    "other_form", "other_person", "paper_elsewhere",
]  # fmt: skip


class Unreadable(Exception):
    """Why a document is not read, and what its text needs to say so."""

    def __init__(self, reason: Reason, **values: str) -> None:
        super().__init__(reason, values)
        self.reason: Reason = reason
        self.values = values

    def told(self, language: str) -> str:
        """The reason in words, and what to do."""
        return text(f"reading.{self.reason}", language, None, **self.values)


def opened(content: bytes) -> Document:
    """The document in `content`. Nothing in it is run, followed or fetched. Raises `Unreadable`."""
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import XMLSyntaxError

    _check(content)
    try:
        return Document(BytesIO(content))
    except (*_DAMAGE, PackageNotFoundError, zipfile.BadZipFile, XMLSyntaxError) as error:
        raise Unreadable("damaged") from error


@contextmanager
def careful() -> Iterator[None]:
    """Parts of a document are read when they are needed: one that is broken shows only then, as `Unreadable`."""
    from lxml.etree import LxmlError

    try:
        yield
    except RecursionError as error:
        raise Unreadable("too_much") from error
    except (*_DAMAGE, LxmlError) as error:
        raise Unreadable("damaged") from error


def _check(content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise Unreadable("too_large", most=str(MOST_BYTES // 1_000_000))
    if content.startswith(_OLD_OFFICE):
        raise Unreadable("protected" if _ENCRYPTED in content else "old_word")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_parts(archive)
    except _NO_ARCHIVE as error:
        raise Unreadable("damaged" if content.startswith(b"PK") else "not_word") from error


def _check_parts(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if any(part.flag_bits & _BITS_ENCRYPTED for part in parts):
        raise Unreadable("protected")
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
        raise Unreadable("too_much")
    names = {part.filename for part in parts}
    if any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise Unreadable("macros")
    if "[Content_Types].xml" not in names:
        raise Unreadable("not_word")
    written = [part for part in parts if _is_xml(archive, part)]
    if sum(part.file_size for part in written) > _MOST_XML:
        raise Unreadable("too_much")
    tags = 0
    for part in written:
        content = archive.read(part)
        tags += content.count(b"<")
        if tags > _MOST_TAGS:
            raise Unreadable("too_much")
        if b"<!DOCTYPE" in content or content.startswith(_UTF_16):  # no Office program writes either
            raise Unreadable("damaged")
    kinds = archive.read("[Content_Types].xml")
    if b"macroEnabled" in kinds:
        raise Unreadable("macros")
    if b"wordprocessingml.document.main+xml" not in kinds:
        raise Unreadable("not_word")


def _is_xml(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """By what it holds: a part of any name can be declared to be one that is parsed."""
    with archive.open(part) as stream:
        head = stream.read(512)
    plain = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return not plain or plain.startswith((b"<", *_UTF_16))
