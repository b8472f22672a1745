"""One hash for what a guide says, however it is written to files; and one for all that it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flows.country.guide import Guide
from flows.country.guide_json import content
from flows.country.ledger import Plain, digest


def content_hash(guide: Guide) -> str:
    """SHA-256 of the canonical JSON of what a reader sees: the same whenever it is compiled and whatever its status."""
    return digest(content(guide))


def basis_hash(
    content: Mapping[str, str],
    form_versions: Iterable[str],
    template_version: str,
    additions: Mapping[str, Plain] | None = None,
) -> str:
    """SHA-256 over the content (language → `content_hash`), the forms it was asked with, the templates it is dressed
    in, and what else belongs to it, such as the digest of a foreword."""
    return digest(
        {
            "content": dict(content),
            "form_versions": sorted(set(form_versions)),
            "template_version": template_version,
            "additions": dict(additions or {}),
        }
    )
