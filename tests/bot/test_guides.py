"""What a compiled draft and an export hold, what they leave out, and that they are written whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import os
import zipfile
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.acting import Services
from bot.attachments import Vault
from bot.dossiers import Dossiers
from bot.drafting import Compiled, compile_draft
from bot.gathering import Unreadable, gather
from bot.guides import Exported, export
from bot.interviews import Interviews
from bot.writing import write
from db.answers import Answer
from db.database import Store
from db.transaction import Transaction
from flows.country.access import COMMAND_LINE, Actor
from flows.country.handed import digest_of
from flows.country.steps.base import Refusal, Step
from flows.country.steps.contributions import Accept, ContributionChanged, HandIn, Release
from flows.country.steps.desk import FindingMade
from flows.country.steps.outlines import OutlineChosen
from flows.interview.answers import answers
from flows.interview.events import Recorded
from flows.interview.form import Form
from flows.interview.inputs import Choose, Confide, Edit, Input, Say
from flows.interview.interview import advance, start
from flows.interview.xlsform import load_form
from flows.knowledge import UnknownCountry
from flows.questionnaires.companions import companion_form

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
FORM = """
| survey   |                   |            |                         |                     |                  |
|          | type              | name       | label::Français (fr)    | label::English (en) | bind::griot:role |
|          | select_one yes_no | p2_consent | Acceptez-vous ?         | Do you agree?       | consent          |
|          | text              | {text}     | Quel mécanisme ?        | Which mechanism?    |                  |
|          | text              | f3_remark  | Une remarque ?          | A remark?           |                  |
|          | select_one submit | f4_submit  | Envoyer ?               | Send?               | submit           |
| choices  |                   |            |                         |                     |                  |
|          | list_name         | name       | label::Français (fr)    | label::English (en) |                  |
|          | yes_no            | yes        | Oui                     | Yes                 |                  |
|          | yes_no            | no         | Non                     | No                  |                  |
|          | submit            | send       | Envoyer                 | Send                |                  |
|          | submit            | later      | Plus tard               | Later               |                  |
| settings |                   |            |                         |                     |                  |
|          | form_id           | version    | default_language        | namespaces          |                  |
|          | {id}              | 1          | Français (fr)           | griot="https://g.example" |            |
"""
AGREE, SEND, LATER = Choose(("yes",)), Choose(("send",)), Choose(("later",))


@cache
def form(id: str = "guide", text: str = "c5_mechanism") -> Form:
    return load_form(FORM.replace("{id}", id).replace("{text}", text).encode(), "md")


FORMS: Mapping[str, Form] = {"guide": form()}


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(f"sqlite:///{tmp_path}/griot.db")
    await opened.migrate()
    yield opened
    await opened.close()


async def official(
    store: Store, entity: str, inputs: Sequence[Input], *, of: Form | None = None, agrees: bool = True
) -> int:
    """Somebody who answered `inputs` for an entity of Burkina Faso. Returns the person's number."""
    held = of or form()
    turn = start(held, language="fr", now=NOW)
    events = list(turn.events)
    async with store.writing() as tx:
        place = await tx.entities.find_or_add("BFA", entity, NOW)
        person = await tx.people.add("BFA", "official", place.id, "fr", NOW)
        await tx.consents.record(person.id, "1", "fr", agrees, NOW, "telegram")
        for input in inputs:
            turn = advance(held, turn.interview, input, author=str(person.id), now=NOW)
            events += turn.events
        state = json.dumps(turn.interview.to_json())
        interview = await tx.interviews.start(person.id, place.id, "BFA", held.id, held.version, "fr", state, NOW)
        await tx.answers.append(
            [
                Answer(
                    interview.id, one.path, one.revision, one.value, one.old, one.status, one.display,
                    one.confidential, person.id, NOW, one.language, held.version, "telegram", "", None,
                )
                for one in events
                if isinstance(one, Recorded)
            ]
        )  # fmt: skip
        if inputs[-1:] == [SEND] and not turn.interview.put:
            given = answers(held, turn.interview, "fr", now=NOW)
            step = HandIn(person.id, interview.id, digest_of(given, held), needs_clearance=False)
            await take(tx, Actor("official", person.id, "BFA", place.id), step)
    return person.id


async def take(tx: Transaction, actor: Actor, *steps: Step) -> None:
    """Take steps that are not refused."""
    for step in steps:
        decision = await Dossiers().take(tx, "BFA", actor, step, NOW)
        assert not isinstance(decision, Refusal)


