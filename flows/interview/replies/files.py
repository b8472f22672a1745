"""Files as a channel announces them: accepted kinds, sizes, and a name that is safe to store."""

from __future__ import annotations

import re
import unicodedata

from flows.interview.form import QuestionType
from flows.interview.replies.folding import BIDI_CONTROLS
from flows.interview.replies.values import Answer, Refusal, Reply

MOST_BYTES = 20 * 1024 * 1024
LONGEST_NAME = 120

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "csv": "text/csv",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "wav": "audio/wav",
    "amr": "audio/amr",
    "mp4": "video/mp4",
    "3gp": "video/3gpp",
    "webm": "video/webm",
}
_DOCUMENTS = frozenset({"pdf", "docx", "xlsx", "csv", "pptx", "jpg", "jpeg", "png"})
EXTENSIONS = {
    QuestionType.FILE: _DOCUMENTS,
    QuestionType.IMAGE: frozenset({"jpg", "jpeg", "png"}),
    QuestionType.AUDIO: frozenset({"ogg", "oga", "mp3", "m4a", "wav", "amr"}),
    QuestionType.VIDEO: frozenset({"mp4", "3gp", "webm"}),
}
_BY_MEDIA_TYPE = {media: extension for extension, media in reversed(MEDIA_TYPES.items())} | {
    "audio/x-m4a": "m4a",
    "audio/mp3": "mp3",
    "audio/x-wav": "wav",
}
_MACROS = frozenset("docm dotm xlsm xltm xlsb xlam pptm potm ppsm ppam sldm".split())  # noqa: SIM905
_OLD_OFFICE = frozenset({"doc", "xls", "ppt", "dot", "xlt", "pps", "odt", "ods", "odp", "rtf"})
_DANGEROUS = frozenset(
    "ade adp apk app appx application bat bin chm cmd com cpl dll dmg deb dylib exe gadget hlp hta htm html inf ins "  # noqa: SIM905
    "iso img jar js jse jnlp ksh lib lnk mde msc msi msix msp mst msh nsh pif pl ps1 ps1xml ps2 psc1 psm1 py pyc reg "
    "rpm scf scr sct sh shb shs so svg swf sys url vb vbe vbs vhd vhdx vxd wsc wsf wsh xbap xht xhtml xll zip rar 7z "
    "gz tar iqy slk one mht mhtml desktop service action command workflow class php asp aspx jsp".split()
)
_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f\x7f]')
_DEVICES = frozenset({"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)})


def read_file(
    name: str,
    media_type: str,
    size: int | None,
    *,
    accepts: QuestionType = QuestionType.FILE,
    only: str = "",
) -> Reply:
    """The name to store for a file that may be taken, judged by what the channel says of it.

    `accepts`: the question's type. `only`: the form's own `accept` ("application/pdf,image/*", ".csv"), which narrows.
    The bytes are judged by `inspect_bytes` once they are here.
    """
    allowed = _narrowed(EXTENSIONS.get(accepts, frozenset()), only)
    values = {"accepted": ", ".join(sorted(allowed - {"jpeg", "oga"}))}
    if BIDI_CONTROLS & set(name):
        return Refusal("file_name")
    bare = safe_name(name)
    stem, dot, extension = bare.rpartition(".")
    extension = extension.lower() if dot else ""
    media = media_type.split(";")[0].strip().lower()
    if not extension or (extension not in allowed and not stem):
        extension = _BY_MEDIA_TYPE.get(media, "")
        bare = f"{bare or 'file'}.{extension}"
    inner = {part.strip().lower() for part in stem.split(".")[1:]}
    if extension in _MACROS or inner & _MACROS or "macroenabled" in media:
        return Refusal("file_macros", values)
    if extension in _DANGEROUS or inner & _DANGEROUS:
        return Refusal("file_dangerous", values)
    if extension in _OLD_OFFICE:
        return Refusal("file_old_format", values)
    if extension not in allowed:
        return Refusal("file_kind", values)
    if size is not None and size > MOST_BYTES:
        return Refusal("file_too_large", {"most": str(MOST_BYTES // 1024 // 1024)})
    if size is not None and size <= 0:
        return Refusal("file_empty")
    return Answer(bare)


def safe_name(name: str) -> str:
    """The name without folders, controls, invisible characters, device names, or blanks and points at its ends."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(
        character for character in last if unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co")
    )
    text = " ".join(_FORBIDDEN.sub("_", visible).split()).strip(" .")
    stem, dot, extension = text.rpartition(".")
    if not dot:
        stem, extension = text, ""
    stem = stem.rstrip(" .")
    if stem.split(".")[0].lower() in _DEVICES:
        stem = f"_{stem}"
    stem = stem[: LONGEST_NAME - len(dot) - len(extension[:20])].rstrip(" .")
    return f"{stem}{dot}{extension[:20]}" if stem else text[:LONGEST_NAME]


def _narrowed(allowed: frozenset[str], only: str) -> frozenset[str]:
    wanted = [part.strip().lower() for part in only.split(",") if part.strip()]
    if not wanted:
        return allowed
    kept = frozenset(
        extension
        for extension in allowed
        for part in wanted
        if part == f".{extension}"
        or part == MEDIA_TYPES[extension]
        or (part.endswith("/*") and MEDIA_TYPES[extension].startswith(part[:-1]))
    )
    return kept or allowed
