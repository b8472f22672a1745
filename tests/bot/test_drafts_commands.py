"""The secretariat's part of a guide from the command line: made, reviewed, put forward, published."""

from __future__ import annotations

import asyncio
import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import docx
import pytest
import typer

from bot.commands.failing import explained
from bot.dossiers import Dossiers
from db.database import Store
from db.problems import Stale
from db.transaction import Transaction
from flows.country.access import COMMAND_LINE, Actor
from flows.country.contribution import Status
from flows.country.edition import Decision, Endorsement, meaning
from flows.country.steps.contributions import Accept
from flows.country.steps.course import course_of
from flows.country.steps.drafts import Draft
from flows.country.steps.endorsement import Decide, Shown
from flows.country.steps.interest import ExpressInterest, OpenCountry
from flows.i18n import text
from flows.interview.inputs import Say
from tests.bot.command_line import CommandLine, Ended, course, stored, take
from tests.bot.test_guides import AGREE, SEND, form, official

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
COORDINATOR, SECRETARIAT, EXPERT = 1, 2, 3
"""Numbers of the people of `house`, each with an address."""


@pytest.fixture
def griot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """The command line where a country takes part with a coordinator, an expert and the secretariat."""
    run = CommandLine(tmp_path, monkeypatch, capsys)
    monkeypatch.setattr("bot.app.guide_forms", lambda: [form()])

    async def prepare(tx: Transaction) -> None:
        for role, country in (("coordinator", "BFA"), ("secretariat", ""), ("expert", "BFA")):
            person = await tx.people.add(country, role, None, "fr", NOW)  # type: ignore[arg-type]
            await tx.people.meet("telegram", str(person.id), str(person.id), "fr", NOW)
            await tx.people.bind("telegram", str(person.id), person.id)
        await take(tx, COMMAND_LINE, OpenCountry())
        await take(tx, Actor("focal_point", None, "BFA"), ExpressInterest("yes", authority="Conseil (exemple)"))

    stored(prepare)
    return run


def waiting() -> dict[str, int]:
    """How many messages wait for each person."""

    async def read(tx: Transaction) -> dict[str, int]:
        found: dict[str, int] = {}
        for due in await tx.outbox.due(datetime.now(UTC)):
            found[due.address] = found.get(due.address, 0) + 1
        return found

    return stored(read)


def decided(version: int, decision: Decision = "endorse") -> None:
    """The coordinator has received the files of a version, and decides."""

    async def decide(tx: Transaction) -> None:
        draft = course_of("BFA", await tx.ledger.of_chain("BFA")).drafts.of(version)
        assert draft is not None
        entry = (await tx.ledger.of_chain("BFA", draft.entry))[0]
        now = datetime.now(UTC)
        made = Endorsement(
            edition=draft.edition,
            decision=decision,
            meaning=meaning(decision),
            draft=draft.entry,
            draft_hash=entry.hash,
            identified="part",
            identified_at=NOW,
            local=now,
            zone="UTC",
            shown=("1", "2"),
            channels=("national",) if decision == "endorse" else (),
        )
        coordinator = Actor("coordinator", COORDINATOR, "BFA")
        shown = Shown(version, COORDINATOR, ("1", "2"))
        await Dossiers().record(tx, "BFA", coordinator, (shown,), now)
        await take(tx, coordinator, Decide(made, "" if decision == "endorse" else "À revoir (exemple)."), now)

    stored(decide)


def contributed(*answers: str, to: str = "c5_mechanism") -> list[int]:
    """Contributions that are accepted, each by an entity of its own; their numbers. `to`: the question answered."""

    async def run() -> list[int]:
        store = await Store.open("sqlite:///griot.db")
        try:
            for number, said in enumerate(answers, 1):
                inputs = [AGREE, Say(said), Say("Merci."), SEND]
                await official(store, f"Entité {number} (exemple)", inputs, of=form(text=to))
            async with store.writing() as tx:
                found = course_of("BFA", await tx.ledger.of_chain("BFA")).contributions.in_state("submitted")
                numbers = [one.interview_id for one in found]
                for one in found:
                    accept = Accept(one.interview_id, 1, COORDINATOR, one.digest)
                    await take(tx, Actor("coordinator", COORDINATOR, "BFA"), accept)
            return numbers
        finally:
            await store.close()

    return asyncio.run(run())


