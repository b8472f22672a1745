"""Word templates that others edit: checked with the place of each mistake, chosen by country, whoever saved them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import docx
import pytest

from bot.documents import render, template
from bot.documents.docx import to_docx
from bot.documents.layout import lay_out
from bot.documents.template_check import FIELDS, faults, read_faults
from bot.documents.template_styles import NEEDED, mended, missing, styles_in
from bot.documents.wording import LABELS
from flows.i18n import text
from tests.bot.documents.editing import repacked
from tests.bot.documents.test_validity import drafted
from tests.bot.test_commands import CommandLine, griot  # noqa: F401 (a fixture)

ROOT = Path(__file__).parents[3]
LIBREOFFICE = Path(__file__).with_name("guide_saved_by_libreoffice.docx")
GUIDE = files("templates").joinpath("guide", "guide.docx").read_bytes()
TITLE = "{{ title }}"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    template.use(tmp_path)
    yield tmp_path
    template.use(None)


def changed(old: str, new: str, part: str = "word/document.xml") -> bytes:
    """The shipped template with other words in it."""

    def change(parts: dict[str, bytes]) -> None:
        assert old.encode() in parts[part]
        parts[part] = parts[part].replace(old.encode(), new.encode(), 1)

    return repacked(GUIDE, change)


def _words(content: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(BytesIO(content)).paragraphs)


@pytest.mark.parametrize("name", template.NAMES)
def test_the_templates_that_are_shipped_have_no_fault(name: str) -> None:
    assert faults(files("templates").joinpath("guide", name).read_bytes(), name) == ()


@pytest.mark.parametrize(
    ("old", "new", "reason", "said"),
    [
        (TITLE, "{{ titel }}", "unknown", "titel"),
        (TITLE, "{{ labels.titel }}", "unknown", "labels.titel"),
        (TITLE, "{{ title }", "unclosed", "}}"),
        (TITLE, "title }}", "unclosed", "{{"),
        (TITLE, "{{ title | upside }}", "unreadable", "upside"),
        (TITLE, "{{ }}", "empty", "{{ }}"),
        (TITLE, "{% include 'x' %}", "not_allowed", "include"),
        (TITLE, "{% endif %}", "not_begun", "if"),
        (TITLE, "{% for x in range(10**9) %}{% endfor %}", "not_allowed", "for x in range"),
        (TITLE, "{{ ''.__class__.__mro__ }}", "not_allowed", "__mro__"),
        (TITLE, "{{ 9**9**9**9 }}", "not_allowed", "9**9"),
        (TITLE, "{{ title.format(title) }}", "not_allowed", "format"),
        (TITLE, "{{ title|center(99999999999) }}", "not_allowed", "center"),
        (TITLE, "{{ " + "(" * 5000 + "title" + ")" * 5000 + " }}", "not_allowed", "((("),
        (TITLE, "{{ " + "not " * 5000 + "title }}", "not_allowed", "not not"),
        (TITLE, "{{" * 100_000, "too_long", ""),
        ("{%p endif %}", "", "not_ended", "endif"),
        ("{{p body }}", "{{ body }}", "whole", "{{p body }}"),
        ("{{p body }}", "Avant {{p body }}", "not_alone", "{{p body }}"),
        ("{{p body }}", "", "no_body", "{{p body }}"),
    ],
)
def test_each_mistake_is_told_with_its_paragraph_and_its_field(old: str, new: str, reason: str, said: str) -> None:
    found = [one for one in faults(changed(old, new)) if one.reason == reason]
    assert found, [one.told("en") for one in faults(changed(old, new))]
    for language in ("fr", "en"):
        line = found[0].told(language)
        assert said in line
        assert reason == "no_body" or str(found[0].paragraph) in line


def test_the_paragraph_that_is_named_is_the_one_with_the_mistake() -> None:
    content = changed(TITLE, "{{ titel }}")
    (fault,) = faults(content)
    paragraphs = list(docx.Document(BytesIO(content)).element.body.iter("{*}p"))
    assert "{{ titel }}" in "".join(paragraphs[fault.paragraph - 1].itertext())
    (foot,) = faults(changed("{{ labels.page }}", "{{ labels.pages }}", "word/footer1.xml"))
    assert (foot.part, foot.told("en").startswith("footer, paragraph 1")) == ("footer", True)


@pytest.mark.parametrize("said", ["{{ 9**9**9**9 }}", "{% for x in range(9**9) %}x{% endfor %}", "{{ ''.__class__ }}"])
def test_what_no_paragraph_shows_is_not_run_either(said: str) -> None:
    hidden = changed("<w:t", f'<w:alias w:val="{said}"/><w:t')  # docxtpl fills all of a part
    (fault,) = faults(hidden)
    assert fault.reason == "unfit"
    titled = repacked(
        GUIDE, lambda parts: parts.update({"docProps/core.xml": _titled(parts["docProps/core.xml"], said)})
    )
    assert [one.reason for one in faults(titled)] in ([], ["unfit"])


def _titled(properties: bytes, said: str) -> bytes:
    return re.sub(rb"<dc:title>.*?</dc:title>|<dc:title/>", b"<dc:title>" + said.encode() + b"</dc:title>", properties)


def test_a_style_that_is_missing_and_what_is_no_word_document_are_told() -> None:
    without = changed('<w:name w:val="Table Band"/>', '<w:name w:val="Band"/>', "word/styles.xml")
    assert [one.told("en") for one in faults(without)] == ["The style “Table Band” is missing."]
    for content in (b"", b"%PDF-1.7", b"PK\x03\x04 broken"):
        (fault,) = faults(content)
        assert fault.reason.startswith("reading.")
        assert fault.told("fr")


def test_a_template_saved_by_libreoffice_makes_the_same_guide(folder: Path) -> None:
    saved = LIBREOFFICE.read_bytes()
    assert styles_in(saved)["Body Text"] == "TextBody"
    assert faults(saved) == ()
    assert (missing(mended(saved)), styles_in(mended(saved))) == ([], NEEDED)
    guide = drafted()
    (folder / "guide.docx").write_bytes(saved)
    made, ours = render(guide, "docx"), to_docx(lay_out(guide), GUIDE)
    assert _words(made).split() == _words(ours).split()
    turns = [len(docx.Document(BytesIO(content)).sections) for content in (made, ours)]
    assert turns[0] == turns[1]


def test_a_countrys_own_template_comes_before_the_common_one_and_that_before_ours(folder: Path) -> None:
    guide, plain = drafted(), template.template_version("BFA")
    (folder / "guide.docx").write_bytes(changed(TITLE, "Commun : {{ title }}"))
    assert "Commun : " in _words(render(guide, "docx"))
    common = template.template_version("BFA")
    (folder / "BFA").mkdir()
    (folder / "BFA" / "guide.docx").write_bytes(changed(TITLE, "Burkina : {{ title }}"))
    assert "Burkina : " in _words(render(guide, "docx"))
    assert len({plain, common, template.template_version("BFA")}) == 3
    assert template.template_version("GHA") == common
    assert template.chosen("guide.docx", "../BFA") == template.chosen("guide.docx")


def test_a_country_in_small_letters_is_that_country_and_what_is_of_none_is_told(folder: Path) -> None:
    for name in ("bfa/guide.docx", "Burkina/guide.docx", "GHA/Guide.docx", "gha/short.docx"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(changed(TITLE, "Burkina : {{ title }}"))
    (folder / "~$guide.docx").write_bytes(b"")
    assert "Burkina : " in _words(render(drafted(), "docx"))
    assert {path.relative_to(folder).as_posix() for path in template.every()} == {"bfa/guide.docx"}
    assert [path.relative_to(folder).as_posix() for path in template.strays()] == [
        "Burkina/guide.docx",
        "GHA/Guide.docx",
        "gha/short.docx",
    ]


def test_links_are_followed_and_what_vanishes_or_is_no_file_is_passed_over(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "guide.docx").write_bytes(changed(TITLE, "Lien : {{ title }}"))
    (folder / "BFA").symlink_to(elsewhere)
    (folder / "guide.docx").symlink_to(folder / "guide.docx")
    assert "Lien : " in _words(render(drafted(), "docx"))
    (elsewhere / "guide.docx").unlink()
    assert template.chosen("guide.docx", "BFA") == GUIDE
    (elsewhere / "guide.docx").mkdir()
    assert template.chosen("guide.docx", "BFA") == GUIDE
    template.use(tmp_path / "gone")
    assert template.chosen("guide.docx", "BFA") == GUIDE
    assert template.candidates("guide.docx", "BFA") == []


def test_a_broken_template_is_passed_over_for_the_next(folder: Path) -> None:
    plain = template.template_version("BFA")
    (folder / "guide.docx").write_bytes(changed(TITLE, "{{ titel }}"))
    assert template.chosen("guide.docx", "BFA") == GUIDE
    assert render(drafted(), "docx") == to_docx_of_ours()
    assert template.template_version("BFA") == plain


def to_docx_of_ours() -> bytes:
    template.use(None)
    return render(drafted(), "docx")


def test_every_field_is_documented_and_nothing_else() -> None:
    page = (ROOT / "docs/reference/templates.md").read_text(encoding="utf-8")
    table = page.partition("What stands in double braces is replaced")[2].partition("\n\n`{%p")[0]
    told = set(re.findall(r"`\{\{p? ?([\w.]+) \}\}`", table)) | set(re.findall(r"`(labels\.\w+)`", table))
    known = {name for name in FIELDS if name != "labels"} | {f"labels.{name}" for name in LABELS}
    assert told == known
    styles = page.partition("keep their names:")[2].partition("\n\n")[0]
    named = {name.lower() for name in re.findall(r"`([\w ]+)`", styles)}
    assert {name.lower() for name in NEEDED} <= named | {f"heading {level}" for level in range(1, 5)}


def test_the_command_says_each_mistake_in_a_line_and_doctor_that_there_are_some(
    griot: CommandLine,  # noqa: F811
    tmp_path: Path,
) -> None:
    Path("mine").mkdir()
    Path("mine/guide.docx").write_bytes(changed(TITLE, "{{ titel }}"))
    done = griot("template", "check", "mine/guide.docx")
    assert (done.code, len(done.out.splitlines()), "titel" in done.out) == (1, 1, True)
    assert griot("template", "check", templates_dir="mine").out == done.out
    assert "cannot be used" in griot("doctor", templates_dir="mine").out
    Path("mine/guide.docx").write_bytes(GUIDE)
    assert griot("template", "check", templates_dir="mine").code == 0
    assert griot("template", "check").error.strip() == text("templates.none", "en")
    assert read_faults(Path("none.docx"))[0].reason == "not_read"
