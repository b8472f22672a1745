"""The package of a published guide: the endorsed files byte for byte, and what is needed to understand and check them.

The same guide, endorsement and publication give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from bot.documents.archive import bundled
from bot.documents.wording import Wording
from flows.country.canonical import content_hash
from flows.country.guide import Guide
from flows.country.guide_json import dump
from flows.country.guide_schema import schema
from flows.country.metadata import Metadata
from flows.country.metadata import to_bytes as metadata_bytes
from flows.country.receipt import Receipt
from flows.country.receipt import to_bytes as receipt_bytes
from flows.i18n import FALLBACK, base, text

RECEIPT, METADATA, README, CHECKSUMS = "receipt.json", "metadata.json", "README.txt", "SHA256SUMS"
SCHEMA = "guide.schema.json"
_README_LANGUAGES = ("fr", "en")
_FORMATS = {"pdf": "PDF", "docx": "Word (DOCX)", "html": "HTML"}
_TABLE = "xlsx"


class NotEndorsed(ValueError):
    """A package of other files than those endorsed was asked for: a bug, which no publication comes out of."""


def package_name(country: str, version: int) -> str:
    """`guide-BFA-v3`: the name of the package's folder, and of its file without `.zip`."""
    return f"guide-{country}-v{version}"


def package(
    receipt: Receipt, files: Mapping[str, bytes], known: Metadata, guides: Mapping[str, Guide] | None = None
) -> bytes:
    """The package as a zip archive: `files` (name → content) must be the endorsed ones, all and no others. `guides`: by
    language, what they say, put in as JSON; it must be what was endorsed.

    Raises `NotEndorsed`.
    """
    covered = {file.name: file.sha256 for file in receipt.endorsement.edition.files}
    if {name: _sha256(content) for name, content in files.items()} != covered:
        raise NotEndorsed("the files are not those that were endorsed")
    said = {language: content_hash(guide) for language, guide in (guides or {}).items()}
    if said and said != dict(receipt.endorsement.edition.content):
        raise NotEndorsed("the guide does not say what was endorsed")
    named = {f"{package_name(receipt.country, receipt.version)}-{language}.json": language for language in sorted(said)}
    if set(files) & {RECEIPT, METADATA, README, CHECKSUMS, SCHEMA, *named} or any(
        "/" in name or "\\" in name for name in files
    ):
        raise NotEndorsed("a file has a name that a package cannot hold")
    parts = {
        **files,
        **{name: _json(dump((guides or {})[language])) for name, language in named.items()},
        **({SCHEMA: _json(schema())} if named else {}),
        METADATA: metadata_bytes(known),
        RECEIPT: receipt_bytes(receipt),
        README: _readme(receipt, known, named),
    }
    parts[CHECKSUMS] = checksums(parts)
    folder = package_name(receipt.country, receipt.version)
    return bundled({f"{folder}/{name}": content for name, content in parts.items()})


def checksums(parts: Mapping[str, bytes]) -> bytes:
    """A file that `sha256sum -c` reads."""
    return "".join(f"{_sha256(parts[name])}  {name}\n" for name in sorted(parts)).encode()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _json(values: Mapping[str, Any]) -> bytes:
    return (json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8", "replace")


def _readme(receipt: Receipt, known: Metadata, guides: Mapping[str, str]) -> bytes:
    both = ("\n".join(_paragraphs(receipt, known, guides, language)) for language in _README_LANGUAGES)
    return ("\n\n" + "-" * 72 + "\n\n").join(both).encode("utf-8", "replace") + b"\n"


def _paragraphs(receipt: Receipt, known: Metadata, guides: Mapping[str, str], language: str) -> Iterator[str]:
    words = Wording(language, {})

    def say(key: str, **values: object) -> str:
        return text(f"package.{key}", language, None, **values)

    def of(names: Mapping[str, str]) -> str:
        return _line(names.get(language) or names.get(FALLBACK) or next(iter(names.values()), ""))

    yield say(
        "heading",
        title=of(known.titles),
        country=of(known.country_names) or known.country,
        version=known.version,
        endorsed=words.date(known.endorsed.local),
        published=words.date(known.published_at),
    )
    signatory = ", ".join(_line(part) for part in (known.endorsed.name, known.endorsed.function) if part)
    authority = _line(known.endorsed.authority)
    if signatory:
        yield say("authority_signed", authority=authority, signatory=signatory)
    elif authority:
        yield say("authority", authority=authority)
    yield f"\n{say('contents')}"
    for file in known.files:
        shown, kind = _FORMATS.get(file.format, file.format), "table" if file.format == _TABLE else "file"
        yield f"- {say(kind, name=file.name, format=shown, language=words.language_name(base(file.language)))}"
    for name, spoken in guides.items():
        yield f"- {say('guide_json', name=name, language=words.language_name(base(spoken)))}"
    if guides:
        yield f"- {say('guide_schema')}"
    for name in ("metadata", "receipt", "checksums"):
        yield f"- {say(name)}"
    yield f"\n{say('verify')}\n    sha256sum -c {CHECKSUMS}"
    yield f"\n{say('verify_receipt')}\n    griot verify {package_name(known.country, known.version)}.zip"
    key = receipt.key
    yield say("signed", fingerprint=key.fingerprint) if key else say("unsigned")
    if known.licence:
        yield f"\n{say('licence', licence=_line(known.licence))}"
    if known.attribution:
        yield say("attribution", attribution=of(known.attribution))
    for name, address in sorted(known.links.items()):
        yield f"{_line(name)}: {_line(address)}"


def _line(written: str) -> str:
    return " ".join(written.split())