async def release(store: Store, *questions: str) -> None:
    """The coordinator accepts all that is submitted, and releases these questions."""
    coordinator = Actor("coordinator", 0, "BFA")
    async with store.writing() as tx:
        for one in (await Dossiers().course(tx, "BFA")).contributions.in_state("submitted"):
            number = one.interview_id
            await take(tx, coordinator, Accept(number, 1, 1, one.digest), Release(number, 1, questions))


async def compiled(
    store: Store,
    out: Path,
    *formats: str,
    country: str = "BFA",
    language: str = "fr",
    forms: Mapping[str, Form] = FORMS,
) -> Compiled:
    chosen = formats or ("html",)
    read = services(out, forms), store, country, language
    return await compile_draft(*read, chosen, out, NOW)  # type: ignore[arg-type]


def services(folder: Path, forms: Mapping[str, Form] = FORMS) -> Services:
    interviews = Interviews(lambda: list(forms.values()))
    return Services(
        Dossiers(), interviews, Vault(folder / "kept"), link=lambda code: code, credits={"fr": "Par l’exemple."}
    )


async def test_a_draft_follows_the_outline_asked_for_and_tells_where_it_comes_from_where_that_is_wanted(
    store: Store, tmp_path: Path
) -> None:
    await official(store, "Police", [AGREE, Say("Un mécanisme."), Say("Merci."), SEND])
    read = services(tmp_path), store, "BFA", "fr"
    done = await compile_draft(
        *read, ("docx", "xlsx"), tmp_path, NOW, outline="published", extent="extended", comments=True
    )
    assert [path.suffix for path in done.files] == [".docx", ".xlsx"]
    told = zipfile.ZipFile(done.files[0])
    assert "Fiche 1" in told.read("word/document.xml").decode()
    assert "Réponses par entité" in told.read("word/document.xml").decode()
    assert "word/comments.xml" in told.namelist()
    plain = await compile_draft(*read, ("docx",), tmp_path, NOW)
    silent = zipfile.ZipFile(plain.files[0])
    assert "Fiche 1" not in silent.read("word/document.xml").decode()
    assert "Réponses par entité" not in silent.read("word/document.xml").decode()
    assert b"<w:comment " not in silent.read("word/comments.xml") if "word/comments.xml" in silent.namelist() else True


async def test_a_draft_holds_all_that_the_country_s_dossier_holds_and_looks_as_the_country_chose(
    store: Store, tmp_path: Path
) -> None:
    await official(store, "Police", [AGREE, Say("Un mécanisme."), Say("Merci."), SEND])
    found = FindingMade(
        NOW.date(), "c5_mechanism", "", None, "high", "fr", text="Un fait lu.", citation="Annuaire 2025"
    )
    async with store.writing() as tx:
        await Dossiers().record(tx, "BFA", COMMAND_LINE, [found, OutlineChosen("published")], NOW)
    done = await compiled(store, tmp_path)
    written = done.files[0].read_text("utf-8")
    assert "Un fait lu." in written and "Annuaire" in written
    assert "Fiche 1" in written
    assert "Par l’exemple." in written
    assert "version 0" not in written


async def exported(store: Store, forms: Mapping[str, Form] = FORMS) -> Exported:
    return await export(store, forms, "BFA", "fr", NOW)


def on_record(done: Exported) -> dict[str, list[object]]:
    """Values by question."""
    found: dict[str, list[object]] = {}
    for row in done.answers.rows:
        found.setdefault(str(row[5]), []).append(row[7])
    return found


# ---- the draft -------------------------------------------------
async def test_what_was_submitted_is_in_the_draft_and_the_rest_is_counted(store: Store, tmp_path: Path) -> None:
    await official(store, "Police", [AGREE, Say("Des postes fixes."), Say("Merci."), SEND])
    await official(store, "Douanes", [AGREE, Say("Des postes mobiles."), Say("Merci."), LATER])
    await official(store, "Institut", [AGREE, Say("À moitié")])
    done = await compiled(store, tmp_path / "out")
    assert (done.contributions, done.unsubmitted, done.withheld, done.withdrawn, done.others) == (1, 2, 0, 0, 0)
    html = done.files[0].read_text(encoding="utf-8")
    assert "Police" in html
    assert "Des postes fixes." in html
    assert "mobiles" not in html
    assert "À moitié" not in html


async def test_a_confidential_answer_is_counted_and_not_shown(store: Store, tmp_path: Path) -> None:
    await official(store, "Police", [AGREE, Say("SECRET"), Confide(path="/data/c5_mechanism"), Say("Merci."), SEND])
    for language in ("fr", "en"):
        done = await compiled(store, tmp_path / "out", "html", "docx", language=language)
        assert done.withheld == 1
        assert "SECRET" not in done.files[0].read_text(encoding="utf-8")
    assert [row[10] for row in (await exported(store)).answers.rows if row[5] == "c5_mechanism"] == [True]


