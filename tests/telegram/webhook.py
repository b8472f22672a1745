"""Bringing updates to a webhook: one at a time, in order, again and again until it answers 2xx."""

from __future__ import annotations

import asyncio

import aiohttp

from tests.telegram.world import World

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
FIRST_PAUSE = 0.05
LONGEST_PAUSE = 1.0  # Telegram's grows to minutes; tests would not live to see it


async def deliver_for_ever(world: World) -> None:
    """Runs beside the server; idle while no webhook is set."""
    pause = FIRST_PAUSE
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as session:
        while True:
            waiting = world.pending() if world.webhook["url"] else []
            if not waiting:
                await world.until(lambda: True if world.webhook["url"] and world.pending() else None, 3600)
                continue
            delivery = waiting[0]
            headers = {SECRET_HEADER: world.webhook["secret_token"]} if world.webhook["secret_token"] else {}
            world.delivered(delivery)
            trouble = await _post(session, world.webhook["url"], delivery.update, headers)
            if not trouble:
                pause = FIRST_PAUSE
                if not delivery.acknowledged:
                    world.acknowledge_one(delivery.update["update_id"])
                continue
            world.webhook.update(last_error_date=world.clock.now(), last_error_message=trouble)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


async def _post(session: aiohttp.ClientSession, url: str, update: dict[str, object], headers: dict[str, str]) -> str:
    """What went wrong, in Telegram's words; empty when the webhook took the update."""
    try:
        async with session.post(url, json=update, headers=headers) as response:
            return "" if response.ok else f"Wrong response from the webhook: {response.status} {response.reason}"
    except (aiohttp.ClientError, TimeoutError) as error:
        return f"Connection refused: {type(error).__name__}"
