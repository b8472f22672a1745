"""A published guide goes where its endorsement allows, by itself or when asked for; it stands on the map, and in the
brief."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import briefing
from bot.delivering import deliver, deliver_map
from bot.documents.package import CHECKSUMS
from bot.dossiers import Dossiers
from bot.settings import Settings
from bot.targets import FolderTarget, unpacked
from flows.country.access import COMMAND_LINE
from flows.country.steps.base import FileRef, Refusal
from flows.country.steps.endorsement import Channel
from flows.country.steps.publication import Published
from flows.i18n import text
from tests.bot.conftest import House
from tests.bot.packages import packed
from tests.bot.steps.guiding import taking_part
from tests.bot.steps.test_objectives_published import ADVICE, KEPT, SHARED, _published, form
from tests.telegram.standin import StandIn


@pytest.fixture
async def house(telegram: StandIn, settings: Settings, tmp_path: Path) -> AsyncIterator[House]:
    targets = {"target_national": str(tmp_path / "national"), "target_imap": str(tmp_path / "imap")}
    async with taking_part(telegram, settings.model_copy(update=targets), form) as found:
        yield found


async def published(house: House, *channels: Channel) -> str:
    """A guide of Burkina Faso was published for these places while the bot was off. The folder in its package."""
    await house.stop()
    archive = packed()
    ref = FileRef("guide-BFA-v3.zip", house.app.services.vault.keep(archive), len(archive), "application/zip")
    async with house.store() as store, store.writing() as tx:
        fact = Published(3, ref, channels, 1, "0" * 64)
        await Dossiers().record(tx, "BFA", COMMAND_LINE, (fact,), house.now())
        (secretary,) = await tx.people.of_role("secretariat")
        await tx.jobs.put("deliver", {"country": "BFA"}, secretary.id, house.now())
    await house.start()
    return unpacked(archive)[0]


async def test_a_guide_goes_by_itself_to_the_places_that_its_endorsement_names(house: House, tmp_path: Path) -> None:
    ama = await house.staff("Ama", "secretariat", "en")
    folder = await published(house, "imap", "dialogue")
    told = await ama.expect("now stands", 30)
    assert text("secretariat.channel_imap", "en") in told.text
    assert text("secretariat.channel_national", "en") not in told.text
    assert (tmp_path / "imap" / folder / CHECKSUMS).is_file()
    assert (tmp_path / "imap" / "i-map" / "countries.geojson").is_file()
    assert not (tmp_path / "national").exists()


async def test_where_a_guide_cannot_be_put_is_told_and_it_can_be_put_there_again(house: House, tmp_path: Path) -> None:
    (tmp_path / "national").write_text("no folder", "utf-8")
    ama = await house.staff("Ama", "secretariat")
    folder = await published(house, "national", "imap")
    told = await ama.expect("n’a pas pu être remise partout", 30)
    assert "désormais en place" in told.text  # on the map
    (tmp_path / "national").unlink()
    await ama.press(text("delivery.button_again", "fr"), told)
    await ama.expect(text("delivery.under_way", "fr"))
    await ama.expect("désormais en place", 30)
    assert (tmp_path / "national" / folder / CHECKSUMS).is_file()
    async with house.store() as store, store.reading() as tx:
        noted = [json.loads(entry.details) for entry in await tx.audit.entries() if entry.action == "deliver"]
    assert [one["channels"] for one in noted] == ["imap", "national imap"]


@pytest.mark.slow
async def test_a_published_guide_stands_on_the_map_and_in_the_brief(house: House, tmp_path: Path) -> None:
    secretariat = await _published(house, "i-Map")
    await secretariat.expect("now stands", 30)
    assert (tmp_path / "imap" / "i-map" / "countries.geojson").is_file()

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