def edited(path: Path, more: str = " Phrase ajoutée (exemple).") -> Path:
    """The same document with a sentence more."""
    document = docx.Document(str(path))
    next(one for one in document.paragraphs if len(one.text) > 80).runs[-1].text += more
    document.save(str(path))
    return path


def said(ended: Ended) -> str:
    assert (ended.code, ended.error) == (0, "")
    return ended.out


# ---- the whole way ------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_a_guide_goes_from_its_first_version_to_a_verified_package(griot: CommandLine) -> None:
    contributed("Des postes fixes.")
    first = said(griot("draft", "make", "BFA", "--language", "fr", "--out", "v1"))
    assert text("drafts.made", "en", version=1, country="Burkina Faso") in first
    assert text("drafts.of_contributions", "en", 1, all=1) in first
    assert {path.name for path in Path("v1").iterdir()} == {
        *(f"guide-BFA-v1-fr.{kind}" for kind in ("pdf", "docx", "html")),
        "sources-BFA-v1-fr.xlsx",
    }
    assert commented(Path("v1/guide-BFA-v1-fr.docx"))
    assert text("drafts.sent", "en", 1) in said(griot("draft", "review", "BFA"))
    assert waiting() == {str(EXPERT): 1}

    word = edited(Path("v1/guide-BFA-v1-fr.docx"))
    assert text("edited.thanks", "en", version=2) in said(griot("draft", "send", "BFA", word))
    assert "Phrase ajoutée (exemple)" in said(griot("draft", "changes", "BFA", "1", "2", "--out", "changes"))
    assert [path.name for path in Path("changes").iterdir()] == ["changes-BFA-v2-fr.docx"]

    final = said(griot("draft", "make", "BFA", "--final"))
    assert text("drafts.made_final", "en", version=3, country="Burkina Faso") in final
    kept = [Path(line.partition("\t")[2]) for line in final.splitlines() if "-BFA-v3-" in line]
    assert len(kept) == 4
    assert all(path.is_file() for path in kept)
    assert not any(commented(path) for path in kept), "nothing but the text is put before the coordinator"
    assert "is put forward" in said(griot("draft", "propose", "BFA", "3"))
    assert waiting()[str(COORDINATOR)] == 5, "each file, and the question"
    assert "is awaited" in said(griot("endorsement", "show", "BFA"))

    decided(3)
    shown = said(griot("endorsement", "show", "BFA"))
    assert "Version 3 has been endorsed" in shown
    assert "national site" in shown
    assert said(griot("receipt", "BFA", "3", "--out", "out")) == "out/receipt-BFA-3.json\n"
    assert text("publishing.done", "en", version=3, country="Burkina Faso") in said(
        griot("publish", "BFA", "--out", "out")
    )
    assert griot("verify", "out/guide-BFA-v3.zip").code == 0
    said(griot("package", "BFA", "--out", "again"))
    assert Path("again/guide-BFA-v3.zip").read_bytes() == Path("out/guide-BFA-v3.zip").read_bytes()
    said(griot("draft", "files", "BFA", "3", "--out", "out"))
    assert griot("verify", "out/receipt-BFA-3.json", "out/guide-BFA-v3-fr.pdf").code == 0
    listed = said(griot("draft", "list", "BFA")).splitlines()
    assert [line.split("\t")[0] for line in listed] == ["1", "2", "3"]
    assert "published" in listed[2]
    assert griot("ledger", "check", "BFA").code == 0
    assert waiting()[str(SECRETARIAT)] >= 1, "others of the secretariat are told what was done here"


