"""Files that are taken and files that are not."""

from __future__ import annotations

import io
import zipfile
import zlib

import pytest

from flows.interview.form import QuestionType
from flows.interview.replies import Answer, Refusal, inspect_bytes, read_file

TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"></Types>'


def office(extra: dict[str, str] | None = None, folder: str = "word") -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in ({"[Content_Types].xml": TYPES, f"{folder}/document.xml": "<d/>"} | (extra or {})).items():
            archive.writestr(name, content)
    return data.getvalue()


@pytest.mark.parametrize(
    ("name", "media_type", "stored"),
    [
        ("Rapport v1.2.PDF", "application/pdf", "Rapport v1.2.PDF"),
        ("", "image/jpeg", "file.jpg"),
        ("données.csv", "text/csv", "données.csv"),
        ("../../etc/lettre.docx", "", "lettre.docx"),
        ("C:\\dossier\\con.xlsx", "", "_con.xlsx"),
        ("lettre.pdf . .", "", "lettre.pdf"),
        ("note: finale?.pdf", "", "note_ finale_.pdf"),
    ],
)
def test_a_document_is_taken_under_a_safe_name(name: str, media_type: str, stored: str) -> None:
    assert read_file(name, media_type, 1000) == Answer(stored)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("virus.exe", "file_dangerous"),
        ("lettre.pdf.exe", "file_dangerous"),
        ("lettre.exe.pdf", "file_dangerous"),
        ("lettre.exe .", "file_dangerous"),
        ("script.JS", "file_dangerous"),
        ("page.html", "file_dangerous"),
        ("lot.zip", "file_dangerous"),
        ("exe.\u202efdp.pdf", "file_name"),
        ("tableau.xlsm", "file_macros"),
        ("lettre.docm.docx", "file_macros"),
        ("lettre.doc", "file_old_format"),
        ("lettre.odt", "file_old_format"),
        ("photo.heic", "file_kind"),
        ("sans extension", "file_kind"),
    ],
)
def test_a_file_that_could_act_or_is_of_another_kind_is_refused(name: str, reason: str) -> None:
    reply = read_file(name, "", 1000)
    assert isinstance(reply, Refusal)
    assert reply.reason == reason


def test_size_is_limited_to_what_a_channel_can_carry() -> None:
    assert isinstance(read_file("a.pdf", "", 20 * 1024 * 1024), Answer)
    assert read_file("a.pdf", "", 20 * 1024 * 1024 + 1) == Refusal("file_too_large", {"most": "20"})
    assert read_file("a.pdf", "", 0) == Refusal("file_empty")
    assert isinstance(read_file("a.pdf", "", None), Answer)


def test_a_question_takes_its_own_kinds_and_a_form_may_narrow_them() -> None:
    assert isinstance(read_file("a.png", "", 1, accepts=QuestionType.IMAGE), Answer)
    assert isinstance(read_file("a.pdf", "", 1, accepts=QuestionType.IMAGE), Refusal)
    assert isinstance(read_file("voix.oga", "audio/ogg", 1, accepts=QuestionType.AUDIO), Answer)
    assert isinstance(read_file("a.docx", "", 1, only="application/pdf, image/*"), Refusal)
    assert isinstance(read_file("a.jpeg", "", 1, only="application/pdf, image/*"), Answer)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj"),
        ("a.png", b"\x89PNG\r\n\x1a\n0000"),
        ("a.JPG", b"\xff\xd8\xff\xe0"),
        ("a.csv", "pays;données\n".encode()),
        ("a.csv", "pays;données\n".encode("cp1252")),
        ("a.csv", "pays;données\n".encode("utf-16")),
        ("a.docx", office()),
        ("a.xlsx", office(folder="xl")),
        ("a.mp4", b"\0\0\0\x18ftypmp42"),
    ],
)
def test_content_that_is_what_its_name_says_passes(name: str, data: bytes) -> None:
    assert inspect_bytes(name, data) is None


LINK = '<Rels><Relationship Id="r" Type="x/hyperlink" Target="https://a.org" TargetMode="External"/></Rels>'
TEMPLATE = LINK.replace("hyperlink", "attachedTemplate")


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.pdf", b"MZ\x90\0", "file_mismatch"),
        ("a.png", b"%PDF-1.7", "file_mismatch"),
        ("a.docx", b"junk", "file_mismatch"),
        ("a.docx", office(folder="xl"), "file_mismatch"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "file_locked"),
        ("a.csv", b"MZ\0\0", "file_mismatch"),
        ("a.pdf", b"", "file_empty"),
        ("a.docx", office({"word/vbaProject.bin": "x"}), "file_macros_inside"),
        ("a.docx", office({"word/embeddings/oleObject1.bin": "x"}), "file_objects_inside"),
        ("a.docx", office({"word/_rels/settings.xml.rels": TEMPLATE}), "file_fetches"),
        ("a.docx", office({"word/bomb.xml": "0" * 20_000_000}), "file_bomb"),
        ("a.pdf", b"%PDF-1.7 <</OpenAction<</S/JavaScript/JS(x)>>>>", "file_pdf_active"),
        ("a.pdf", b"%PDF-1.7 <</S/J#61vaScript>>", "file_pdf_active"),
        ("a.pdf", b"%PDF-1.7 <</S/Launch/F(x)>>", "file_pdf_active"),
        (
            "a.pdf",
            b"%PDF-1.7 1 0 obj<</Type/ObjStm/Filter/FlateDecode>>stream\n"
            + zlib.compress(b"<</S/JavaScript>>")
            + b"\nendstream",
            "file_pdf_active",
        ),
    ],
)
def test_content_that_lies_or_acts_is_refused(name: str, data: bytes, reason: str) -> None:
    refusal = inspect_bytes(name, data)
    assert refusal is not None
    assert refusal.reason == reason


def test_a_file_made_to_keep_the_inspector_busy_is_judged_at_once() -> None:
    assert inspect_bytes("a.pdf", b"%PDF-1.7 " + b"stream\n" * 1_000_000) is None
    assert inspect_bytes("a.docx", office({"word/_rels/a.rels": "<Relationship " * 100_000})) is not None


def test_an_ordinary_link_in_a_document_is_no_harm() -> None:
    assert inspect_bytes("a.docx", office({"word/_rels/document.xml.rels": LINK})) is None
