"""What must hold after any number of kills, whatever the bot is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from tests.telegram.world import World


def lost_or_repeated(world: World, applied: Mapping[int, int]) -> list[str]:
    """Every update was acknowledged and applied exactly once. `applied`: update id → how many times."""
    problems = []
    for update_id, delivery in world.updates.items():
        times = applied.get(update_id, 0)
        if not delivery.acknowledged:
            problems.append(f"update {update_id} was never acknowledged")
        elif times == 0:
            problems.append(f"update {update_id} was acknowledged and is lost")
        if times > 1:
            problems.append(f"update {update_id} was applied {times} times")
    problems += [f"update {update_id} was never sent" for update_id in applied if update_id not in world.updates]
    return problems


def unsaid_or_repeated(world: World, chat_id: int, expected: Sequence[str], kills: int) -> list[str]:
    """The chat shows the expected messages in their order; a kill may have repeated one message, and nothing else."""
    shown = [str(entry.message.get("text", "")) for entry in world.rooms[chat_id].entries if entry.kind == "bot"]
    position = 0
    for text in expected:
        try:
            position = shown.index(text, position) + 1
        except ValueError:
            return [f"chat {chat_id}: never said, or too early: {text!r:.80}"]
    spare = Counter(shown) - Counter(expected)
    problems = [f"chat {chat_id}: nobody meant to say {text!r:.80}" for text in spare if text not in expected]
    if spare.total() > kills:
        problems.append(f"chat {chat_id}: {spare.total()} messages repeated in {kills} kills")
    return problems
