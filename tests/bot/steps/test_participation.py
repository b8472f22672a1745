"""How many take part, from the conversation to the guide."""

from __future__ import annotations

from bot.editions import compiled, gather_basis
from flows.country.guide import Figure
from flows.country.participation import Participation
from tests.bot.conftest import House
from tests.bot.steps.taking_part import said_yes


async def test_a_guide_shows_how_many_entities_were_invited_and_have_answered(house: House) -> None:
    await said_yes(house)
    await house.coordinator()
    await house.official("Issa")
    async with house.store() as store:
        basis = await gather_basis(house.app.turns._services, store, "BFA", house.now(), accepted=False)
    assert basis.dossier.participation == Participation((2, 0), (0, 0), (0, 0))
    guide = compiled(basis, "fr", house.now(), 1, final=False)
    (figure,) = (block for block in guide.summary if isinstance(block, Figure))
    assert "Invitées (2, dont gouvernementales" in figure.alt and "Ont répondu (0)" in figure.alt
