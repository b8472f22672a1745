"""Prompts as the outbox keeps them: JSON in, the same prompt out."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from bot.messages import Button, Document, Line, Prompt
from db.outbox import Message


def envelope(
    channel: str, address: str, prompt: Prompt, *, not_before: datetime | None = None, dedupe: str | None = None
) -> Message:
    """The outbox row that shows `prompt` at `address`; its key, edit and priority are the prompt's own."""
    return Message(
        channel, address, dump(prompt), prompt.key, prompt.edit, prompt.priority, not_before=not_before, dedupe=dedupe
    )


def dump(prompt: Prompt) -> str:
    """A prompt as JSON, without what is at its default."""
    value: dict[str, Any] = {"lines": [[line.text, line.style] for line in prompt.lines]}
    if prompt.buttons:
        value["buttons"] = [[_button(button) for button in row] for row in prompt.buttons]
    if prompt.documents:
        value["documents"] = [_document(one) for one in prompt.documents]
    for name in ("key", "edit", "language", "ask_location", "force_reply", "rtl", "priority"):
        if found := getattr(prompt, name):
            value[name] = found
    return json.dumps(value, separators=(",", ":"))


def load(text: str) -> Prompt:
    """The prompt that `dump` wrote."""
    value = json.loads(text)
    return Prompt(
        **{
            **value,
            "lines": tuple(Line(*line) for line in value["lines"]),
            "buttons": tuple(tuple(Button(*button) for button in row) for row in value.get("buttons", ())),
            "documents": tuple(Document(*one) for one in value.get("documents", ())),
        }
    )


def _document(one: Document) -> list[str | bool]:
    return [one.name, one.media_type, one.sha256, one.path, *([True] if one.picture else [])]


def _button(button: Button) -> list[str | bool | None]:
    if button.ticked is not None:
        return [button.label, button.action, button.url, button.ticked]
    return [button.label, button.action, button.url] if button.url else [button.label, button.action]
