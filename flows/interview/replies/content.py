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
_FETCHED = re.compile(r"/(?:oleObject|attachedTemplate|frame|subDocument|externalLinkPath|package|control)$", re.I)
_MOST_STREAM, _MOST_STREAMS = 10 * 1024 * 1024, 60 * 1024 * 1024
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
            if b"macroenabled" in content.lower():
                return Refusal("file_macros_inside")
            if _fetches(content):
                return Refusal("file_fetches")
    return None


def _fetches(relations: bytes) -> bool:
    """Whether a part names something outside that is fetched on opening. Raises ValueError for what is not XML."""
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root = fromstring(relations)
    except ParseError as error:
        raise ValueError from error
    return any(
        item.get("TargetMode", "").lower() == "external" and _FETCHED.search(item.get("Type", ""))
        for item in root.iter()
    )


def _pdf(data: bytes) -> Refusal | None:
    outside: list[bytes] = []
    position, unpacked = 0, 0
    while (start := data.find(b"stream", position)) >= 0 and (end := data.find(b"endstream", start + 6)) >= 0:
        header = data[position:start]
        outside.append(header)
        if b"/ObjStm" in _unescaped(header[-1000:]):
            content = _inflated(data[start + 6 : end].lstrip(b"\r\n"))
            unpacked += len(content)
            if unpacked > _MOST_STREAMS:
                return Refusal("file_bomb")
            outside.append(content)
        position = end + len(b"endstream")
    outside.append(data[position:])
    return Refusal("file_pdf_active") if _PDF_ACTIVE.search(_unescaped(b" ".join(outside))) else None


def _inflated(content: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(content, _MOST_STREAM)
    except zlib.error:
        return content


def _unescaped(content: bytes) -> bytes:
    return _PDF_ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), content)
