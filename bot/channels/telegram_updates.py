"""How updates come in from Telegram: by long polling, or by a webhook.

An update is acknowledged only after `Receiver.receive` returned, which means committed. Updates of one chat are
handled in their order; different chats side by side. What cannot be read is kept and never blocks what follows.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from typing import Any, Protocol, TypeVar

import structlog
from telegram import Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.ext import TypeHandler

from bot.channels import telegram_in
from bot.channels.telegram import Telegram, refused
from bot.channels.telegram_client import POLL_SECONDS, App, Bot, Rejected
from bot.messages import Incoming, PressIn, Prompt
from bot.waiting import pause

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
BODY_LIMIT = 512 * 1024  # bytes; an update has a few thousand
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0  # seconds between attempts while the network is away

T = TypeVar("T")
log = structlog.get_logger("telegram")


class Receiver(Protocol):
    """What handles an update. Both return once the outcome is committed and raise only if it could not be."""

    async def receive(self, incoming: Incoming) -> Prompt | None:
        """A prompt that comes back is to be said in a group, which is then left."""
        ...

    async def keep_malformed(self, channel: str, update_id: int, payload: str, reason: str) -> None: ...


class Updates:
    """Brings updates through `app` to `receiver`."""

    def __init__(self, app: App, channel: Telegram, receiver: Receiver) -> None:
        self._app = app
        self._bot: Bot = app.bot
        self._channel = channel
        self._receiver = receiver
        self._failed: set[int] = set()
        self._chats: dict[str, tuple[asyncio.Lock, int]] = {}
        self._background: set[asyncio.Task[None]] = set()
        app.add_handler(TypeHandler(Update, self._on_update))

    async def close(self) -> None:
        """Wait for the acknowledgements of presses under way."""
        if self._background:
            await asyncio.wait(self._background, timeout=5)

    # ---- one update -----------------------------------------------------------------------------------------------
    async def handle(self, raw: Any) -> bool:
        """Handle one update as it arrived; False where it could not be committed and must come again."""
        number = _number(raw)
        if number < 0:
            log.warning("update without a number")
            return True
        try:
            update = Update.de_json(raw, self._bot)
        except Exception as error:  # the library raises whatever its parsing meets
            return await self._keep(raw, number, type(error).__name__)
        async with self._turn_of(_chat(raw)):
            self._failed.discard(number)
            await self._app.process_update(update)
        if number in self._failed:
            self._failed.discard(number)
            return False
        return True

    async def _on_update(self, update: Update, _context: object) -> None:
        try:
            incoming = telegram_in.read(update)
        except Exception as error:
            if not await self._keep(update.to_dict(), update.update_id, type(error).__name__):
                self._failed.add(update.update_id)
            return
        if incoming is None:
            return
        try:
            said = await self._receiver.receive(incoming)
        except Exception as error:
            log.error("update not committed", update_id=update.update_id, error=type(error).__name__)
            self._failed.add(update.update_id)
            return
        if isinstance(incoming.payload, PressIn) and incoming.payload.press_id:
            self._later(self._channel.acknowledge(incoming.payload.press_id))
        if said is not None:
            self._later(self._channel.leave(incoming.sender.address, said))

    async def _keep(self, raw: object, number: int, reason: str) -> bool:
        log.warning("malformed update kept", update_id=number, error=reason)
        try:
            await self._receiver.keep_malformed(telegram_in.CHANNEL, number, json.dumps(raw), reason)
        except Exception as error:
            log.error("update not committed", update_id=number, error=type(error).__name__)
            return False
        return True

    def _later(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    @asynccontextmanager
    async def _turn_of(self, chat: str) -> AsyncIterator[None]:
        """One update of a chat at a time, in the order of arrival."""
        lock, waiting = self._chats.get(chat, (asyncio.Lock(), 0))
        self._chats[chat] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._chats[chat]
            if waiting == 1:
                del self._chats[chat]
            else:
                self._chats[chat] = (lock, waiting - 1)

    # ---- long polling ---------------------------------------------------------------------------------------------
    async def poll(self, stop: asyncio.Event, first: Awaitable[list[Any]] | None = None) -> None:
        """Long polling until `stop`. The next offset is sent only when every update before it is committed.

        `first` is the answer to a first poll, where one is under way already.
        """
        offset, failures, stuck = 0, 0, 0
        while not stop.is_set():
            try:
                batch = await _unless(stop, first or self._bot.raw_updates(offset, POLL_SECONDS))
            except TelegramError as error:
                first = None
                failures += 1
                await self._overcome(error, failures, stop)
                continue
            first = None
            if failures:
                log.info("connection restored")
            failures = 0
            if not batch:
                continue
            chats: dict[str, list[Any]] = {}
            for raw in batch:
                chats.setdefault(_chat(raw), []).append(raw)
            if all(await asyncio.gather(*(self._in_order(updates) for updates in chats.values()))):
                offset = max(offset, 1 + max(_number(raw) for raw in batch))
                stuck = 0
            else:  # what was committed will come again and change nothing
                stuck += 1
                await pause(stop, _wait(stuck))

    async def _in_order(self, updates: list[Any]) -> bool:
        """Handle one chat's updates; nothing that follows an uncommitted one may overtake it."""
        for raw in updates:
            if not await self.handle(raw):
                return False
        return True

    async def _overcome(self, error: TelegramError, failures: int, stop: asyncio.Event) -> None:
        wait = _wait(failures)
        if isinstance(error, InvalidToken):
            raise Rejected from None
        if isinstance(error, Conflict):
            if "webhook" in error.message.lower():
                with suppress(TelegramError):
                    await self._bot.delete_webhook()
                return
            wait = max(wait, 3.0)
            if failures == 1:
                log.error("another process is polling with the same token; waiting for it to stop")
        elif isinstance(error, RetryAfter):
            after = error.retry_after
            wait = float(after) if isinstance(after, int) else after.total_seconds()
        elif failures in (1, 10, 100):
            log.warning("Telegram cannot be reached; trying again", error=type(error).__name__, attempt=failures)
        await pause(stop, wait)

    # ---- webhook --------------------------------------------------------------------------------------------------
    async def listen(self, url: str, secret: str, host: str, port: int, stop: asyncio.Event) -> None:
        """Serve the webhook that Telegram calls at `url`, on `host`:`port`, until `stop`.

        Raises `NotDelivered` where Telegram does not take the address, OSError where it cannot be listened on.
        """
        from urllib.parse import urlsplit

        from tornado.httpserver import HTTPServer
        from tornado.netutil import bind_sockets
        from tornado.web import Application as Site

        site = Site([(urlsplit(url).path or "/", _hook(self, secret))], log_function=lambda handler: None)
        server = HTTPServer(site, max_body_size=BODY_LIMIT, body_timeout=30, idle_connection_timeout=300)
        server.add_sockets(bind_sockets(port, host))
        try:
            await self._set_webhook(url, secret)
            log.info("webhook set")
            await stop.wait()
        finally:
            server.stop()
            await server.close_all_connections()

    async def _set_webhook(self, url: str, secret: str) -> None:
        try:
            await self._bot.set_webhook(url, allowed_updates=list(telegram_in.ALLOWED_UPDATES), secret_token=secret)
        except TelegramError as error:
            raise refused(error) from None