async def test_who_withdrew_consent_is_in_neither_the_draft_nor_the_data(store: Store, tmp_path: Path) -> None:
    stays = await official(store, "Police", [AGREE, Say("Reste."), Say("Merci."), SEND])
    leaves = await official(store, "Douanes", [AGREE, Say("PARTI"), Say("Merci."), SEND])
    await official(store, "Institut", [Choose(("no",)), Say("JAMAIS"), Say("x"), SEND], agrees=False)
    async with store.writing() as tx:
        await tx.consents.record(leaves, "1", "fr", False, NOW, "telegram")
    assert stays != leaves
    done = await compiled(store, tmp_path / "out")
    assert (done.contributions, done.withdrawn) == (1, 2)
    assert "PARTI" not in done.files[0].read_text(encoding="utf-8")
    data = await exported(store)
    assert data.withdrawn == 2
    assert on_record(data)["c5_mechanism"] == ["Reste."]
    assert {row[0] for row in data.history.rows} == {row[0] for row in data.answers.rows}


async def test_interviews_of_another_form_are_told_and_their_data_exported(store: Store, tmp_path: Path) -> None:
    await official(store, "Police", [AGREE, Say("Du guide."), Say("Merci."), SEND])
    await official(store, "Douanes", [AGREE, Say("D’ailleurs.")], of=form("elsewhere"))
    done = await compiled(store, tmp_path / "out")
    assert (done.contributions, done.unsubmitted, done.others) == (1, 0, 1)
    assert on_record(await exported(store))["c5_mechanism"] == ["Du guide.", "D’ailleurs."]


async def test_a_country_of_which_nothing_is_known_has_a_draft_that_says_so(store: Store, tmp_path: Path) -> None:
    done = await compiled(store, tmp_path / "out", "docx", "pdf", "html", country="gh", language="en")
    assert [path.name for path in done.files] == [f"GHA-en-draft.{kind}" for kind in ("docx", "pdf", "html")]
    assert done.contributions == 0
    assert all(path.stat().st_size > 1000 for path in done.files)


async def test_an_unknown_country_writes_nothing(store: Store, tmp_path: Path) -> None:
    for country in ("XXX", "", "../BFA"):
        with pytest.raises(UnknownCountry):
            await compiled(store, tmp_path / "out", country=country)
        with pytest.raises(UnknownCountry):
            await export(store, FORMS, country, "fr", NOW)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("state", ["", "{}", "[]", "null", '{"form": ["guide"]}', '{"form": 1, "records": 2}'])
async def test_a_damaged_interview_is_named(store: Store, tmp_path: Path, state: str) -> None:
    await official(store, "Police", [AGREE])
    async with store.writing() as tx:
        (read,) = await tx.interviews.of_country("BFA")
        await tx.interviews.save(read, state, NOW)
    with pytest.raises(Unreadable) as caught:
        await compiled(store, tmp_path / "out")
    assert caught.value.number == read.id
    assert not (tmp_path / "out").exists()


async def test_a_draft_and_its_data_are_of_one_moment(store: Store) -> None:
    for name in ("Police", "Douanes"):
        await official(store, name, [AGREE, Say("Avant."), Say("Merci."), SEND])
    seen: list[tuple[int, int]] = []
    gathered = await gather(
        store, FORMS, "BFA", "fr", NOW, revisions=True, progress=lambda done, total: seen.append((done, total))
    )
    assert seen == [(1, 2), (2, 2)]
    assert {one.interview_id for one in gathered.revisions} == {voice.stored.id for voice in gathered.voices}


async def test_a_contribution_is_in_the_draft_by_what_the_ledger_says_and_not_by_an_answer(
    store: Store, tmp_path: Path
) -> None:
    await official(store, "Police", [AGREE, Say("Des postes."), Say("Merci."), SEND])
    async with store.writing() as tx:
        await Dossiers().record(tx, "BFA", COMMAND_LINE, [ContributionChanged(1)], NOW)
    done = await compiled(store, tmp_path / "out")
    assert (done.contributions, done.unsubmitted) == (0, 1)


