"""Messages given to the sender straight, the faults that they meet at Telegram, and what was shown in the end."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from scene import Player, Scene
from sqlalchemy import text

from bot.sandbox.server import Sandbox
from storage import outbox
from storage.database import Connection

WORDS = "people/back"  # a short message that speaks of a name alone
LEAP = timedelta(seconds=31)  # of the clock, over a pause that our own policy makes


async def post(
    scene: Scene,
    *to: Player | int,
    message: str = WORDS,
    count: int = 1,
    names: Sequence[str] = (),
    context: dict[str, Any] | None = None,
    **values: Any,
) -> None:
    """Post to members, or to chats by their ids, all in one transaction; the names are counted up as "#1", "#2" …

    `values` are columns of the outbox; a `context` takes the place of the names, and is posted once.
    """
    told = [context] if context is not None else [{"name": name} for name in names or _counted_up(count)]
    rows = []
    for said in told:
        for one in to:
            chat = (
                {"chat_id": one.id, "person_id": await one.person_id} if isinstance(one, Player) else {"chat_id": one}
            )
            row = {"key": uuid4().hex, "message": message, "context": said, "created_at": scene.rounds.clock()}
            rows.append({**row, **chat, **values})

    def unit(connection: Connection) -> None:
        for row in rows:
            outbox.post(connection, **row)

    await scene.rounds.database.write(unit)
    scene.rounds.sender.ring()


def _counted_up(count: int) -> list[str]:
    return [f"#{number}" for number in range(1, count + 1)]


async def fault(scene: Scene, kind: str, method: str = "sendMessage", **more: Any) -> None:
    """Telegram fails on the next calls of a method."""
    await scene.sim("/faults", {"method": method, "kind": kind, **more})


async def clear(scene: Scene) -> None:
    """Telegram is well again."""
    async with scene.session.delete(f"{scene.url}/sim/faults") as response:
        assert response.status == 200


async def settled(scene: Scene) -> None:
    """Wait until the outbox is empty; the sandbox's clock leaps over the pauses."""
    async with asyncio.timeout(20):
        while await scene.rows(text("SELECT id FROM outbox WHERE state IN ('waiting', 'sending')")):
            scene.sandbox.clock.advance(LEAP)
            scene.rounds.sender.ring()
            await asyncio.sleep(0.01)
    await scene.settle()


def shown(sandbox: Sandbox, to: Player | int) -> list[str]:
    """The words with a number that were shown in a chat, in order, doubles included."""
    chat_id = to.id if isinstance(to, Player) else to
    rows = [row for row in sandbox.ledger.rows() if row["what"] == "shown" and row["chat_id"] == chat_id]
    return [word.strip("!.,") for row in rows for word in (row.get("text") or "").split() if word.startswith("#")]
