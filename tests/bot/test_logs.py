"""Logs tell where something went wrong, and never what somebody said."""

from __future__ import annotations

import logging

import pytest
import structlog

from bot import logs


@pytest.fixture(autouse=True)
def restored() -> object:
    yield
    structlog.reset_defaults()


@pytest.mark.parametrize("as_json", [True, False])
def test_an_error_is_logged_without_its_words(as_json: bool, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(as_json=as_json)
    try:
        raise ValueError("the minister said no")
    except ValueError:
        structlog.get_logger("x").exception("turn_failed", update_id=4)
    said = capsys.readouterr().err
    assert "ValueError" in said
    assert "test_logs.py:" in said
    assert "minister" not in said


def test_the_address_of_a_request_which_holds_the_token_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    logs.configure("debug")
    logging.getLogger("httpx").error("HTTP Request: POST https://api.telegram.org/bot123:secret/getMe")
    assert caplog.text == ""