async def test_what_is_restricted_to_the_state_is_read_by_nobody_before_the_coordinator_releases_it(
    store: Store, tmp_path: Path
) -> None:
    held = form("guide", "s18_border")
    forms = {"guide": held}
    said = [AGREE, Say("AVANT"), Edit("/data/s18_border"), Say("PATROUILLES"), Say("Merci."), SEND]
    await official(store, "Police", said, of=held)
    await official(store, "Douanes", [AGREE, Say("AILLEURS")], of=form("elsewhere", "s18_border"))

    async def everything() -> str:
        draft = await compiled(store, tmp_path / "out", forms=forms)
        data = await export(store, forms, "BFA", "fr", NOW)
        written = [draft.files[0].read_text("utf-8"), data.as_json("BFA", "fr", NOW).decode(), str(data.sheets())]
        return "".join(written)

    data = await export(store, forms, "BFA", "fr", NOW)
    assert data.restricted == 2
    assert not {"AVANT", "PATROUILLES", "AILLEURS"} & set(on_record(data).get("s18_border", ()))
    found = await everything()
    assert not any(words in found for words in ("AVANT", "PATROUILLES", "AILLEURS"))
    await release(store)
    assert "PATROUILLES" not in await everything()
    async with store.writing() as tx:
        await take(tx, Actor("coordinator", 0, "BFA"), Release(1, 1, ("s18_border",)))
    assert "PATROUILLES" in await everything()
    assert "AILLEURS" not in await everything()
    assert (await export(store, forms, "BFA", "fr", NOW)).restricted == 1


async def test_companion_forms_are_no_contributions(store: Store, tmp_path: Path) -> None:
    await official(store, "Police", [AGREE, Say("Des postes."), Say("Merci."), SEND])
    await official(store, "Douanes", [], of=companion_form("interest"))
    done = await compiled(store, tmp_path / "out")
    assert (done.contributions, done.unsubmitted, done.others) == (1, 0, 0)


# ---- the data --------------------------------------------------
HOSTILE = ["=1+1", "+41 79", "-2", "@SUM(A1)", "\t=1", "＝1+1", '=HYPERLINK("http://x","y")']


async def test_cells_that_look_like_formulas_are_text(store: Store) -> None:
    from bot.documents.spreadsheet import to_csv, to_xlsx

    for number, words in enumerate(HOSTILE):
        await official(store, f"={number}+{number}", [AGREE, Say(words), Say("Merci."), SEND])
    done = await exported(store)
    table = list(csv.reader(io.StringIO(to_csv(done.answers).decode("utf-8-sig"))))
    for row in table:
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "＝")) for cell in row)
    book = load_workbook(io.BytesIO(to_xlsx((done.answers, done.history), NOW)))
    assert book.sheetnames == ["answers", "history"]
    for page in book:
        assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "inlineStr", "n", "b"}
    values = [row[7].value for row in book["answers"].iter_rows() if row[5].value == "c5_mechanism"]
    assert [str(value).strip() for value in values] == [words.strip() for words in HOSTILE]


async def test_json_holds_every_answer_and_its_history(store: Store) -> None:
    await official(store, "Police", [AGREE, Say("Un \ud83d mot \U0001d11e."), Say("Merci."), SEND])
    data = json.loads((await exported(store)).as_json("BFA", "fr", NOW))
    assert (data["country"], data["language"], data["exported_at"]) == ("BFA", "fr", NOW.isoformat())
    assert [row["question"] for row in data["answers"]][:4] == ["p2_consent", "c5_mechanism", "f3_remark", "f4_submit"]
    assert data["answers"][1]["status_of_the_contribution"] == "submitted"
    assert data["answers"][1]["label"] == "Quel mécanisme ?"
    assert len(data["history"]) == 4
    assert all(row["author"] for row in data["history"])


async def test_more_rows_than_a_sheet_takes_go_on_in_the_next(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.guides.MOST_ROWS", 3)
    await official(store, "Police", [AGREE, Say("Un."), Say("Deux."), SEND])
    sheets = (await exported(store)).sheets()
    assert [(sheet.name, len(sheet.rows)) for sheet in sheets] == [
        ("answers", 3),
        ("answers", 2),
        ("history", 3),
        ("history", 1),
    ]


# ---- files -----------------------------------------------------
def test_files_are_written_all_or_none(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "a").write_text("before")
    with pytest.raises(IsADirectoryError):
        write({tmp_path / "a": b"after", tmp_path / "b": b"after"})
    assert (tmp_path / "a").read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]
    write({tmp_path / "a": b"after"}, private=True)
    assert (tmp_path / "a").read_bytes() == b"after"
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


def test_a_full_disk_leaves_the_last_draft(tmp_path: Path) -> None:
    import resource
    import signal

    (tmp_path / "a").write_text("the last draft")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            write({tmp_path / "a": b"x" * 500, tmp_path / "b": b"x" * 5000})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert (tmp_path / "a").read_text() == "the last draft"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_folder_that_may_only_be_read_keeps_what_it_has(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir(mode=0o500)
    if os.access(tmp_path / "out", os.W_OK):
        pytest.skip("root may write to any folder")
    with pytest.raises(PermissionError):
        write({tmp_path / "out" / "a": b"x"})
