"""Guides made one after the other do not fill the memory."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.documents import render
from tests.bot.documents import sample

STATUS = Path("/proc/self/status")
MEBIBYTES = 100
"""Six guides of this length take 300 where nothing is freed."""


def held() -> int:
    return int(STATUS.read_text("utf-8").partition("VmRSS:")[2].split()[0]) // 1024


@pytest.mark.slow
@pytest.mark.skipif(not STATUS.exists(), reason="only Linux tells it")
def test_a_guide_leaves_no_more_in_memory_than_the_one_before() -> None:
    guide = sample.sample("fr")
    render(guide, "pdf")
    before = held()
    for number in range(6):
        render(replace(guide, subtitle=f"Guide {number}"), "pdf")
    assert held() - before < MEBIBYTES