def commented(path: Path) -> bool:
    """Whether a file is a Word document with comments."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return "word/comments.xml" in archive.namelist()


def test_a_comment_of_an_expert_is_kept_with_the_answers_that_it_is_about(griot: CommandLine) -> None:
    contributed("Des postes fixes.")
    said(griot("draft", "make", "BFA", "--language", "fr", "--out", "out"))
    path = Path("out/guide-BFA-v1-fr.docx")
    document = docx.Document(str(path))
    told = next(one for one in document.comments if "Question" in one.text)
    (begins,) = document.element.body.xpath(f'.//w:commentRangeStart[@w:id="{told.comment_id}"]')
    place = next(one for one in begins.iterancestors() if one.tag.endswith("}p"))
    first = docx.text.paragraph.Paragraph(place, document.part).runs[0]
    document.add_comment(first, "Depuis quand (exemple) ?", author="Experte (exemple)", initials="E")
    document.save(str(path))
    assert text("edited.comments_alone", "en", version=1) in said(griot("draft", "send", "BFA", str(path)))
    (kept,) = course().drafts.comments
    assert "Depuis quand (exemple)" in kept.text
    assert kept.answers and all(one.startswith("1 /") for one in kept.answers)


def test_comments_on_provenance_are_left_out_where_they_are_not_wanted(griot: CommandLine) -> None:
    contributed("Des postes fixes.")
    said(griot("draft", "make", "BFA", "--language", "fr", "--no-comments", "--out", "out"))
    assert not commented(Path("out/guide-BFA-v1-fr.docx"))
    refused = griot("draft", "make", "BFA", "--final", "--comments")
    assert (refused.code, refused.error.count("\n")) == (2, 1)


def test_an_outline_is_chosen_with_a_version_and_remembered(griot: CommandLine) -> None:
    contributed("Des postes fixes.")
    said(griot("draft", "make", "BFA", "--language", "fr", "--outline", "published", "--out", "out"))
    said(griot("draft", "make", "BFA", "--language", "fr", "--out", "out"))
    for version in (1, 2):
        assert "Fiche 1" in Path(f"out/guide-BFA-v{version}-fr.html").read_text()
    said(griot("draft", "make", "BFA", "--language", "fr", "--outline", "2013", "--final", "--out", "out"))
    assert "Fiche 1" not in Path("out/guide-BFA-v3-fr.html").read_text()
    unknown = griot("draft", "make", "BFA", "--outline", "2040")
    assert (unknown.code, unknown.error.count("\n")) == (2, 1)
    assert [draft.edition.outline for draft in stored(_versions)] == ["published", "published", "2013"]


def test_the_answers_of_each_entity_are_added_with_a_version_and_removed_with_another(griot: CommandLine) -> None:
    contributed("Des postes fixes.")
    annex = "Annexe – Réponses par entité"
    for version, wanted in enumerate(("--extended", "--concise"), start=1):
        said(griot("draft", "make", "BFA", "--language", "fr", wanted, "--out", "out"))
        assert (annex in Path(f"out/guide-BFA-v{version}-fr.html").read_text()) is (version == 1)


def test_a_rule_is_waived_with_its_reason_shown_and_restored(griot: CommandLine) -> None:
    contributed("Des postes fixes.")
    rule = text("guide.rule_practice", "en")
    assert f"practice\t{text('completeness.open', 'en', 1, rule=rule)}" in said(griot("draft", "check", "BFA"))
    assert text("completeness.recorded", "en") in said(
        griot("draft", "waive", "BFA", "practice", "--reason", "None yet.")
    )
    assert (
        "the Secretariat" in said(griot("draft", "check", "BFA")) and "None yet." in griot("draft", "check", "BFA").out
    )
    again = griot("draft", "waive", "BFA", "practice", "--reason", "X")
    assert (again.code, again.error.strip()) == (1, text("completeness.waived_already", "en"))
    assert text("completeness.required", "en") in said(griot("draft", "require", "BFA", "practice"))
    none, unknown = (
        griot("draft", "require", "BFA", "practice"),
        griot("draft", "waive", "BFA", "rain", "--reason", "X"),
    )
    assert (none.code, none.error.strip()) == (1, text("completeness.not_waived", "en"))
    assert (unknown.code, unknown.error.count("\n")) == (2, 1)


async def _versions(tx: Transaction) -> list[Draft]:
    return course_of("BFA", await tx.ledger.of_chain("BFA")).drafts.versions


def test_a_round_is_opened_looked_at_reported_and_closed(griot: CommandLine) -> None:
    (number,) = contributed("Des postes fixes.")
    griot("draft", "make", "BFA", "--final")
    griot("draft", "propose", "BFA", "1")
    decided(1)
    said(griot("publish", "BFA"))
    assert text("rounds.offer", "en", country="Burkina Faso") in said(griot("round", "status", "BFA"))
    assert "1 contribution" in said(griot("round", "open", "BFA"))
    assert course().rounds.made[0].asked == (number,)

    async def jobs(tx: Transaction) -> list[tuple[str, int | None]]:
        return [(one.kind, one.person_id) for one in await tx.jobs.waiting(9, datetime.now(UTC))]

    assert [kind for kind, _ in stored(jobs)] == ["round"], "the bot asks the official"
    assert "0 contribution of 1" in said(griot("round", "status", "BFA"))
    assert "Entité 1 (exemple)" in said(griot("round", "report", "BFA"))
    under_way = griot("round", "open", "BFA")
    assert (under_way.code, under_way.line) == (1, text("rounds.under_way", "en", number=1))
    assert said(griot("round", "close", "BFA")).strip() == text("rounds.closed", "en")
    assert course().rounds.open is None


def test_contributions_are_listed_with_where_they_are(griot: CommandLine) -> None:
    assert said(griot("contributions", "BFA")).strip() == text("secretariat.no_contributions", "en")
    contributed("Des postes fixes.", "Des postes mobiles.")
    lines = [line.split("\t") for line in said(griot("contributions", "BFA")).splitlines()]
    assert [line[2] for line in lines] == ["Entité 1 (exemple)", "Entité 2 (exemple)"]
    assert all(line[1].startswith("accepted on") for line in lines)
    accepted: Status = "accepted"
    assert {one.state for one in course().contributions.of.values()} == {accepted}


def test_differences_are_listed(griot: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(griot("differences", "BFA")).strip() == text("differences.none", "en")
    monkeypatch.setattr("bot.app.guide_forms", lambda: [form(text="c1_status")])
    contributed("adoptée", "préparée", to="c1_status")
    listed = said(griot("differences", "BFA")).splitlines()
    assert listed[0] == text("differences.list", "en", 1)
    assert [line.split("\t")[1:] for line in listed[2:]] == [
        ["Entité 1 (exemple)", "adoptée"],
        ["Entité 2 (exemple)", "préparée"],
    ]


# ---- refusals -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("arguments", "key"),
    [
        (("draft", "files", "BFA"), "secretariat.no_version"),
        (("draft", "files", "BFA", "7"), "secretariat.no_version"),
        (("draft", "changes", "BFA"), "secretariat.no_version"),
        (("draft", "review", "BFA"), "secretariat.no_version"),
        (("draft", "propose", "BFA", "1"), "secretariat.no_version"),
        (("publish", "BFA"), "endorsement.none"),
        (("round", "open", "BFA"), "rounds.not_published"),
        (("round", "report", "BFA"), "rounds.none_open"),
        (("round", "close", "BFA"), "rounds.none_open"),
        (("draft", "list", "XXX"), "store.unknown_country"),
        (("endorsement", "show", "XXX"), "store.unknown_country"),
        (("contributions", "XXX"), "store.unknown_country"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_cannot_be_done_is_one_line_in_the_operators_language(
    griot: CommandLine, arguments: tuple[str, ...], key: str, language: str
) -> None:
    before = course().number
    ended = griot(*arguments, language=language)
    assert (ended.code, ended.line) == (1, text(key, language, None, country="BFA"))
    assert course().number == before, "nothing half done"


def test_each_step_out_of_its_turn_is_refused_with_the_reason(griot: CommandLine) -> None:
    ghana = griot("draft", "make", "GHA")
    assert (ghana.code, len(ghana.line) > 10) == (1, True)
    said(griot("draft", "make", "BFA", "--out", "v1"))
    first = griot("draft", "changes", "BFA")
    assert (first.code, first.line) == (1, text("drafts.nothing_before", "en", version=1))
    draft = griot("draft", "propose", "BFA", "1")
    assert (draft.code, draft.line) == (1, text("endorsement.not_final", "en", version=1))
    said(griot("draft", "review", "BFA"))
    assert griot("draft", "review", "BFA").line == text("drafts.already_sent", "en")
    unchanged = griot("draft", "send", "BFA", "v1/guide-BFA-v1-fr.docx")
    assert (unchanged.code, unchanged.line) == (1, text("drafts.unchanged", "en", version=1))
    said(griot("draft", "make", "BFA", "--final"))
    late = griot("draft", "send", "BFA", edited(Path("v1/guide-BFA-v1-fr.docx")))
    assert (late.code, late.line) == (1, text("drafts.superseded", "en", version=1, newest=2))
    said(griot("draft", "propose", "BFA", "2"))
    assert griot("draft", "propose", "BFA", "2").line == text("endorsement.already_proposed", "en", version=2)
    assert griot("receipt", "BFA", "2").line == text("secretariat.no_decision", "en", version=2)
    decided(2, "return")
    assert griot("publish", "BFA").line == text("endorsement.was_return", "en", version=2)
    assert "À revoir (exemple)." in said(griot("endorsement", "show", "BFA"))
    nothing = griot("package", "BFA")
    assert (nothing.code, nothing.line) == (1, text("publishing.none", "en", country="Burkina Faso"))
    assert course().publications.last is None


def test_a_document_that_is_none_changes_nothing(griot: CommandLine) -> None:
    said(griot("draft", "make", "BFA"))
    Path("notes.docx").write_bytes(b"no document")
    with zipfile.ZipFile("other.docx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    foreign = io.BytesIO()
    docx.Document().save(foreign)
    Path("foreign.docx").write_bytes(foreign.getvalue())
    for name in ("notes.docx", "other.docx", "foreign.docx", "nosuch.docx", "."):
        ended = griot("draft", "send", "BFA", name)
        assert (ended.code, ended.line.rstrip(".")[-1:].isalnum()) == (1, True), ended.line
    assert len(course().drafts.versions) == 1


def test_everything_that_stands_in_the_way_of_publication_is_named(griot: CommandLine) -> None:
    said(griot("draft", "make", "BFA", "--final", "--out", "v1"))
    said(griot("draft", "propose", "BFA", "1"))
    decided(1)
    contributed("Des postes fixes.")  # accepted after the endorsement: what it rests on is another now
    ended = griot("publish", "BFA")
    assert (ended.code, ended.out) == (1, "")
    assert text("publishing.changed", "en", version=1) in ended.error.splitlines()
    assert course().publications.last is None


def test_an_import_of_findings_has_an_endorsed_guide_looked_at_again_as_one_in_conversation_does(
    griot: CommandLine,
) -> None:
    said(griot("draft", "make", "BFA", "--final"))
    said(griot("draft", "propose", "BFA", "1"))
    decided(1)
    contributed("Des postes fixes.")
    assert course().endorsement.given[-1].voided is None, "nobody has looked yet"
    Path("faits.csv").write_text("fact,citation,read_on,section\nUn fait,Une source,2026-01-31,I\n", encoding="utf-8")
    assert griot("desk", "import", "BFA", "faits.csv", "--yes").code == 0
    assert course().endorsement.given[-1].voided
    assert waiting()[str(COORDINATOR)] >= 5, "the coordinator is told"


# ---- misuse -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "arguments",
    [
        ("draft", "make"),
        ("draft", "make", "BFA", "--language", "xx"),
        ("draft", "changes", "BFA", "1"),
        ("draft", "files", "BFA", "one"),
        ("draft", "send", "BFA"),
        ("draft", "propose", "BFA"),
        ("draft", "propose", "BFA", "0"),
        ("receipt", "BFA"),
        ("publish",),
        ("round", "nosuch", "BFA"),
        ("contributions",),
    ],
    ids=" ".join,
)
def test_what_makes_no_sense_is_one_line_and_two(griot: CommandLine, arguments: tuple[str, ...]) -> None:
    ended = griot(*arguments)
    assert (ended.code, len(ended.line) < 250) == (2, True)


def test_files_are_written_whole_or_the_reason_is_said(griot: CommandLine) -> None:
    said(griot("draft", "make", "BFA"))
    for folder in ("griot.db", "/proc/none"):
        ended = griot("draft", "files", "BFA", "--out", folder)
        assert (ended.code, folder in ended.line) == (1, True)
    for draft in course().drafts.versions:
        for file in draft.edition.files:
            (Path("attachments") / file.sha256[:2] / file.sha256).unlink()
    lost = griot("draft", "files", "BFA", "--out", "v1")
    assert (lost.code, lost.line.startswith("A file of the guide is missing")) == (1, True)


def test_what_others_were_quicker_with_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit), explained():
        raise Stale
    assert capsys.readouterr().err.strip() == text("secretariat.meanwhile", "en")
