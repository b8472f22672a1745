"""A guide published with leave for the i-Map stands on the map, beside it, and in no other place; and in the brief."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import briefing
from bot.delivering import deliver, deliver_map
from bot.settings import Settings
from bot.targets import FolderTarget
from flows.country.steps.base import Refusal
from tests.bot.conftest import House
from tests.bot.steps.guiding import taking_part
from tests.bot.steps.test_objectives_published import ADVICE, KEPT, SHARED, _published, form
from tests.telegram.standin import StandIn


@pytest.fixture
async def house(telegram: StandIn, settings: Settings) -> AsyncIterator[House]:
    async with taking_part(telegram, settings, form) as found:
        yield found


@pytest.mark.slow
async def test_a_published_guide_stands_on_the_map_and_in_the_brief(house: House, tmp_path: Path) -> None:
    await _published(house, "i-Map")

    services, now = house.app.services, house.now()
    async with house.store() as store:
        refused = await deliver(services, await house.course(), "national", FolderTarget(tmp_path / "site"))
        done = await deliver_map(services, store, FolderTarget(tmp_path / "map"), now)
        again = await deliver_map(services, store, FolderTarget(tmp_path / "map"), now)
        brief = await briefing.made(services, store, now.date(), now)
    assert isinstance(refused, Refusal)
    assert not (tmp_path / "site").exists()
    assert [outcome for _, outcome in (*done, *again)] == ["new", "new", "same", "same"]
    data = json.loads((tmp_path / "map" / "i-map" / "countries.geojson").read_text("utf-8"))
    (one,) = data["features"]
    assert (one["id"], one["properties"]["phase"]) == ("BFA", "published")
    assert one["properties"]["counts"] == {"sources": 0, "recommendations": 1, "practices": 1}
    for link in one["properties"]["links"]:
        assert (tmp_path / "map" / "i-map" / link["href"]).resolve().is_file()

    assert [one.stage for one in brief.participants] == ["published"]
    assert [one.contributed.text for one in brief.told_recommendations] == [ADVICE]
    assert brief.objectives == {11: 1}
    assert [one.title for one in brief.practices] == [SHARED]
    assert KEPT not in repr(brief)
