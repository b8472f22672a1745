"""The Telegram channel: prompts out, files in and out, within the Bot API's limits and errors."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from telegram import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    Message,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.channels import telegram_in, telegram_out
from bot.channels.telegram_client import Bot
from bot.messages import (
    Document,
    NotDelivered,
    NotReached,
    Prompt,
    TooFast,
    Undeliverable,
    Unreachable,
)
from flows import i18n

IN_LIMIT = 20 * 1024 * 1024  # bytes of a file that can be fetched
PHOTO_LIMIT = 10 * 1024 * 1024  # bytes of a file that can be sent as a photo
OUT_LIMIT = 50 * 1024 * 1024  # bytes of a file that can be sent

CAPTION = 1024  # UTF-16 units of what is said under a file; the HTML of it is longer still
_NOTHING = telegram_out.Piece("")
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_GONE = ("chat not found", "user not found", "peer_id_invalid", "have no rights to send", "chat_write_forbidden")
_NO_PHOTO = ("image_process_failed", "photo_invalid", "photo_ext_invalid")
_UNEDITABLE = ("can't be edited", "message to edit not found", "message_id_invalid", "there is no text in the message")


Part = TypeVar("Part")


class Telegram:
    """How the outbox speaks to Telegram. `stored` says where the bytes of a stored attachment lie;
    `between` is the pause, in seconds, before a message that continues another."""

    name = telegram_in.CHANNEL

    def __init__(self, bot: Bot, stored: Callable[[str], Path], between: float = 1.05) -> None:
        self._bot = bot
        self._stored = stored
        self._between = between
        self._leaving: set[str] = set()

    async def send(self, address: str, prompt: Prompt, edits: str = "") -> str:
        """Show `prompt`; returns the id of the message that carries its text and buttons. Raises `NotDelivered`."""
        try:
            return await self._show(int(address), prompt, edits)
        except TelegramError as error:
            raise refused(error) from None

    async def _show(self, chat: int, prompt: Prompt, edits: str) -> str:
        pieces = telegram_out.pieces(prompt)
        shown = ""
        if edits and pieces and await self._edit(chat, int(edits), pieces[-1]):
            shown, pieces = edits, ()
        documents = list(prompt.documents)
        if not shown and len(pieces) == 1 and documents and _units(pieces[0].html) <= CAPTION:
            shown, pieces = await self._send_document(chat, documents.pop(0), pieces[0]), ()
        for piece in pieces:
            shown = await (self._paced(self._send_piece, chat, piece) if shown else self._send_piece(chat, piece))
        for document in documents:
            sent = await (
                self._paced(self._send_document, chat, document) if shown else self._send_document(chat, document)
            )
            shown = shown or sent
        return shown

    async def _send_piece(self, chat: int, piece: telegram_out.Piece) -> str:
        message: Message = await self._bot.send_message(
            chat,
            piece.html,
            parse_mode=ParseMode.HTML,
            reply_markup=piece.keyboard,
            link_preview_options=_NO_PREVIEW,
        )
        return str(message.message_id)

    async def _paced(self, send: Callable[[int, Part], Awaitable[str]], chat: int, part: Part) -> str:
        """Send what continues a message, at the pace of one chat. Waiting here, rather than beginning again later,
        keeps the first part from being shown twice."""
        await asyncio.sleep(self._between)
        for _ in range(3):
            try:
                return await send(chat, part)
            except RetryAfter as error:
                await asyncio.sleep(_seconds(error))
        return await send(chat, part)

    async def _edit(self, chat: int, message: int, piece: telegram_out.Piece) -> bool:
        """Put `piece` in the place of `message`; False where Telegram no longer lets it be edited."""
        keyboard = piece.keyboard if isinstance(piece.keyboard, InlineKeyboardMarkup) else None
        try:
            await self._bot.edit_message_text(
                piece.html,
                chat_id=chat,
                message_id=message,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard,
                link_preview_options=_NO_PREVIEW,
            )
        except BadRequest as error:
            reason = error.message.lower()
            if "not modified" in reason:
                return True
            if any(words in reason for words in _UNEDITABLE):
                return False
            raise
        return True

    async def _send_document(self, chat: int, document: Document, caption: telegram_out.Piece = _NOTHING) -> str:
        """Send a file; with what is said about it, and its buttons, where that is short enough to be its caption."""
        path = self._stored(document.sha256) if document.sha256 else Path(document.path)
        try:
            size = path.stat().st_size
            if size > OUT_LIMIT:
                raise Undeliverable("a file of more than 50 MB")
            if (
                document.picture
                and size <= PHOTO_LIMIT
                and (shown := await self._send_photo(chat, document, path, caption))
            ):
                return shown
            await self._bot.send_chat_action(chat, ChatAction.UPLOAD_DOCUMENT)
            with path.open("rb") as stream:
                file = InputFile(stream, filename=document.name, read_file_handle=False)
                message = await self._bot.send_document(
                    chat,
                    file,
                    disable_content_type_detection=True,
                    caption=caption.html or None,
                    parse_mode=ParseMode.HTML,
                    reply_markup=caption.keyboard,
                )
        except OSError:
            raise Undeliverable("a file that is no longer there") from None
        return str(message.message_id)

    async def _send_photo(self, chat: int, document: Document, path: Path, caption: telegram_out.Piece) -> str:
        """Send a file to be looked at; "" where Telegram does not take it for a photo."""
        await self._bot.send_chat_action(chat, ChatAction.UPLOAD_PHOTO)
        with path.open("rb") as stream:
            file = InputFile(stream, filename=document.name, read_file_handle=False)
            try:
                message = await self._bot.send_photo(
                    chat,
                    file,
                    caption=caption.html or None,
                    parse_mode=ParseMode.HTML,
                    reply_markup=caption.keyboard,
                )
            except BadRequest as error:
                if not any(words in error.message.lower() for words in _NO_PHOTO):
                    raise
                return ""
        return str(message.message_id)

    async def knock(self, address: str) -> None:
        """Whether messages arrive there, without sending one. Raises `NotDelivered`."""
        try:
            await self._bot.send_chat_action(int(address), ChatAction.TYPING)
        except TelegramError as error:
            raise refused(error) from None

    async def acknowledge(self, press_id: str, text: str = "") -> None:
        """Stop the button's spinner; a press too old to be acknowledged is no harm."""
        try:
            await self._bot.answer_callback_query(press_id, text=text[:200] or None)
        except TelegramError:
            return

    async def fetch(self, reference: str) -> bytes:
        """The bytes of a file that came in, at most 20 MB. Raises `NotDelivered`."""
        try:
            file = await self._bot.get_file(reference)
            if (file.file_size or 0) > IN_LIMIT:
                raise Undeliverable("a file of more than 20 MB")
            return bytes(await file.download_as_bytearray())
        except TelegramError as error:
            raise refused(error) from None

    async def leave(self, address: str, said: Prompt) -> None:
        """Say `said` in a group, and leave it; never raises. A group hears it once, however much is written there."""
        if address in self._leaving:
            return
        self._leaving.add(address)
        try:
            with suppress(NotDelivered):
                await self.send(address, said)
            with suppress(TelegramError):
                await self._bot.leave_chat(int(address))
        finally:
            self._leaving.discard(address)

    async def offer_commands(self, commands: Sequence[str]) -> None:
        """Set the command menu of private chats, once per language. Raises `NotDelivered`."""
        scope = BotCommandScopeAllPrivateChats()
        try:
            for language in i18n.languages():
                menu = [BotCommand(name, i18n.text(f"telegram.command_{name}", language)) for name in commands]
                code = None if language == i18n.FALLBACK else language
                await self._bot.set_my_commands(menu, scope=scope, language_code=code)
        except TelegramError as error:
            raise refused(error) from None


def _units(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def refused(error: TelegramError) -> NotDelivered:
    """What an error of the Bot API means for a message. Its own words may hold the token, and are not passed on."""
    if isinstance(error, RetryAfter):
        return TooFast(_seconds(error))
    if isinstance(error, Forbidden):
        return Unreachable("blocked" if "blocked" in error.message.lower() else "gone")
    if isinstance(error, ChatMigrated):
        return Unreachable("gone")
    if isinstance(error, BadRequest):
        reason = error.message.lower()
        return Unreachable("gone") if any(words in reason for words in _GONE) else Undeliverable(error.message)
    if isinstance(error, InvalidToken):
        return NotReached("the token was rejected")
    return NotReached(type(error).__name__)


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return float(wait) if isinstance(wait, int) else wait.total_seconds()
