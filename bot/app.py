"""Builds everything from the settings and runs it; the only module that knows all the others.

The order is that of the first poll: what it does not need is loaded after it.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import structlog
from telegram.error import InvalidToken, TelegramError

from bot import reception, refusals
from bot.attachments import Fetcher, Vault
from bot.channels import telegram
from bot.channels.telegram_updates import Rejected, Updates
from bot.interviews import Interviews
from bot.messages import NotDelivered
from bot.outbox import Limits, Sender
from bot.settings import Settings
from bot.turns import Turns
from db.database import Store
from db.problems import StoreProblem
from flows.interview.form import Form

FLUSH_SECONDS = 5.0  # how long a process that stops goes on sending what is already committed
REST = 3.0  # seconds before work that the store kept from going on is begun again

log = structlog.get_logger("app")


class CannotStart(Exception):
    """The bot cannot run with these settings. `key` is a sentence of the `running` catalogue."""

    def __init__(self, key: str, **values: str) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


@dataclass(frozen=True, slots=True)
class App:
    """Everything that runs in one process."""

    settings: Settings
    store: Store
    application: telegram.App
    channel: telegram.Telegram
    interviews: Interviews
    turns: Turns
    updates: Updates
    sender: Sender
    fetcher: Fetcher


def guide_forms() -> Sequence[Form]:
    """The guide's questionnaire, from its compiled form."""
    from flows.interview.form import load
    from flows.questionnaires import compiled

    return [load(compiled())]


@asynccontextmanager
async def built(
    settings: Settings, forms: Callable[[], Sequence[Form]] = guide_forms, limits: Limits | None = None
) -> AsyncIterator[App]:
    """Everything, built and connected; let go of at the end. Raises `CannotStart` and `StoreProblem`."""
    if settings.telegram_token is None:
        raise CannotStart("no_token")
    limits = limits or Limits()
    store = await Store.open(settings.database_url)
    try:
        await store.migrate()
        vault = Vault(settings.attachments)
        application = telegram.build(settings.telegram_token.get_secret_value(), settings.telegram_api_url)
        channel = telegram.Telegram(application.bot, vault.path, between=1.05 / limits.at_once)
        interviews = Interviews(forms, settings.contact)
        turns = Turns(store, interviews, settings.contact)
        channels = {channel.name: channel}
        app = App(
            settings=settings,
            store=store,
            application=application,
            channel=channel,
            interviews=interviews,
            turns=turns,
            updates=Updates(application, channel, turns),
            sender=Sender(store, channels, limits),
            fetcher=Fetcher(store, channels, vault, refusals.teller(interviews)),
        )
        await _connect(application, settings)
        try:
            yield app
        finally:
            with suppress(TelegramError):
                await application.shutdown()
    finally:
        await store.close()


async def _connect(application: telegram.App, settings: Settings) -> None:
    try:
        await application.initialize()
    except InvalidToken:
        raise CannotStart("token_refused", address=settings.telegram_api_url) from None
    except TelegramError as error:  # its words may hold the token
        raise CannotStart("not_reached", address=settings.telegram_api_url, error=type(error).__name__) from None


async def run(app: App, stop: asyncio.Event) -> None:
    """Receive and send until `stop`; then finish what was begun. Raises `CannotStart`."""
    sending = asyncio.create_task(_kept_going("sending", app.sender.run))
    work = [sending, asyncio.create_task(_kept_going("fetching", app.fetcher.run))]
    receiving = asyncio.create_task(_receive(app, stop))
    work.append(asyncio.create_task(_prepare(app)))
    try:
        done, _ = await asyncio.wait({receiving, sending}, return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        for task in done:
            task.result()
        await receiving
    except Rejected:
        raise CannotStart("token_refused", address=app.settings.telegram_api_url) from None
    finally:
        stop.set()
        await _ended(work)
        await app.updates.close()
        with suppress(TimeoutError, StoreProblem):
            await asyncio.wait_for(app.sender.drain(), FLUSH_SECONDS)
        await _ended([receiving])


async def serve(settings: Settings, limits: Limits | None = None) -> None:
    """The whole process: until SIGTERM or SIGINT. Raises `CannotStart` and `StoreProblem`."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with built(settings, limits=limits) as app:
        log.info("started", bot=app.application.bot.username)
        await run(app, stop)
    log.info("stopped")


async def _receive(app: App, stop: asyncio.Event) -> None:
    settings = app.settings
    if not settings.webhook_url:
        await app.updates.poll(stop)
        return
    secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
    if not secret:
        raise CannotStart("no_secret")
    try:
        await app.updates.listen(settings.webhook_url, secret, settings.listen_host, settings.listen_port, stop)
    except OSError as error:
        raise CannotStart("cannot_listen", address=settings.webhook_listen, error=error.strerror or "") from None
    except TelegramError as error:
        raise CannotStart("no_webhook", address=settings.webhook_url, error=type(error).__name__) from None


async def _prepare(app: App) -> None:
    """What the first poll need not wait for."""
    await asyncio.sleep(0)
    await app.turns.try_failed_again()
    for _ in range(3):
        try:
            await app.channel.offer_commands(reception.COMMANDS)
        except NotDelivered:
            await asyncio.sleep(REST)
        else:
            return


async def _kept_going(what: str, work: Callable[[], Awaitable[None]]) -> None:
    """Begin `work` again when the store, for a time, cannot be used."""
    while True:
        try:
            await work()
        except StoreProblem as problem:
            log.error("the store cannot be used", work=what, problem=problem.key)
            await asyncio.sleep(REST)
        else:
            return


async def _ended(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError, Exception):
            await task