def _hook(updates: Updates, secret: str) -> type[Any]:
    from tornado.web import RequestHandler

    class Hook(RequestHandler):
        """Answers 200 after the commit, 403 without the secret, 400 for what is not JSON, 500 to be called again."""

        async def post(self) -> None:
            given = self.request.headers.get(SECRET_HEADER, "")
            if not hmac.compare_digest(given.encode(), secret.encode()):
                self.set_status(403)
                return
            try:
                raw = json.loads(self.request.body)
            except (ValueError, RecursionError):
                self.set_status(400)
                return
            self.set_status(200 if await updates.handle(raw) else 500)

        def write_error(self, status_code: int, **kwargs: Any) -> None:
            self.finish()

    return Hook


def _chat(raw: Any) -> str:
    """What keeps updates in order: the chat's id, or nothing where an update has none."""
    for part in raw.values() if isinstance(raw, dict) else ():
        if isinstance(part, dict):
            message = part.get("message", part)
            chat = message.get("chat") if isinstance(message, dict) else None
            if isinstance(chat, dict) and "id" in chat:
                return str(chat["id"])
    return ""


def _number(raw: Any) -> int:
    """The update's number; -1 where there is none that Telegram could have given."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    if not isinstance(number, int) or isinstance(number, bool):
        return -1
    return number if 0 <= number < telegram_in.HIGHEST_ID else -1


def _wait(failures: int) -> float:
    return min(FIRST_WAIT * 2.0 ** min(failures - 1, 10), LONGEST_WAIT)


async def _unless(stop: asyncio.Event, work: Awaitable[list[Any]]) -> list[Any]:
    """The result of `work`, or nothing as soon as `stop` is set."""
    task = asyncio.ensure_future(work)
    stopped = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            return []
        return task.result()
    finally:
        stopped.cancel()
