"""The bot's own side: its name, commands and menus, files, chats, and how it receives updates."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

from tests.telegram.world import Object, Refusal, World, bad_request

DOWNLOAD_LIMIT = 20 * 1024 * 1024
TEXT_LIMITS = {"name": 64, "description": 512, "short_description": 120}
LONG_WAIT_LIMIT = 50  # seconds; longer waits are shortened
UPDATES_LIMIT = 100


class Account:
    """One method per Bot API method, in snake case. getUpdates waits, so the server plays it."""

    world: World

    def get_me(self) -> Object:
        return self.world.me

    # ---- what people read about the bot ----------------------------------------------------------------------------
    def set_my_commands(self, **p: Any) -> bool:
        commands = p["commands"]
        if len(commands) > 100:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            if not re.fullmatch(r"/?[a-z0-9_]{1,32}", command["command"]):
                raise bad_request("BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"].strip()) <= 256:
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        self.world.commands[self._scope(p)] = [
            {**command, "command": command["command"].removeprefix("/")} for command in commands
        ]
        return True

    def delete_my_commands(self, **p: Any) -> bool:
        self.world.commands.pop(self._scope(p), None)
        return True

    def get_my_commands(self, **p: Any) -> list[Object]:
        return self.world.commands.get(self._scope(p), [])

    def set_my_name(self, **p: Any) -> bool:
        return self._set_text("name", p)

    def get_my_name(self, **p: Any) -> Object:
        return self._get_text("name", p)

    def set_my_description(self, **p: Any) -> bool:
        return self._set_text("description", p)

    def get_my_description(self, **p: Any) -> Object:
        return self._get_text("description", p)

    def set_my_short_description(self, **p: Any) -> bool:
        return self._set_text("short_description", p)

    def get_my_short_description(self, **p: Any) -> Object:
        return self._get_text("short_description", p)

    def set_chat_menu_button(self, **p: Any) -> bool:
        self.world.menu_buttons[p.get("chat_id", 0)] = p.get("menu_button", {"type": "default"})
        return True

    def get_chat_menu_button(self, **p: Any) -> Object:
        return self.world.menu_buttons.get(p.get("chat_id", 0), {"type": "commands"})

    def _scope(self, p: Object) -> tuple[str, str]:
        scope = p.get("scope") or {"type": "default"}
        if "chat_id" in scope:
            self.world.room(scope["chat_id"])
        return json.dumps(scope, sort_keys=True), _language(p)

    def _set_text(self, name: str, p: Object) -> bool:
        text = p.get(name, "")
        if len(text) > TEXT_LIMITS[name]:
            raise bad_request(f"{name.replace('_', ' ')} is too long")
        self.world.texts[name, _language(p)] = text
        return True

    def _get_text(self, name: str, p: Object) -> Object:
        general = self.world.texts.get((name, ""), self.world.me["first_name"] if name == "name" else "")
        return {name: self.world.texts.get((name, _language(p))) or general}

    # ---- files and chats -------------------------------------------------------------------------------------------
    def get_file(self, **p: Any) -> Object:
        stored = self.world.files.get(p["file_id"])
        if stored is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        if stored.size > DOWNLOAD_LIMIT:
            raise bad_request("file is too big")
        path = f"documents/{p['file_id']}"
        stored.created = self.world.clock.ticks()
        unique = stored.unique
        return {"file_id": p["file_id"], "file_unique_id": unique, "file_size": stored.size, "file_path": path}

    def download(self, path: str) -> bytes | None:
        """The bytes under a file_path, None when the link is unknown or older than an hour."""
        stored = self.world.files.get(path.removeprefix("documents/"))
        if stored is None or self.world.clock.ticks() - stored.created > self.world.file_lifetime:
            return None
        return stored.content

    def get_chat(self, **p: Any) -> Object:
        gifts = dict.fromkeys(
            ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
        )
        details = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}
        return {**self.world.room(p["chat_id"]).chat, **details}

    def get_chat_member(self, **p: Any) -> Object:
        room = self.world.room(p["chat_id"])
        if p["user_id"] == self.world.me["id"]:
            return member(self.world.me, room.bot_status)
        person = self.world.people.get(p["user_id"])
        if person is None:
            raise bad_request("user not found")
        return member(person, "member")

    def leave_chat(self, **p: Any) -> bool:
        room = self.world.writable(p["chat_id"])
        if room.chat["type"] == "private":
            raise bad_request("chat member status can't be changed in private chats")
        before = member(self.world.me, room.bot_status)
        room.bot_status = "left"
        after = member(self.world.me, "left")
        change = {"chat": room.chat, "from": self.world.me, "date": self.world.clock.now()}
        self.world.push("my_chat_member", {**change, "old_chat_member": before, "new_chat_member": after})
        self.world.record(room, "service", {}, "left")
        return True

    # ---- receiving -------------------------------------------------------------------------------------------------
    def set_webhook(self, **p: Any) -> bool:
        url = urlsplit(p["url"])
        if p["url"] and url.hostname not in ("127.0.0.1", "localhost", "::1"):
            raise bad_request("bad webhook: only loopback addresses are played here")
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", p.get("secret_token", "")):
            raise bad_request("secret token contains unallowed characters")
        self._receive(p)
        self.world.webhook = {"url": p["url"], "secret_token": p.get("secret_token", "")}
        self.world.touch()
        return True

    def delete_webhook(self, **p: Any) -> bool:
        self._receive(p)
        self.world.webhook = {"url": ""}
        self.world.touch()
        return True

    def get_webhook_info(self) -> Object:
        known = {key: value for key, value in self.world.webhook.items() if key != "secret_token"}
        return {**known, "has_custom_certificate": False, "pending_update_count": len(self.world.pending())}

    def _receive(self, p: Object) -> None:
        if p.get("drop_pending_updates"):
            self.world.acknowledge(10**15)
        if "allowed_updates" in p:
            self.world.allowed_updates = p["allowed_updates"]

    def updates_now(self, offset: int, limit: int, allowed: list[str] | None) -> list[Object]:
        """One look at the queue for getUpdates: acknowledges all below `offset`, then what waits from there on."""
        if self.world.webhook["url"]:
            raise Refusal(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        if allowed is not None:
            self.world.allowed_updates = allowed
        if offset < 0:
            kept = self.world.pending()[offset:]
            offset = int(kept[0].update["update_id"]) if kept else 0
        if offset > 0:
            self.world.acknowledge(offset)
        found = self.world.pending()[: max(1, min(limit, UPDATES_LIMIT))]
        for delivery in found:
            self.world.delivered(delivery)
        return [delivery.update for delivery in found]


RIGHTS = (
    *("can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats"),
    *("can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users"),
    *("can_post_stories", "can_edit_stories", "can_delete_stories", "can_send_welcome_messages"),
)


def member(user: Object, status: str) -> Object:
    """A ChatMember; an administrator without any right."""
    extra: Object = {"until_date": 0} if status == "kicked" else {}
    if status == "administrator":
        extra = dict.fromkeys(RIGHTS, False)
    return {"user": user, "status": status, **extra}


def _language(p: Object) -> str:
    code = str(p.get("language_code", ""))
    if not re.fullmatch(r"([a-z]{2})?", code):
        raise bad_request("LANG_CODE_INVALID")
    return code
