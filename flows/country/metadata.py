"""What a published guide says of itself to programs: `metadata.json` of the package."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from flows.country.edition import File
from flows.country.outlines import FIRST
from flows.country.receipt import Receipt
from flows.country.strict import Fields, Unreadable, Wrong, load

if TYPE_CHECKING:
    from pydantic import TypeAdapter

FORMAT: Literal["griot-package/1"] = "griot-package/1"
MOST_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Endorsing:
    """The endorsement, as far as it may be told. `authority`: official name. `function`, `name`: of who signed, as they
    agreed; "" where not. `entry`, `hash`: in the ledger. `receipt`: the digest of `receipt.json`."""

    at: datetime
    local: datetime
    zone: str
    authority: str
    function: str
    name: str
    entry: int
    hash: str
    receipt: str


@dataclass(frozen=True, slots=True)
class Metadata:
    """All of it. `titles`, `country_names`, `attribution`: by language. `outline`: which one the guide follows.
    `content`: language → canonical hash of what the guide says. `channels`: where it may be published. `licence`: an
    SPDX identifier or an address, "" where the authority named none. `links`: name → address. `supersedes`: the version
    published before, 0 for the first."""

    format: Literal["griot-package/1"]
    country: str
    country_names: Mapping[str, str]
    titles: Mapping[str, str]
    languages: tuple[str, ...]
    version: int
    supersedes: int
    form_versions: tuple[str, ...]
    template_version: str
    outline: str
    content: Mapping[str, str]
    basis: str
    files: tuple[File, ...]
    endorsed: Endorsing
    published_at: datetime
    channels: tuple[str, ...]
    licence: str
    attribution: Mapping[str, str]
    links: Mapping[str, str]


def metadata(
    receipt: Receipt,
    *,
    published_at: datetime,
    country_names: Mapping[str, str],
    titles: Mapping[str, str],
    authority: str,
    function: str = "",
    name: str = "",
    licence: str = "",
    attribution: Mapping[str, str] | None = None,
    links: Mapping[str, str] | None = None,
    supersedes: int = 0,
) -> Metadata:
    """The metadata of the guide that `receipt` is about; `function` and `name` only as the signatory agreed."""
    endorsement = receipt.endorsement
    edition = endorsement.edition
    return Metadata(
        format=FORMAT,
        country=receipt.country,
        country_names=country_names,
        titles=titles,
        languages=tuple(sorted({file.language for file in edition.files})),
        version=receipt.version,
        supersedes=supersedes,
        form_versions=edition.form_versions,
        template_version=edition.template_version,
        outline=edition.outline,
        content=edition.content,
        basis=edition.basis,
        files=edition.files,
        endorsed=Endorsing(
            at=receipt.entry.at,
            local=endorsement.local,
            zone=endorsement.zone,
            authority=authority,
            function=function,
            name=name,
            entry=receipt.entry.number,
            hash=receipt.entry.hash,
            receipt=receipt.digest,
        ),
        published_at=published_at,
        channels=endorsement.channels,
        licence=licence,
        attribution=attribution or {},
        links=links or {},
    )


def to_bytes(known: Metadata) -> bytes:
    """The file `metadata.json`."""
    values = _adapter().dump_python(known, mode="json")
    return json.dumps(values, ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n"


def schema() -> dict[str, Any]:
    """The JSON schema of `metadata.json`; published as `docs/reference/metadata.schema.json`."""
    made: dict[str, Any] = _adapter().json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


def contradictions(data: bytes, receipt: Receipt) -> tuple[str, ...] | Unreadable:
    """The fields of a `metadata.json` that say other than the receipt, or why it cannot be read."""
    try:
        given = Fields(load(data, MOST_BYTES)).given
    except Wrong as wrong:
        return wrong.unreadable
    written = to_bytes(metadata(receipt, published_at=receipt.entry.at, country_names={}, titles={}, authority=""))
    due = json.loads(written)
    fields = (
        "format", "country", "languages", "version", "form_versions", "template_version", "content", "basis", "files",
        "channels",
    )  # fmt: skip
    endorsed = given.get("endorsed")
    found = [name for name in fields if given.get(name) != due[name]]
    if given.get("outline", FIRST) != due["outline"]:  # those written before there were two do not name it
        found.append("outline")
    for name in ("at", "local", "zone", "entry", "hash", "receipt"):
        if not isinstance(endorsed, Mapping) or endorsed.get(name) != due["endorsed"][name]:
            found.append(f"endorsed.{name}")
    return tuple(found)


@cache
def _adapter() -> TypeAdapter[Metadata]:
    from pydantic import TypeAdapter

    return TypeAdapter(Metadata)
