"""A Bot API server for tests and the demo: `POST /bot<token>/<method>`, `/file/bot<token>/<path>`, over loopback.

    async with StandIn() as telegram:
        anna = await telegram.person("Anna", language="fr")
        bot = Bot(telegram.token, base_url=telegram.base_url, base_file_url=telegram.base_file_url)

Every request and every answer is checked against `botapi.json`; what does not fit is in `violations`. It also runs by
itself, `python -m tests.telegram.standin --port 8081`, with people reachable at `/control/<action>` (people.py).
"""

from __future__ import annotations

import argparse
import asyncio
import inspect
import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from aiohttp import web

from tests.telegram import people
from tests.telegram.account import LONG_WAIT_LIMIT, Account
from tests.telegram.faults import Fault, Faults
from tests.telegram.limits import Clock, Flood
from tests.telegram.people import Person
from tests.telegram.phones import CannotDo, Phones
from tests.telegram.schema import Upload, load
from tests.telegram.sending import Sending
from tests.telegram.webhook import deliver_for_ever
from tests.telegram.world import Object, Refusal, World

TOKEN = "123456789:stand-in-token-for-tests"


class StandIn(Sending, Account):
    """The server. Its state, `world`, outlives `stop` and `start`; `port` 0 takes a free one and keeps it."""

    def __init__(self, token: str = TOKEN, port: int = 0, clock: Clock | None = None, seed: int = 0) -> None:
        self.world = World(token, clock=clock)
        self.phones = Phones(self.world)
        self.faults = Faults(seed)
        self.port = port
        self.requests: list[tuple[str, Object]] = []  # all but getUpdates
        self.waits = 0  # long polls open now
        self.held = 0  # requests that a fault made slow so far
        self._runner: web.AppRunner | None = None
        self._webhook: asyncio.Task[None] | None = None
        self._poller: asyncio.Future[None] | None = None

    # ---- what tests look at ----------------------------------------------------------------------------------------
    @property
    def token(self) -> str:
        return self.world.token

    @property
    def url(self) -> str:
        """The server's address: what GRIOT_TELEGRAM_API_URL takes."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        """What python-telegram-bot calls `base_url`."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        return f"{self.url}/file/bot"

    @property
    def violations(self) -> list[str]:
        """What did not fit the Bot API's schema, one sentence each. Tests assert that it is empty."""
        return self.world.violations

    @property
    def flood(self) -> list[Flood]:
        """Every 429; `early` marks those that came before an earlier `retry_after` was over."""
        return self.world.limits.flood

    async def person(self, first_name: str, language: str = "", user_id: int = 0) -> Person:
        """A new person with a phone."""
        return await people.person(people.beside(self.phones), first_name, language, user_id)

    async def acknowledged(self, timeout: float = 10.0) -> None:
        """Wait until the bot has acknowledged every update. Raises `AssertionError` after `timeout` seconds."""
        if await self.world.until(lambda: None if self.world.pending() else True, timeout) is None:
            waiting = [delivery.update for delivery in self.world.pending()]
            raise AssertionError(f"{len(waiting)} updates were not acknowledged in {timeout} s: {waiting[:3]}")

    # ---- running ---------------------------------------------------------------------------------------------------
    async def start(self) -> None:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        app.router.add_post("/control/{action}", self._control)
        self._runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self._webhook = asyncio.create_task(deliver_for_ever(self.world))

    async def stop(self) -> None:
        """Close the server; its state stays."""
        if self._webhook is not None:
            self._webhook.cancel()
            await asyncio.gather(self._webhook, return_exceptions=True)
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> StandIn:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    # ---- the Bot API -----------------------------------------------------------------------------------------------
    async def _call(self, request: web.Request) -> web.StreamResponse:
        raw, uploads = await _parameters(request)
        method = load().method(request.match_info["method"])
        fault = self.faults.next(method or "", _number(raw.get("chat_id")))
        if fault is not None:
            if fault.kind == "slow":
                await self._hold(fault)
            elif fault.kind == "status":
                return web.Response(status=fault.status, text="<html>Bad Gateway</html>", content_type="text/html")
            elif fault.kind == "drop_before":
                return _drop(request)
        try:
            result = await self._answer(request.match_info["token"], method, raw, uploads)
        except Refusal as refusal:
            body: Object = {"ok": False, "error_code": refusal.code, "description": refusal.description}
            if refusal.parameters:
                body["parameters"] = refusal.parameters
            return web.json_response(body, status=refusal.code)
        if fault is not None and fault.kind == "drop_after":
            return _drop(request)
        if fault is not None and fault.kind == "slow_after":
            await self._hold(fault)
        return web.json_response({"ok": True, "result": result})

    async def _hold(self, fault: Fault) -> None:
        self.held += 1
        self.world.touch()
        await asyncio.sleep(fault.seconds)

    async def _answer(self, token: str, method: str | None, raw: Object, uploads: Mapping[str, Upload]) -> Any:
        if token != self.world.token:
            raise Refusal(401, "Unauthorized")
        schema = load()
        if method is None or method in schema.elsewhere:
            if method is not None:
                self.violations.append(f"{method} is not played by the stand-in")
            raise Refusal(404, "Not Found")
        values, problems = schema.request(method, raw, uploads)
        if problems:
            self.violations.extend(problems)
            raise Refusal(400, f"Bad Request: {problems[0]}")
        if method == "getUpdates":
            return await self._get_updates(**values)
        self.requests.append((method, values))
        self.world.touch()
        result = getattr(self, re.sub("[A-Z]", lambda match: "_" + match.group().lower(), method))(**values)
        self.violations.extend(f"the stand-in's own answer: {line}" for line in schema.answer(method, result))
        return result

    async def _get_updates(
        self, offset: int = 0, limit: int = 100, timeout: int = 0, allowed_updates: list[str] | None = None
    ) -> list[Object]:
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(None)  # the newer poll wins; the older one is told
        mine = self._poller = asyncio.get_running_loop().create_future()
        limit = max(1, min(limit, 100))
        found = self.updates_now(offset, limit, allowed_updates)
        if found or timeout <= 0:
            return found

        def probe() -> bool | None:
            return True if mine.done() or self.world.pending() or self.world.webhook["url"] else None

        ended = asyncio.ensure_future(self.world.until(probe, min(timeout, LONG_WAIT_LIMIT)))
        self.waits += 1
        try:
            await asyncio.wait({ended, mine}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.waits -= 1
            ended.cancel()
        if mine.done():
            text = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
            raise Refusal(409, text)
        return self.updates_now(0, limit, None)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        fault = self.faults.next("download", 0)
        if fault is not None and fault.kind != "slow":
            return _drop(request)
        content = self.download(request.match_info["path"])
        if request.match_info["token"] != self.world.token or content is None:
            return web.json_response({"ok": False, "error_code": 404, "description": "Not Found"}, status=404)
        return web.Response(body=content, content_type="application/octet-stream")

    # ---- control, for people and tests in another process ----------------------------------------------------------
    async def _control(self, request: web.Request) -> web.Response:
        action = request.match_info["action"]
        arguments = await request.json()
        own = {"report": self.report, "fault": self._plan, "advance": self.world.clock.advance, "limits": self._limit}
        target = own.get(action) or getattr(self.phones, action, None) or getattr(self.world, action, None)
        if action.startswith("_") or not callable(target):
            return web.json_response({"error": f"no action {action}"}, status=404)
        try:
            result = target(**arguments)
            if inspect.isawaitable(result):
                result = await result
        except CannotDo as error:
            return web.json_response({"error": str(error)}, status=409)
        return web.json_response({"result": result})

    def report(self) -> Object:
        """Everything a test asserts at the end, as JSON values."""
        return {
            "violations": self.violations,
            "flood": [asdict(flood) for flood in self.flood],
            "waiting": [delivery.update["update_id"] for delivery in self.world.pending()],
            "acknowledged": [key for key, delivery in self.world.updates.items() if delivery.acknowledged],
            "redelivered": sum(max(0, delivery.delivered - 1) for delivery in self.world.updates.values()),
            "faults": self.faults.struck,
        }

    def _plan(self, **fault: Any) -> None:
        self.faults.planned.append(Fault(**fault))

    def _limit(self, **limits: Any) -> None:
        for name, value in limits.items():
            setattr(self.world.limits, name, value)


async def _parameters(request: web.Request) -> tuple[Object, dict[str, Upload]]:
    raw: Object = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.content_type == "application/json":
        text = await request.text()
        try:
            body = json.loads(text) if text else {}
        except ValueError:
            body = {}
        raw.update(body if isinstance(body, dict) else {})
        return raw, uploads
    if request.method == "POST":
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                uploads[name] = Upload(value.filename, value.content_type, value.file.read())
            else:
                raw[name] = value
    return raw, uploads


def _number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0


def _drop(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _serve(port: int, token: str) -> None:
    async with StandIn(token, port) as telegram:
        print(telegram.url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A Bot API stand-in on loopback")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default=TOKEN)
    options = parser.parse_args()
    asyncio.run(_serve(options.port, options.token))
