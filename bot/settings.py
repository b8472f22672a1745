"""Settings, from the environment and from `.env`, all with the prefix `GRIOT_`.

The description of each is the reference: `docs/reference/settings.md` is made from it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from flows.i18n import text

if TYPE_CHECKING:
    from bot.targets import Target
    from flows.country.retention import Periods
    from flows.country.steps.endorsement import Channel

PREFIX = "GRIOT_"


class SettingsProblem(Exception):
    """Settings that cannot be used. `wrong` names them, without their values: some are secrets.

    `.env` stands for the whole file, `.env:3` for its third line.
    """

    def __init__(self, wrong: tuple[str, ...]) -> None:
        super().__init__(", ".join(wrong))
        self.wrong = wrong

    def messages(self, language: str) -> list[str]:
        """One line for each."""
        return [self._message(name, language) for name in self.wrong]

    @staticmethod
    def _message(name: str, language: str) -> str:
        file, _, line = name.partition(":")
        if file == ".env":
            return text("doctor.env_line", language, line=line) if line else text("doctor.env_file", language)
        return text("doctor.setting", language, name=PREFIX + name.upper(), expects=text(f"doctor.{name}", language))


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
        raise ValueError("not a web address")
    return value.rstrip("/")


def _maybe_web_address(value: str) -> str:
    return _web_address(value) if value else value


def _listen(value: str) -> str:
    if not re.fullmatch(r"(\[[0-9a-fA-F:]+\]|[\w.-]+):\d{1,5}", value) or not 0 < int(value.rpartition(":")[2]) < 65536:
        raise ValueError("not host:port")
    return value


def _database(value: str) -> str:
    if not re.match(r"(sqlite(\+aiosqlite)?|postgres(ql)?(\+asyncpg)?)://", value):
        raise ValueError("not a database address")
    return value


def _target(value: str) -> str:
    if value:
        from bot.targets import UnknownTarget, target_of

        try:
            target_of(value)
        except UnknownTarget:
            raise ValueError("no kind of target") from None
    return value


def _signing_key(value: SecretStr | None) -> SecretStr | None:
    from flows.country.receipt import exact_base64

    if value is not None and not exact_base64(value.get_secret_value(), 32):
        raise ValueError("not the base64 of 32 bytes")
    return value


class Settings(BaseSettings):
    """Everything that a deployment can choose."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore"
    )

    telegram_token: SecretStr | None = Field(None, description="The bot's token, as @BotFather gives it.")
    telegram_api_url: Annotated[str, AfterValidator(_web_address)] = Field(
        "https://api.telegram.org",
        description="The Bot API server: Telegram's own, or one you host yourself "
        "(`{url}/bot{token}/…` and `{url}/file/bot{token}/…`).",
    )
    database_url: Annotated[str, AfterValidator(_database)] = Field(
        "sqlite:///griot.db",
        repr=False,  # it may hold a password
        description="`sqlite:///file` (relative to the current folder), `sqlite:////absolute/file`, or "
        "`postgresql://user:password@host/name` for several processes.",
    )
    data_dir: Path | None = Field(
        None, description="Folder of the attachments. Without it, `attachments` beside the SQLite file."
    )
    templates_dir: Path | None = Field(
        None,
        description="Folder with Word templates of your own: `guide.docx` and `short.docx` for all, or in a folder "
        "called by a country's code, such as `BFA/guide.docx`. Without it, those that are shipped.",
    )
    webhook_url: Annotated[str, AfterValidator(_maybe_web_address)] = Field(
        "", description="Public https address at which Telegram reaches this process. Without it, long polling."
    )
    webhook_secret: SecretStr | None = Field(
        None, description="What Telegram repeats in a header of each request: 1 to 256 of `A-Z a-z 0-9 _ -`."
    )
    webhook_listen: Annotated[str, AfterValidator(_listen)] = Field(
        "127.0.0.1:8080", description="Where this process listens for those requests, `host:port`."
    )
    signing_key: Annotated[SecretStr | None, AfterValidator(_signing_key)] = Field(
        None, description="With which receipts of endorsements are signed; `griot key new` makes one."
    )
    retention_months: int = Field(
        24,
        ge=1,
        le=600,
        description="Months that contact details are kept after the end of a country's exercise (its publication, its "
        '"no", or the last thing that happened) and whatever the person did since.',
    )
    retention_invitation_months: int = Field(
        3, ge=0, le=600, description="Months that it is kept for whom an invitation was that nobody used in time."
    )
    retention_address_months: int = Field(
        3, ge=0, le=600, description="Months that addresses are kept from which nobody who takes part writes."
    )
    retention_failure_months: int = Field(
        1, ge=0, le=600, description="Months that messages are kept that could not be handled or delivered."
    )
    retention_file_months: int = Field(
        6, ge=0, le=600, description="Months that files are kept that are no answer any more."
    )
    target_national: Annotated[str, AfterValidator(_target)] = Field(
        "",
        description="Where a guide goes by itself once it is published, as far as its endorsement allows the national "
        "site: a folder, such as `/srv/www/guides`. Without it, see `griot deliver`.",
    )
    target_dialogue: Annotated[str, AfterValidator(_target)] = Field(
        "", description="The same for the Rabat Process site."
    )
    target_imap: Annotated[str, AfterValidator(_target)] = Field(
        "", description="The same for the i-Map; the map of `griot i-map` is made anew there as well."
    )
    contact: str = Field("", max_length=200, description="Whom people can turn to: shown by /contact and in refusals.")
    credits_fr: str = Field(
        "", max_length=1000, description="Who finances and carries out the exercise, in French: printed in every guide."
    )
    credits_en: str = Field("", max_length=1000, description="The same in English.")
    language: Literal["en", "fr"] = Field("en", description="Language of what the command line says.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="The least that is logged.")
    log_format: Literal["text", "json"] = Field("text", description="`text` for people, `json` for machines.")

    @property
    def listen_host(self) -> str:
        """The host of `webhook_listen`."""
        return self.webhook_listen.rpartition(":")[0].strip("[]")

    @property
    def listen_port(self) -> int:
        """The port of `webhook_listen`."""
        return int(self.webhook_listen.rpartition(":")[2])

    @property
    def retention(self) -> Periods:
        """How long what is known of people is kept."""
        from flows.country.retention import Periods

        return Periods(
            contacts=self.retention_months,
            invitations=self.retention_invitation_months,
            addresses=self.retention_address_months,
            inbox=self.retention_failure_months,
            outbox=self.retention_failure_months,
            attachments=self.retention_file_months,
        )

    @property
    def credits(self) -> dict[str, str]:
        """Who finances and carries out the exercise, by language."""
        return {"fr": self.credits_fr, "en": self.credits_en}

    @property
    def addresses(self) -> dict[Channel, str]:
        """The addresses where published guides go by themselves."""
        every: dict[Channel, str] = {
            "national": self.target_national,
            "dialogue": self.target_dialogue,
            "imap": self.target_imap,
        }
        return {channel: address for channel, address in every.items() if address}

    @property
    def targets(self) -> dict[Channel, Target]:
        """What takes them there."""
        from bot.targets import target_of

        return {channel: target_of(address) for channel, address in self.addresses.items()}

    @property
    def attachments(self) -> Path:
        """The folder of the attachments."""
        if self.data_dir is not None:
            return self.data_dir
        scheme, _, path = self.database_url.partition(":///")
        return (
            Path(path.partition("?")[0]).parent / "attachments" if scheme.startswith("sqlite") else Path("attachments")
        )


def load(env_file: Path | None = Path(".env")) -> Settings:
    """The settings of this process. Raises `SettingsProblem`."""
    try:
        if env_file is not None:
            _readable(env_file)
        return Settings(_env_file=env_file)  # type: ignore[call-arg]
    except ValidationError as error:
        names = {str(one["loc"][0]).lower().removeprefix(PREFIX.lower()) for one in error.errors() if one["loc"]}
        raise SettingsProblem(tuple(sorted(names))) from None
    except (UnicodeDecodeError, OSError):
        raise SettingsProblem((".env",)) from None


def _readable(env_file: Path) -> None:
    """Raises `SettingsProblem` for a line that is no setting: it would be passed over, and what follows with it."""
    from dotenv.parser import parse_stream

    if not env_file.exists():
        return
    with env_file.open(encoding="utf-8") as stream:
        for binding in parse_stream(stream):
            if binding.error or (binding.key is not None and binding.value is None):
                said = binding.original.string
                blank_lines = said[: len(said) - len(said.lstrip())].count("\n")
                raise SettingsProblem((f".env:{binding.original.line + blank_lines}",))


def unknown(names: list[str]) -> list[str]:
    """Those of the variable names that carry our prefix and mean nothing, mostly typing errors."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    return sorted(name for name in {name.upper() for name in names} if name.startswith(PREFIX) and name not in known)
