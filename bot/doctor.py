"""What is missing or wrong, one line each, with what to do about it."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from bot.channels.telegram_identity import Identity
from bot.messages import NotDelivered, Undeliverable
from bot.settings import Settings, unknown
from db.checkup import check
from db.problems import StoreProblem
from flows.i18n import text

LEAST_DISK = 500 * 1024 * 1024
"""Bytes under which the disk counts as nearly full."""
LARGEST_SKEW = 60
"""Seconds by which this machine's clock may differ from the Bot API's."""
_PORTS = (443, 80, 88, 8443)  # to which Telegram sends

Identify = Callable[[str, str], Awaitable[Identity]]


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence of the `doctor` catalogue (or of `store`, as `store.name`) with its values."""

    key: str
    problem: bool = True
    values: dict[str, object] = field(default_factory=dict)
    note: bool = False  # nothing wrong, and yet worth a look

    def line(self, language: str) -> str:
        """The finding as one line."""
        key = self.key if "." in self.key else f"doctor.{self.key}"
        said = " ".join(text(key, language, None, **self.values).splitlines())
        kind = "problem" if self.problem else "note" if self.note else "fine"
        return text(f"doctor.{kind}", language, said=said)


async def examine(settings: Settings, identify: Identify, now: datetime, names: Iterable[str]) -> list[Finding]:
    """Everything that can be looked at without changing anything.

    `identify` asks a Bot API who a token belongs to, `now` is this machine's time, `names` the variables that are set.
    """
    findings = [Finding("unknown_setting", values={"name": name}) for name in unknown(list(names))]
    findings += await _telegram(settings, identify, now)
    findings += _webhook(settings)
    findings += await _database(settings)
    findings += _folder(settings.attachments)
    findings += _templates(settings)
    findings += _targets(settings)
    findings += _open_to_all(settings)
    if settings.signing_key is None:
        findings.append(Finding("no_signing_key", False, note=True))
    return findings


async def _telegram(settings: Settings, identify: Identify, now: datetime) -> list[Finding]:
    token = settings.telegram_token.get_secret_value() if settings.telegram_token else ""
    address = settings.telegram_api_url
    if not token:
        return [Finding("no_token")]
    if not re.fullmatch(r"\d+:[\w-]+", token, re.ASCII):
        return [Finding("malformed_token")]
    try:
        identity = await identify(address, token)
    except Undeliverable:
        return [Finding("refused_token", values={"address": address})]
    except NotDelivered as error:
        return [Finding("api_not_reached", values={"address": address, "reason": str(error)})]
    findings = [Finding("bot", False, {"username": identity.username})]
    if identity.server_time is not None:
        skew = round(abs((identity.server_time - now).total_seconds()))
        if skew > LARGEST_SKEW:
            findings.append(Finding("clock", values={"seconds": skew}))
    return findings


def _webhook(settings: Settings) -> list[Finding]:
    if not settings.webhook_url:
        return []
    findings = []
    parts = urlsplit(settings.webhook_url)
    theirs = urlsplit(settings.telegram_api_url).hostname == "api.telegram.org"
    secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
    if theirs and parts.scheme != "https":
        findings.append(Finding("webhook_not_https"))
    if theirs and (parts.port or 443) not in _PORTS:
        findings.append(Finding("webhook_port", values={"ports": ", ".join(map(str, _PORTS))}))
    if not secret:
        findings.append(Finding("webhook_without_secret"))
    elif not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        findings.append(Finding("webhook_secret_malformed"))
    return findings or [Finding("webhook", False, {"address": settings.webhook_url})]


async def _database(settings: Settings) -> list[Finding]:
    try:
        await check(settings.database_url)
    except StoreProblem as problem:
        return [Finding(f"store.{problem.key}", values=problem.values)]
    findings = [Finding("database", False)]
    scheme, _, path = settings.database_url.partition(":///")
    if scheme.startswith("sqlite"):
        findings = _folder(Path(path).parent, "database") or findings
    return findings


def _folder(folder: Path, kind: str = "attachments") -> list[Finding]:
    """A folder that has to take files, and the disk under it; a missing one is judged by where it would be made."""
    existing = folder.absolute()
    while not existing.exists():
        existing = existing.parent
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError:
        return [Finding(f"{kind}_folder", values={"path": folder})]
    free = shutil.disk_usage(existing).free
    if free < LEAST_DISK:
        return [Finding("disk", values={"path": folder, "free": free // 2**20})]
    return []


def _targets(settings: Settings) -> list[Finding]:
    """The folders where published guides go."""
    from bot.targets import FolderTarget

    roots = [target.root for target in settings.targets.values() if isinstance(target, FolderTarget)]
    return [finding for root in roots for finding in _folder(root, "target")]


def _templates(settings: Settings) -> list[Finding]:
    """Word templates of one's own: those that cannot be filled are passed over."""
    if settings.templates_dir is None:
        return []
    if not settings.templates_dir.is_dir():
        return [Finding("templates_folder", values={"path": settings.templates_dir})]
    from bot.documents.template import every, use
    from bot.documents.template_check import read_faults

    use(settings.templates_dir)
    try:
        own = every()
    except OSError:
        return [Finding("templates_folder", values={"path": settings.templates_dir})]
    findings = []
    for path in own:
        wrong = read_faults(path)
        findings.append(
            Finding("template_unfit", bool(wrong), {"path": path, "count": len(wrong)})
            if wrong
            else Finding("template", False, {"path": path})
        )
    return findings


def _open_to_all(settings: Settings) -> list[Finding]:
    """Secrets and answers that every account of this machine can read."""
    scheme, _, path = settings.database_url.partition(":///")
    kept = [Path(".env"), settings.attachments, *([Path(path)] if scheme.startswith("sqlite") else [])]
    return [
        Finding("open_to_all", False, {"path": one}, note=True)
        for one in kept
        if one.exists() and one.stat().st_mode & 0o007
    ]


def names_set(env_file: Path = Path(".env")) -> list[str]:
    """The names of the variables that are set, in the environment and in `.env`."""
    names = list(os.environ)
    try:
        lines = env_file.read_text(encoding="utf-8").splitlines() if env_file.is_file() else []
    except (OSError, UnicodeDecodeError):
        lines = []
    found = (re.match(r"\s*(?:export\s+)?(\w+)\s*=", line) for line in lines)
    return names + [match.group(1) for match in found if match]
