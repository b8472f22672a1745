"""Logs: one line an event, on standard error. No token, no name, no text of a person is ever in one.

Libraries that write addresses with the token in them (`httpx`), or what they received (`telegram`), are silenced.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog

_LOUD = ("httpx", "httpcore", "telegram", "apscheduler", "tornado", "aiosqlite", "asyncio")


def without_words(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An error as its kind and the place it came up: its message, and the values around it, may be somebody's words."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    elif isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["error"], event["at"] = type(error).__name__, place(error)
    return event


def place(error: BaseException) -> str:
    """`module.py:line`, where the error came up."""
    found = error.__traceback__
    while found is not None and found.tb_next is not None:
        found = found.tb_next
    return f"{Path(found.tb_frame.f_code.co_filename).name}:{found.tb_lineno}" if found is not None else ""


def configure(level: str = "info", *, as_json: bool = False) -> None:
    """Set up logging for the process. `level`: debug, info, warning or error; as text for people, or JSON."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s", stream=sys.stderr)
    for name in _LOUD:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    chain: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_words,
    ]
    chain.append(
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=chain,
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
