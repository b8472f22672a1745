"""The package of a published guide: the endorsed bytes, checkable by anybody, the same each time."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from bot.documents import Format, render
from bot.documents.package import NotEndorsed, package
from bot.documents.template import template_version
from flows.country import guide_schema, metadata
from flows.country.canonical import basis_hash, content_hash
from flows.country.guide import Guide
from flows.country.guide_json import load
from flows.country.receipt import Receipt, parse
from tests.bot.documents.sample import empty, sample
from tests.bot.packages import metadata_of, packed, receipt_of
from tests.flows.country.endorsing import FILES, chain

SCHEMA = Path(__file__).parents[3] / "docs" / "reference" / "metadata.schema.json"


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_endorsed_files_are_in_it_byte_for_byte_and_what_explains_them() -> None:
    found = members(packed())
    folder = "guide-BFA-v3/"
    assert {name: found[folder + name] for name in FILES} == FILES
    assert {name.removeprefix(folder) for name in found} - set(FILES) == {
        "README.txt", "SHA256SUMS", "metadata.json", "receipt.json",
    }  # fmt: skip
    assert isinstance(parse(found[folder + "receipt.json"]), Receipt)


def test_the_same_publication_gives_the_same_bytes() -> None:
    assert packed() == packed()


def test_sha256sum_finds_every_file_in_order(tmp_path: Path) -> None:
    tool = shutil.which("sha256sum")
    if tool is None:
        pytest.skip("no sha256sum here")
    with zipfile.ZipFile(BytesIO(packed())) as archive:
        archive.extractall(tmp_path)
    ended = subprocess.run(  # noqa: S603
        [tool, "--check", "--strict", "SHA256SUMS"], cwd=tmp_path / "guide-BFA-v3", capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.count(": OK") == len(FILES) + 3


def test_other_files_than_the_endorsed_ones_are_never_packed() -> None:
    receipt = receipt_of(chain())
    known = metadata_of(receipt)
    first = next(iter(FILES))
    for files in (
        {**FILES, first: FILES[first] + b" "},
        {name: content for name, content in FILES.items() if name != first},
        {**FILES, "more.pdf": b"%PDF"},
        {},
    ):
        with pytest.raises(NotEndorsed):
            package(receipt, files, known)
    for name in ("README.txt", "../guide.pdf", "a\\b.pdf"):
        odd = {name: b"x"}
        receipt = receipt_of(chain(files=odd))
        with pytest.raises(NotEndorsed):
            package(receipt, odd, metadata_of(receipt))


def test_the_read_me_says_in_both_languages_what_is_what_and_how_to_check() -> None:
    shown = members(packed())["guide-BFA-v3/README.txt"].decode()
    for line in (
        "Burkina Faso, version 3, endossée le 3\u00a0novembre 2026 et publiée le 4\u00a0décembre 2026.",
        "Burkina Faso, version 3, endorsed on 3\u00a0November 2026 and published on 4\u00a0December 2026.",
        "- guide-BFA-v3-fr.docx\u00a0: le guide, Word (DOCX), français",
        "- guide-BFA-v3-en.pdf: the guide, PDF, English",
        "    sha256sum -c SHA256SUMS",
        "    griot verify guide-BFA-v3.zip",
    ):
        assert line in shown
    assert "{" not in shown and "Licence" not in shown


def test_no_name_is_told_that_was_not_given() -> None:
    receipt = receipt_of(chain())
    written = metadata.to_bytes(metadata_of(receipt)).decode()
    assert '"name": ""' in written and "Awa" not in written


# ---- metadata --------------------------------------------------
def test_the_metadata_follow_their_published_schema() -> None:
    assert json.loads(SCHEMA.read_text("utf-8")) == metadata.schema()
    written = members(packed())["guide-BFA-v3/metadata.json"]
    known = TypeAdapter(metadata.Metadata).validate_json(written)
    assert metadata.to_bytes(known) == written


def test_the_metadata_say_what_the_receipt_says() -> None:
    receipt = receipt_of(chain())
    written = metadata.to_bytes(metadata_of(receipt))
    assert metadata.contradictions(written, receipt) == ()
    values = json.loads(written)
    for name in ("country", "languages", "version", "content", "basis", "files", "channels"):
        other = {**values, name: None}
        assert metadata.contradictions(json.dumps(other).encode(), receipt) == (name,)
    for name in ("at", "hash", "receipt", "entry"):
        other = {**values, "endorsed": {**values["endorsed"], name: "x"}}
        assert metadata.contradictions(json.dumps(other).encode(), receipt) == (f"endorsed.{name}",)


# ---- what is hashed --------------------------------------------
def test_a_real_guide_is_packed_as_it_is_rendered() -> None:
    formats: tuple[Format, ...] = ("pdf", "docx", "html")
    files = {f"guide-TCD-v1-fr.{format}": render(empty(), format) for format in formats}
    found = members(packed(files))
    assert all(found[f"guide-BFA-v3/{name}"] == content for name, content in files.items())


def test_the_guide_is_in_it_as_json_with_its_schema_and_checksums() -> None:
    guides = {language: replace(sample(language), version=3) for language in ("fr", "en")}
    receipt = _endorsing(guides)
    made = package(receipt, FILES, metadata_of(receipt), guides)
    assert made == package(receipt, FILES, metadata_of(receipt), dict(reversed(guides.items())))
    found = {name.removeprefix("guide-BFA-v3/"): content for name, content in members(made).items()}
    for language, guide in guides.items():
        assert load(json.loads(found[f"guide-BFA-v3-{language}.json"])) == guide
    assert json.loads(found["guide.schema.json"]) == guide_schema.schema()
    listed = {line.split("  ")[1] for line in found["SHA256SUMS"].decode().splitlines()}
    assert listed == set(found) - {"SHA256SUMS"}
    shown = found["README.txt"].decode()
    assert "guide-BFA-v3-fr.json" in shown and "guide.schema.json" in shown and "{" not in shown


def test_a_guide_that_says_something_else_than_was_endorsed_is_never_packed() -> None:
    guides = {"fr": sample("fr"), "en": sample("en")}
    receipt = _endorsing(guides)
    for other in ({**guides, "en": replace(guides["en"], note="Autre")}, {"fr": guides["fr"]}):
        with pytest.raises(NotEndorsed):
            package(receipt, FILES, metadata_of(receipt), other)


def _endorsing(guides: dict[str, Guide]) -> Receipt:
    receipt = receipt_of(chain())
    content = {language: content_hash(guide) for language, guide in guides.items()}
    edition = replace(receipt.endorsement.edition, content=content)
    return replace(receipt, endorsement=replace(receipt.endorsement, edition=edition))


def test_the_content_hash_is_of_what_is_said_not_of_when() -> None:
    guide: Guide = sample("fr")
    later = replace(guide, status="Version 4", compiled_at=guide.compiled_at + timedelta(days=3))
    assert content_hash(guide) == content_hash(later) == content_hash(sample("fr"))
    assert content_hash(guide) != content_hash(replace(guide, note="Autre"))
    assert content_hash(guide) != content_hash(sample("en"))
    first = guide.sections[0]
    edited = replace(guide, sections=(replace(first, title=first.title + "\u00a0"), *guide.sections[1:]))
    assert content_hash(guide) != content_hash(edited)


def test_the_basis_is_of_content_forms_templates_and_additions() -> None:
    content = {"fr": content_hash(empty())}
    known = basis_hash(content, ["1", "2"], template_version())
    assert known == basis_hash(content, ("2", "1", "1"), template_version(), {})
    for other in (
        basis_hash({"en": content["fr"]}, ["1", "2"], template_version()),
        basis_hash(content, ["1"], template_version()),
        basis_hash(content, ["1", "2"], "other"),
        basis_hash(content, ["1", "2"], template_version(), {"foreword": "x"}),
    ):
        assert other != known


def test_the_version_of_the_templates_is_one_digest() -> None:
    assert len(template_version()) == 64 and template_version() == template_version()
