"""What is inside a file: is it what its name says, and can it do harm when opened?"""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from flows.interview.replies.values import Refusal

_SIGNATURES = {
    "pdf": (b"%PDF-",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "ogg": (b"OggS",),
    "oga": (b"OggS",),
    "mp3": (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xfa"),
    "wav": (b"RIFF",),
    "amr": (b"#!AMR",),
    "webm": (b"\x1aE\xdf\xa3",),
}
_BOXED = frozenset({"mp4", "m4a", "3gp"})
_OFFICE = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
_MOST_PARTS = 5000
_MOST_UNPACKED = 300 * 1024 * 1024
_MOST_RATIO = 200
_MOST_TEXT_PART = 4 * 1024 * 1024
_ACTIVE_PARTS = re.compile(r"vbaproject|/activex/|macrosheets/|customui/.*\.vb|\.(?:exe|dll|js|vbs|bat|ps1|scr)$", re.I)
_OLE_PARTS = re.compile(r"embeddings/[^/]*\.bin$|oleobject", re.I)
# A link is a link; these are fetched or run when the document opens.
_FETCHED = re.compile(
    rb"<(?:\w+:)?Relationship\b(?=[^>]*TargetMode\s*=\s*[\"']External)"
    rb"(?=[^>]*/(?:oleObject|attachedTemplate|frame|subDocument|externalLinkPath|package|control))",
    re.I,
)
_STREAM = re.compile(rb"stream\r?\n.*?endstream", re.S)
_OBJECT_STREAM = re.compile(rb"/ObjStm.{0,400}?stream\r?\n(.*?)endstream", re.S)
_PDF_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|RichMedia)(?=[\s(<\[/>\d]|$)")
_PDF_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")


def inspect_bytes(name: str, data: bytes) -> Refusal | None:
    """None when the content is of the kind that `name` says and holds nothing that acts by itself."""
    extension = name.rpartition(".")[2].lower()
    if not data:
        return Refusal("file_empty")
    if extension in _OFFICE:
        return _office(extension, data)
    if extension == "csv":
        return _text(data)
    if extension in _BOXED:
        return None if data[4:8] == b"ftyp" else _mismatch(extension)
    signatures = _SIGNATURES.get(extension)
    if signatures is None:
        return Refusal("file_kind", {"accepted": ", ".join(sorted({*_OFFICE, "csv", "pdf", "jpg", "png"}))})
    head = data[:1024] if extension == "pdf" else data[:16]
    found = any(mark in head if extension == "pdf" else head.startswith(mark) for mark in signatures)
    if not found:
        return _mismatch(extension)
    return _pdf(data) if extension == "pdf" else None


def _mismatch(extension: str) -> Refusal:
    return Refusal("file_mismatch", {"extension": extension})


def _text(data: bytes) -> Refusal | None:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            data.decode("utf-16")
        except UnicodeDecodeError:
            return _mismatch("csv")
        return None
    return _mismatch("csv") if b"\0" in data or data[:4] == b"PK\x03\x04" or data[:5] == b"%PDF-" else None


def _office(extension: str, data: bytes) -> Refusal | None:
    if data[:4] == b"\xd0\xcf\x11\xe0":  # what a password makes of an office document, or an old format renamed
        return Refusal("file_locked")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _parts(extension, archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        return _mismatch(extension)


def _parts(extension: str, archive: zipfile.ZipFile) -> Refusal | None:
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    if len(parts) > _MOST_PARTS or unpacked > _MOST_UNPACKED or (unpacked > 10**7 and unpacked / packed > _MOST_RATIO):
        return Refusal("file_bomb")
    if any(part.flag_bits & 1 for part in parts):
        return Refusal("file_locked")
    names = {part.filename for part in parts}
    if "[Content_Types].xml" not in names or not any(name.startswith(_OFFICE[extension]) for name in names):
        return _mismatch(extension)
    for part in parts:
        if _ACTIVE_PARTS.search(part.filename):
            return Refusal("file_macros_inside")
        if _OLE_PARTS.search(part.filename):
            return Refusal("file_objects_inside")
        if part.filename.endswith(".rels") or part.filename == "[Content_Types].xml":
            if part.file_size > _MOST_TEXT_PART:
                return Refusal("file_bomb")
            content = archive.read(part)
            if _FETCHED.search(content):
                return Refusal("file_fetches")
            if b"macroenabled" in content.lower():
                return Refusal("file_macros_inside")
    return None


def _pdf(data: bytes) -> Refusal | None:
    if _PDF_ACTIVE.search(_unescaped(_STREAM.sub(b"stream endstream", data))):
        return Refusal("file_pdf_active")
    left = _MOST_UNPACKED
    for match in _OBJECT_STREAM.finditer(data):
        try:
            content = zlib.decompressobj().decompress(match[1], min(left, 50 * 1024 * 1024))
        except zlib.error:
            content = match[1]
        left -= len(content)
        if left <= 0:
            return Refusal("file_bomb")
        if _PDF_ACTIVE.search(_unescaped(content)):
            return Refusal("file_pdf_active")
    return None


def _unescaped(content: bytes) -> bytes:
    return _PDF_ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), content)
