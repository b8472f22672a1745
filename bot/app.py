"""Builds everything from the settings and runs it; the only module that knows all the others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import structlog

from bot import companions, reception, refusals
from bot.acting import Services
from bot.attachments import Fetcher, Vault
from bot.broadcasting import Broadcasts
from bot.channels import telegram_client
from bot.channels.telegram import Telegram
from bot.channels.telegram_updates import Updates
from bot.digests import Digests
from bot.documents.template import use
from bot.dossiers import Dossiers
from bot.follow_ups import FollowUps
from bot.interviews import Interviews
from bot.inviting import link
from bot.jobs import Worker
from bot.knocking import Knocking
from bot.messages import NotDelivered
from bot.outbox import Limits, Sender
from bot.retaining import Retention
from bot.scheduler import Clock as Scheduler
from bot.serving import CannotStart
from bot.settings import Settings
from bot.signing import signing
from bot.steps import registry
from bot.turns import Clock, Turns, utc_now
from db.database import Store
from db.problems import StoreProblem
from flows.interview.form import Form

FLUSH_SECONDS = 5.0  # how long a process that stops goes on sending what is already committed
REST = 3.0  # seconds before work that the store kept from going on is begun again

log = structlog.get_logger("app")


@dataclass(frozen=True, slots=True)
class App:
    """Everything that runs in one process."""

    settings: Settings
    store: Store
    application: telegram_client.App
    channel: Telegram
    interviews: Interviews
    turns: Turns
    updates: Updates
    sender: Sender
    fetcher: Fetcher
    worker: Worker
    follow_ups: FollowUps
    broadcasts: Broadcasts
    digests: Digests
    knocking: Knocking
    retention: Retention
    services: Services
    clock: Clock

    def ticks(self) -> tuple[Callable[[], Awaitable[object]], ...]:
        """What the clock does, one after the other."""
        works = (self.knocking, self.retention, self.follow_ups, self.broadcasts, self.digests)
        return tuple(partial(_ticked, one.tick, self.clock) for one in works)


async def _ticked(tick: Callable[[datetime], Awaitable[object]], clock: Clock) -> None:
    await tick(clock())


def guide_forms() -> Sequence[Form]:
    """The guide's questionnaire, from its compiled form."""
    from flows.interview.form import load
    from flows.questionnaires import compiled

    return [load(compiled())]


@asynccontextmanager
async def built(
    settings: Settings,
    application: telegram_client.App,
    forms: Callable[[], Sequence[Form]] = guide_forms,
    limits: Limits | None = None,
    clock: Clock = utc_now,
) -> AsyncIterator[App]:
    """Everything, around a connected application; the store is closed at the end. Raises `StoreProblem`."""
    limits = limits or Limits()
    use(settings.templates_dir)
    store = await Store.open(settings.database_url)
    try:
        async with store.serving():
            await store.migrate()
            vault = Vault(settings.attachments)
            channel = Telegram(application.bot, vault.path, between=1.05 / limits.at_once)
            interviews = Interviews(forms, settings.contact)
            services = Services(
                Dossiers(),
                interviews,
                vault,
                link=lambda code: link(application.bot.username, code),
                contact=settings.contact,
                signer=signing(settings),
                retention=settings.retention,
                credits=settings.credits,
                targets=settings.targets,
            )
            turns = Turns(store, services, clock)
            channels = {channel.name: channel}
            told, kept = refusals.teller(interviews, clock), companions.arrivals(services, clock)
            yield App(
                settings=settings,
                store=store,
                application=application,
                channel=channel,
                interviews=interviews,
                turns=turns,
                updates=Updates(application, channel, turns),
                sender=Sender(store, channels, limits, moment=clock),
                fetcher=Fetcher(store, channels, vault, told, kept, clock=clock),
                worker=Worker(services, store, lambda: registry().jobs, clock),
                follow_ups=FollowUps(services, store, lambda: registry().finders),
                broadcasts=Broadcasts(store),
                digests=Digests(services, store, lambda: registry().finders),
                knocking=Knocking(store, {channel.name: channel.knock}),
                retention=Retention(services, store),
                clock=clock,
                services=services,
            )
    finally:
        await store.close()


async def run(
    app: App,
    stop: asyncio.Event,
    first: asyncio.Task[list[Any]] | None = None,
    ready: Callable[[], object] = lambda: None,
) -> None:
    """Receive and send until `stop`; then finish what was begun. `first` is a first poll under way; `ready` is called
    once all that stays in memory is loaded.

    Raises `CannotStart`.
    """
    log.info("started", bot=app.application.bot.username)
    sending = asyncio.create_task(_kept_going("sending", app.sender.run))
    work = [sending, asyncio.create_task(_kept_going("fetching", app.fetcher.run))]
    work.append(asyncio.create_task(_kept_going("working", app.worker.run)))
    scheduler = Scheduler(app.store, *app.ticks())
    work.append(asyncio.create_task(_kept_going("following up", scheduler.run)))
    receiving = asyncio.create_task(_receive(app, stop, first))
    work.append(asyncio.create_task(_prepare(app, ready)))
    try:
        done, _ = await asyncio.wait({receiving, sending}, return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        for task in done:
            task.result()
        await receiving
    except telegram_client.Rejected:
        raise CannotStart("token_refused", address=app.settings.telegram_api_url) from None
    finally:
        stop.set()
        await _ended(work)
        await app.updates.close()
        with suppress(TimeoutError, StoreProblem):
            await asyncio.wait_for(app.sender.drain(), FLUSH_SECONDS)
        await _ended([receiving])
    log.info("stopped")


async def _receive(app: App, stop: asyncio.Event, first: asyncio.Task[list[Any]] | None) -> None:
    settings = app.settings
    if not settings.webhook_url or settings.webhook_secret is None:
        await app.updates.poll(stop, first)
        return
    secret = settings.webhook_secret.get_secret_value()
    try:
        await app.updates.listen(settings.webhook_url, secret, settings.listen_host, settings.listen_port, stop)
    except OSError as error:
        raise CannotStart("cannot_listen", address=settings.webhook_listen, error=error.strerror or "") from None
    except NotDelivered as error:
        raise CannotStart("no_webhook", address=settings.webhook_url, error=str(error)) from None


async def _prepare(app: App, ready: Callable[[], object]) -> None:
    """What the first poll need not wait for."""
    await _kept_going("trying again", app.turns.try_failed_again)
    await _kept_going("reading the ledgers", partial(app.services.dossiers.warm, app.store))
    await asyncio.to_thread(lambda: app.interviews.forms)
    ready()
    for _ in range(3):
        try:
            await app.channel.offer_commands(reception.COMMANDS)
        except NotDelivered as error:
            log.warning("the menu of commands is not set", error=type(error).__name__)
            await asyncio.sleep(REST)
        else:
            return


async def _kept_going(what: str, work: Callable[[], Awaitable[object]]) -> None:
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
