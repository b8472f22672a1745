"""What is said at the door exists in every language, with the same values in it."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from babel.messages.pofile import read_po

from bot import reception
from bot.channels.telegram_out import pieces
from flows import i18n


def sentences(language: str, domain: str) -> dict[str, set[str]]:
    source = files("flows").joinpath("locales", language, f"{domain}.po").read_bytes().splitlines(keepends=True)
    found: dict[str, set[str]] = {}
    for message in read_po(source):
        if message.id:
            name = message.id if isinstance(message.id, str) else message.id[0]
            forms = (message.string,) if isinstance(message.string, str) else message.string
            assert all(forms), name
            found[str(name)] = {value for form in forms for value in re.findall(r"\{(\w+)\}", form)}
    return found


@pytest.mark.parametrize("domain", ["telegram", "turns", "running"])
def test_catalogues_say_the_same_in_each_language(domain: str) -> None:
    english = sentences("en", domain)
    for language in i18n.languages():
        assert sentences(language, domain) == english


@pytest.mark.parametrize("language", i18n.languages())
def test_everything_said_at_the_door_can_be_shown(language: str) -> None:
    kept = reception.Kept("official", "Ghana", "Statistical Service", 3, None, None, "")
    prompts = [
        reception.not_invited(language, ""),
        *(reception.invitation_refused(language, why, "x@y.org") for why in ("unknown", "used", "expired", "revoked")),
        *(reception.welcome(language, role, "Ghana", "") for role in ("coordinator", "secretariat", "expert")),
        reception.consent(language),
        reception.agreed(language, False, ""),
        reception.choose_language(language, [("fr", "Français"), ("en", "English")]),
        reception.commands(language, reception.COMMANDS),
        reception.mydata(language, kept, ""),
        reception.sentence(language, "unknown_command", name="<b>"),
    ]
    for prompt in prompts:
        assert pieces(prompt)
        assert prompt.language == language
