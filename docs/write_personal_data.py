"""Writes the reference page of personal data: what is kept where, why, how long, and how it goes.

.venv/bin/python docs/write_personal_data.py
"""

from __future__ import annotations

from pathlib import Path

from bot.settings import Settings
from db.schema import metadata
from flows.country.personal import PERSONAL_WORDS

PAGE = Path(__file__).parent / "reference" / "personal-data.md"

CONTACTS = "contacts"
Entry = tuple[str, str, str, str]
COLUMNS: dict[str, Entry] = {
    # column: what, why, how long (a category of flows/country/retention.py, or words), how it goes
    "people.label": ("how somebody is shown to others", "to know who takes part", CONTACTS, "emptied"),
    "addresses.address": ("the conversation's id in the messenger", "to speak to the person", CONTACTS, "row deleted"),
    "addresses.user": ("the user's id in the messenger", "to know the person again", CONTACTS, "row deleted"),
    "invitations.label": (
        "whom an invitation is meant for", "to forward it to the right person", "invitations, contacts once used",
        "emptied",
    ),
    "answers.value": (
        "contacts of who answers (P3), of their mandate (P5) and hierarchy (P6); people named in answers",
        "to ask back, to obtain clearance; in the guide's annex only as agreed (P7)", CONTACTS,
        "all revisions of these answers emptied; deleted as a whole where nothing was handed in",
    ),
    "answers.old_value": ("the answer before", "history of each answer", CONTACTS, "as `answers.value`"),
    "answers.display": ("the answer as it is read", "to show it without its form", CONTACTS, "as `answers.value`"),
    "interviews.state": (
        "the same answers, where the interview stands", "to go on with it", CONTACTS,
        "these answers taken out; the whole state where nothing was handed in",
    ),
    "seats.state": ("what a colleague is typing", "to go on with it", CONTACTS, "emptied"),
    "attachments.name": (
        "names of files, as people gave them", "to recognise them", "attachments, contacts",
        "row and content deleted with the answer",
    ),
    "outbox.address": ("where a message goes", "to send it, and to prove what was shown", CONTACTS, "rows deleted"),
    "outbox.prompt": (
        "what a message says", "to send it; emptied as soon as it is sent", "outbox",
        "emptied where it names the person",
    ),
    "inbox.payload": ("a message that could not be handled", "to try again, to find the fault", "inbox", "emptied"),
    "jobs.payload": ("what work is about", "to do it", "emptied with the person", "emptied"),
    "ledger.words": (
        "names in some kinds of entries (see below)", "the dossier's history", CONTACTS,
        "erased; the entry's seal still holds",
    ),
}  # fmt: skip
MARKED = "; personal data"
"""How a column's comment in the schema ends where it holds personal data."""


def marked() -> set[str]:
    """The columns that the schema says to hold personal data."""
    return {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if (column.comment or "").endswith(MARKED)
    }


def page() -> str:
    """The page, from the columns above, the settings and the kinds of the ledger's entries."""
    lines = [
        "# Personal data",
        "",
        "What Griot keeps about people who take part, where, why, how long, and how it goes. Griot asks for no data on",
        "migrants. Legal bases: the consent of each person (its text has a version and is asked for again when it",
        "changes) for their contact details; the public task of their institution for what they handed in for it.",
        "",
        "| Where | What | Why | How long | On deletion |",
        "|---|---|---|---|---|",
    ]
    for column, (what, why, kept, goes) in sorted(COLUMNS.items()):
        lines.append(f"| `{column}` | {what} | {why} | {kept} | {goes} |")
    lines += ["", "## How long", "", "| Setting | Default | Meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        if name.startswith("retention_"):
            lines.append(f"| `GRIOT_{name.upper()}` | {field.default} | {field.description} |")
    personal = sorted(kind for kind, is_personal in PERSONAL_WORDS.items() if is_personal)
    kept_kinds = sorted(kind for kind, is_personal in PERSONAL_WORDS.items() if not is_personal)
    lines += [
        "",
        "`griot retention plan` shows what is due and why, `griot retention run --yes` deletes it. Copies that were",
        "sent and other files that nothing refers to go after one month. A person sees their own date in /mydata.",
        "",
        "## What people can do",
        "",
        "/mydata shows what is kept. Its buttons send a copy (a text and JSON), correct name and language, withdraw",
        "consent or give it again, and delete. Contact answers are corrected in the questionnaire (/review). For who",
        "asks by letter: `griot person list|export|delete`.",
        "",
        "- **Withdrawal**: the contribution stops counting at once, accepted or not; an endorsed version of the guide",
        "  that rests on it is checked again. Coordinator and secretariat learn that, not why.",
        "- **Deletion**: name, contacts and addresses go; who said what becomes a number. What was handed in stays for",
        "  the institution's public task, without the contacts in it; what was never handed in goes as well. Texts",
        "  that stay and name the person are listed for the secretariat. Deleted content is overwritten (SQLite:",
        "  `secure_delete`, the file rebuilt, the write-ahead log emptied; PostgreSQL: tables rewritten).",
        "- **What stays**: the audit log (numbers only), the ledger's facts, papers by which a hierarchy cleared or a",
        "  country endorsed, guides already published. Backups keep what they hold until they are replaced.",
        "",
        "## Words in the ledger",
        "",
        "What people call the files they send stands with their answers, and goes with them; the ledger knows files by",
        "their hash and a name of our own (`interest-letter-BFA-12.pdf`).",
        "",
        "Erased with the person who wrote them or whom they name: " + ", ".join(f"`{kind}`" for kind in personal) + ".",
        "",
        "Kept as what an institution said: " + ", ".join(f"`{kind}`" for kind in kept_kinds) + ".",
        "",
        "## Who looked",
        "",
        "The audit log notes invitations redeemed, consents, copies, corrections, deletions, and readings of other",
        "people's answers. `griot audit export --out FILE` writes it, `griot audit check` proves that nothing in it",
        "was changed.",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
