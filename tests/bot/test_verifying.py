"""`griot verify`, `griot key`, `griot ledger`: what anybody can check, with nothing but the files."""

from __future__ import annotations

import json
import sqlite3
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from bot.__main__ import build
from bot.checking import MOST_FILES
from bot.documents.package import checksums
from db.transaction import Transaction
from flows.country.ledger import digest, sealed
from flows.country.ledger_json import lines
from flows.country.receipt import to_bytes
from tests.bot.command_line import alone, stored
from tests.bot.packages import SEED, SIGNING, packed, receipt_of
from tests.budget import examples
from tests.flows.country.endorsing import AT, FILES, chain


def griot(*arguments: object, **environment: str) -> Result:
    given = {f"GRIOT_{name.upper()}": value for name, value in environment.items()}
    return CliRunner().invoke(build(), list(map(str, arguments)), env=given)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the endorsed files, the receipt and the package in it, and no settings."""
    alone(tmp_path, monkeypatch)
    for name, content in FILES.items():
        Path(name).write_bytes(content)
    Path("receipt-BFA-3.json").write_bytes(to_bytes(receipt_of(chain())))
    Path("plain.json").write_bytes(to_bytes(receipt_of(chain(), signed=False)))
    Path("guide-BFA-v3.zip").write_bytes(packed())
    return tmp_path


def unpacked(where: str = "unpacked") -> Path:
    with zipfile.ZipFile("guide-BFA-v3.zip") as archive:
        archive.extractall(where)
    return Path(where) / "guide-BFA-v3"


def bundle(members: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile("other.zip", "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def refused(result: Result) -> str:
    """The one line of a refusal."""
    assert result.exit_code == 1 and result.stdout == "", result.output
    (line,) = result.stderr.splitlines()
    return line


# ---- files and their receipt -----------------------------------
def test_every_file_has_a_line_and_the_last_is_the_verdict() -> None:
    result = griot("verify", "receipt-BFA-3.json", *FILES)
    assert result.exit_code == 0, result.output
    shown = result.stdout.splitlines()
    assert shown[:4] == [f"{name}: exactly the endorsed file" for name in FILES]
    assert shown[4] == f"The signature is valid (fingerprint of the key: {SIGNING.key.fingerprint})."
    assert "--key" in shown[5]
    assert shown[-1].replace("\u00a0", " ") == (
        "The 4 files are exactly what was endorsed: Burkina Faso, version 3, on 3 November 2026 at 16:41 UTC (17:41 in "
        "Africa/Lagos), entry 21 of the ledger."
    )


def test_it_speaks_french_and_needs_no_settings(folder: Path) -> None:
    Path(".env").write_text("this is no setting\n", encoding="utf-8")
    result = griot("verify", "plain.json", "guide-BFA-v3-fr.pdf", language="fr", database_url="nonsense")
    assert result.exit_code == 0
    first, unsigned, last = result.stdout.splitlines()
    assert first == "guide-BFA-v3-fr.pdf\u00a0: exactement le fichier endossé"
    assert unsigned.startswith("Le reçu n’est pas signé") and last.startswith("Le fichier est exactement celui")
    assert not Path("griot.db").exists()
    assert griot("verify", "plain.json", "guide-BFA-v3-fr.pdf", language="xx").stdout.endswith("ledger.\n")


@settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(FILES)), st.data())
def test_one_changed_byte_is_enough_to_be_refused(name: str, data: st.DataObject) -> None:
    content = bytearray(FILES[name])
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    Path(name).write_bytes(bytes(content))
    result = griot("verify", "receipt-BFA-3.json", *FILES)
    Path(name).write_bytes(FILES[name])
    assert result.exit_code == 1
    shown = result.stdout.splitlines()
    assert f"{name}: changed, not the file endorsed under this name" in shown
    assert shown[-1] == "Not confirmed: do not take these files for the endorsed version."


def test_files_of_other_names_are_recognised_and_others_are_not_covered() -> None:
    Path("copy.pdf").write_bytes(FILES["guide-BFA-v3-fr.pdf"])
    Path("other.pdf").write_bytes(b"%PDF")
    assert (
        "copy.pdf: exactly the file endorsed under the name guide-BFA-v3-fr.pdf"
        in griot("verify", "receipt-BFA-3.json", "copy.pdf").stdout
    )
    result = griot("verify", "receipt-BFA-3.json", "copy.pdf", "other.pdf")
    assert result.exit_code == 1 and "other.pdf: not among the endorsed files" in result.stdout


def test_the_key_that_is_asked_for_has_to_be_the_one() -> None:
    pdf = "guide-BFA-v3-fr.pdf"
    for key in (SIGNING.key.public, SIGNING.key.fingerprint, SIGNING.key.fingerprint.upper()):
        result = griot("verify", "receipt-BFA-3.json", pdf, "--key", key)
        assert result.exit_code == 0 and "--key" not in result.stdout
    result = griot("verify", "receipt-BFA-3.json", pdf, "--key", "0" * 32)
    assert result.exit_code == 1 and "another key" in result.stdout
    result = griot("verify", "plain.json", pdf, "--key", SIGNING.key.public)
    assert result.exit_code == 1 and "signature is missing" in result.stdout
    assert griot("verify", "receipt-BFA-3.json", pdf, "--key", "guess").exit_code == 2


def test_a_newer_ledger_tells_whether_the_endorsement_still_holds() -> None:
    grown = chain()
    Path("ledger.json").write_bytes(lines(grown.entries))
    pdf = "guide-BFA-v3-fr.pdf"
    result = griot("verify", "plain.json", pdf, "--ledger", "ledger.json")
    assert result.exit_code == 0 and "none of the entries after it, up to 21, voids it" in result.stdout
    grown.add("draft.made", {"edition": {"version": 4}})
    Path("ledger.json").write_bytes(lines(grown.entries))
    result = griot("verify", "plain.json", pdf, "--ledger", "ledger.json")
    assert result.exit_code == 0 and "version 4" in result.stdout
    grown.void(21, "mapping", "border")
    Path("ledger.json").write_bytes(lines(grown.entries, texts=False))
    result = griot("verify", "plain.json", pdf, "--ledger", "ledger.json")
    assert result.exit_code == 1
    assert "voided on 3\u00a0November 2026 by entry 23 of the ledger. What changed: mapping, border." in result.stdout
    Path("ledger.json").write_bytes(b"{}\n")
    assert "ledger.json, line 1, cannot be read" in refused(
        griot("verify", "plain.json", pdf, "--ledger", "ledger.json")
    )


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\0", b"{}", b"null", b"[" * 200_000, b'{"a":NaN}', b" " * 2_000_000, b'{"format":"griot-receipt/9"}',
        b'{"format":1,"format":1}', b"%PDF-1.7", b'{"format":"griot-receipt/1","\\u001b[2J":1}', b'"' + b"x" * 900_000,
    ],
)  # fmt: skip
def test_a_hostile_receipt_gets_one_line(data: bytes) -> None:
    Path("hostile.json").write_bytes(data)
    line = refused(griot("verify", "hostile.json", "guide-BFA-v3-fr.pdf"))
    assert line.startswith("hostile.json cannot be read as a receipt: ") and len(line) < 300 and "\x1b" not in line


def test_nothing_that_a_receipt_says_moves_the_terminal() -> None:
    grown = chain(files={"\x1b[2J\u202egpj.pdf": b"x"})
    Path("odd.json").write_bytes(to_bytes(receipt_of(grown)))
    Path("x.pdf").write_bytes(b"x")
    result = griot("verify", "odd.json", "x.pdf")
    assert result.exit_code == 0 and "\x1b" not in result.stdout and "\u202e" not in result.stdout


def test_what_is_not_there_is_said_in_one_line() -> None:
    assert "gone.json cannot be read: No such file" in refused(griot("verify", "gone.json", "x.pdf"))
    assert "gone.pdf cannot be read: No such file" in refused(griot("verify", "plain.json", "gone.pdf"))
    assert ". cannot be read" in refused(griot("verify", "plain.json", "."))
    assert griot("verify", "plain.json").exit_code == 2
    assert griot("verify").exit_code == 2


# ---- packages --------------------------------------------------
def test_a_package_is_checked_whole_as_archive_and_as_folder() -> None:
    for held in ("guide-BFA-v3.zip", unpacked()):
        result = griot("verify", held)
        assert result.exit_code == 0, result.output
        shown = result.stdout.splitlines()
        assert set(shown[:4]) == {f"{name}: exactly the endorsed file" for name in FILES}
        for name in ("README.txt", "metadata.json", "receipt.json"):
            assert f"{name}: as the list of checksums says" in shown
        assert shown[-1].startswith("The 4 files are exactly what was endorsed")
    assert griot("verify", "guide-BFA-v3.zip", "guide-BFA-v3-fr.pdf").exit_code == 0
    Path("guide-BFA-v3-fr.pdf").write_bytes(b"changed")
    assert griot("verify", "guide-BFA-v3.zip", "guide-BFA-v3-fr.pdf").exit_code == 1


@settings(max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_changed_byte_in_a_package_s_files_is_found(data: st.DataObject) -> None:
    folder = unpacked()
    path = folder / data.draw(st.sampled_from(sorted(path.name for path in folder.iterdir())))
    before = path.read_bytes()
    content = bytearray(before)
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(bytes(content))
    result = griot("verify", folder)
    path.write_bytes(before)
    assert result.exit_code == 1, (path, content)


def test_a_changed_file_is_found_also_where_its_checksum_was_changed_with_it() -> None:
    folder = unpacked()
    (folder / "guide-BFA-v3-fr.pdf").write_bytes(b"%PDF other")
    parts = {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "SHA256SUMS"}
    (folder / "SHA256SUMS").write_bytes(checksums(parts))
    result = griot("verify", folder)
    assert result.exit_code == 1 and "guide-BFA-v3-fr.pdf: changed, not the file endorsed" in result.stdout
    values = json.loads(parts["metadata.json"])
    values["version"] = 4
    parts["metadata.json"] = json.dumps(values).encode()
    parts["guide-BFA-v3-fr.pdf"] = FILES["guide-BFA-v3-fr.pdf"]
    for name, content in {**parts, "SHA256SUMS": checksums(parts)}.items():
        (folder / name).write_bytes(content)
    result = griot("verify", folder)
    assert result.exit_code == 1 and "metadata.json: contradicts the receipt (version)" in result.stdout


def test_what_is_missing_or_too_much_in_a_package_is_named() -> None:
    folder = unpacked()
    (folder / ".DS_Store").write_bytes(b"left by a file manager")
    assert griot("verify", folder).exit_code == 0
    (folder / "more.pdf").write_bytes(b"%PDF")
    (folder / "guide-BFA-v3-en.pdf").unlink()
    shown = griot("verify", folder).stdout.splitlines()
    assert "more.pdf: not in the list of checksums" in shown
    assert "guide-BFA-v3-en.pdf: endorsed, but not in the package" in shown
    assert "guide-BFA-v3-en.pdf: missing from the package" in shown
    (folder / "metadata.json").unlink()
    assert griot("verify", folder).exit_code == 1
    (folder / "SHA256SUMS").unlink()
    assert "SHA256SUMS is missing or cannot be read" in refused(griot("verify", folder))
    (folder / "receipt.json").unlink()
    assert "receipt.json is missing" in refused(griot("verify", folder))


def members() -> dict[str, bytes]:
    with zipfile.ZipFile("guide-BFA-v3.zip") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("name", ["../x", "/x", "a//b", "..\\x", "C:x", "./x"])
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    bundle({**members(), name: b"x"})
    refused(griot("verify", "other.zip"))


def test_archives_that_nobody_made_for_reading_are_refused_in_one_line(folder: Path) -> None:
    whole = Path("guide-BFA-v3.zip").read_bytes()
    Path("other.zip").write_bytes(b"PK\x03\x04 nonsense")
    assert "damaged" in refused(griot("verify", "other.zip"))
    Path("other.zip").write_bytes(whole[: len(whole) // 2])
    refused(griot("verify", "other.zip"))
    Path("other.zip").write_bytes(whole.replace(b"%PDF-1.7 exemple", b"%PDF-1.7 EXEMPLE"))
    assert "damaged" in refused(griot("verify", "other.zip"))
    Path("other.zip").write_bytes(b"")
    refused(griot("verify", "other.zip"))
    with pytest.warns(UserWarning), zipfile.ZipFile("other.zip", "w") as archive:
        for name, content in (*members().items(), ("guide-BFA-v3/README.txt", b"twice")):
            archive.writestr(name, content)
    assert "twice" in refused(griot("verify", "other.zip"))
    bundle({**members(), **{f"guide-BFA-v3/{number}": b"" for number in range(MOST_FILES)}})
    assert "too many" in refused(griot("verify", "other.zip"))
    link = zipfile.ZipInfo("guide-BFA-v3/link")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile("other.zip", "w") as archive:
        for name, content in members().items():
            archive.writestr(name, content)
        archive.writestr(link, "/etc/passwd")
    refused(griot("verify", "other.zip"))
    (unpacked() / "link").symlink_to("/etc/passwd")
    refused(griot("verify", "unpacked/guide-BFA-v3"))


def test_an_archive_that_unpacks_to_more_than_a_package_is_not_unpacked() -> None:
    bundle({**members(), "guide-BFA-v3/bomb": b"\0"})
    data = bytearray(Path("other.zip").read_bytes())
    place = data.rindex(b"guide-BFA-v3/bomb") - 46 + 24  # the size in the central directory
    data[place : place + 4] = struct.pack("<I", 2**31)
    Path("other.zip").write_bytes(bytes(data))
    assert "too large" in refused(griot("verify", "other.zip"))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
@pytest.mark.slow
def test_no_damage_to_an_archive_ends_with_a_traceback(data: st.DataObject) -> None:
    content = bytearray(Path("guide-BFA-v3.zip").read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    Path("other.zip").write_bytes(bytes(content))
    result = griot("verify", "other.zip")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    with zipfile.ZipFile(BytesIO(Path("guide-BFA-v3.zip").read_bytes())) as archive:
        same = {name: archive.read(name) for name in archive.namelist()}
    if result.exit_code == 0:  # only what is said about the files was hit, not the files
        with zipfile.ZipFile("other.zip") as archive:
            assert {name: archive.read(name) for name in archive.namelist()} == same


# ---- keys ------------------------------------------------------
def test_a_new_key_signs_and_its_public_half_is_shown() -> None:
    result = griot("key", "new")
    name, _, seed = result.stdout.strip().partition("=")
    assert (result.exit_code, name) == (0, "GRIOT_SIGNING_KEY") and seed not in result.stderr
    shown = griot("key", "public", signing_key=seed).stdout
    assert shown.splitlines() == result.stderr.splitlines()[1:]
    assert griot("key", "new").stdout != result.stdout
    assert SIGNING.key.public in griot("key", "public", signing_key=SEED).stdout


def test_a_key_that_is_none_is_refused_without_showing_it() -> None:
    for wrong in ("secret", "c2VjcmV0", SEED[:-2] + "F=", SEED + "\n"):
        result = griot("key", "public", signing_key=wrong)
        assert "GRIOT_SIGNING_KEY" in refused(result) and wrong.strip() not in result.output
    assert "griot key new" in refused(griot("key", "public"))


def test_the_doctor_notes_that_receipts_are_not_signed() -> None:
    assert "griot key new" in griot("doctor").stdout
    assert "griot key new" not in griot("doctor", signing_key=SEED).stdout


def test_the_private_key_is_shown_nowhere() -> None:
    from bot.settings import Settings

    settings = Settings(signing_key=SEED, _env_file=None)  # type: ignore[arg-type, call-arg]
    assert SEED not in repr(settings) and SEED not in str(settings.model_dump())
    assert SEED not in repr(SIGNING) and SEED not in repr(vars(SIGNING))


# ---- the ledger ------------------------------------------------
@pytest.fixture
def database(folder: Path) -> Path:
    """A store with two chains."""

    async def fill(tx: Transaction) -> None:
        for chain_, count in (("BFA", 5), ("", 2)):
            for number in range(count):
                fact = ("happened", {"what": number}, {"note": "à 8 h"})
                await tx.ledger.append(chain_, [fact], at=AT, actor_id=None, role="x")

    stored(fill)
    return folder / "griot.db"


def tamper(statement: str) -> None:
    with sqlite3.connect("griot.db") as connection:
        connection.execute(statement)
    connection.close()


def test_a_ledger_is_exported_and_holds(database: Path) -> None:
    result = griot("ledger", "export", "bf", "--out", "out/ledger.json")
    assert result.exit_code == 0, result.output
    assert Path("out/ledger.json").read_bytes().count(b"\n") == 5
    assert Path("out/ledger.json").stat().st_mode & 0o077 == 0
    result = griot("ledger", "check", "--with", "out/ledger.json")
    assert result.exit_code == 0
    assert [line.split(":")[0] for line in result.stdout.splitlines()] == ["exercise", "BFA"]
    assert griot("ledger", "export", "exercise", "--no-texts").exit_code == 0
    assert "à 8 h" not in Path("ledger-exercise.json").read_text("utf-8")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger SET kind = 'other' WHERE chain = 'BFA' AND number = 3",
        "UPDATE ledger SET facts = '{\"what\":9}' WHERE chain = 'BFA' AND number = 3",
        "UPDATE ledger SET facts = '{' WHERE chain = 'BFA' AND number = 3",
        "UPDATE ledger SET words = '{\"note\":\"x\"}' WHERE chain = 'BFA' AND number = 3",
        "UPDATE ledger SET role = 'y' WHERE chain = 'BFA' AND number = 1",
        "DELETE FROM ledger WHERE chain = 'BFA' AND number = 1",
        "DELETE FROM ledger WHERE chain = 'BFA' AND number = 3",
    ],
)
def test_a_change_in_the_database_is_found(database: Path, statement: str) -> None:
    tamper(statement)
    result = griot("ledger", "check")
    assert result.exit_code == 1 and "BFA" in result.output and "Traceback" not in result.output
    assert griot("ledger", "check", "exercise").exit_code == 0


def test_an_end_that_was_cut_off_is_found_with_an_earlier_export(database: Path) -> None:
    assert griot("ledger", "export", "BFA").exit_code == 0
    tamper("DELETE FROM ledger WHERE chain = 'BFA' AND number = 5")
    assert griot("ledger", "check").exit_code == 0
    result = griot("ledger", "check", "--with", "ledger-BFA.json")
    assert result.exit_code == 1 and "entry 5 is missing" in result.stdout
    tamper("DELETE FROM ledger WHERE chain = 'BFA'")
    assert griot("ledger", "check", "--with", "ledger-BFA.json").exit_code == 1


def test_erased_words_break_nothing(database: Path) -> None:
    tamper("UPDATE ledger SET words = NULL WHERE chain = 'BFA'")
    assert griot("ledger", "check").exit_code == 0


def test_what_cannot_be_exported_or_checked_gets_one_line(database: Path) -> None:
    assert "nothing in the ledger" in refused(griot("ledger", "export", "MLI"))
    assert "ISO code" in refused(griot("ledger", "export", "XXX"))
    Path("file").write_bytes(b"")
    refused(griot("ledger", "export", "BFA", "--out", "file/ledger.json"))
    refused(griot("ledger", "check", "--with", "gone.json"))
    refused(griot("ledger", "check", "--with", "file"))


def test_a_receipt_whose_entry_was_altered_is_named_so() -> None:
    known = receipt_of(chain(), signed=False)
    entry = replace(known.entry, role="secretariat")
    assert digest(sealed(entry)) != entry.hash
    Path("altered.json").write_bytes(to_bytes(replace(known, entry=entry)))
    result = griot("verify", "altered.json", "guide-BFA-v3-fr.pdf")
    assert result.exit_code == 1 and "does not fit the hash of entry 21" in result.stdout
