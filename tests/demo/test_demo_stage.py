"""The demo as a visitor meets it: chats with something in them, a day played to its end, and all of it there again."""

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.demo.company import PEOPLE
from bot.demo.phones import Phone
from bot.demo.scripts import STORE_CHECK_ZH
from bot.demo.stage import Stage, perform, raised
from bot.demo.visiting import Visiting
from bot.settings import WrongSettings
from storage.tables import VisitRow, table

PATIENCE = 60.0
VISIT = table(VisitRow)
REP, MANAGER, ADMIN, SECOND_REP = (each.telegram_id for each in PEOPLE)


async def shown(stage: Stage, person_id: int) -> list[dict[str, Any]]:
    """What the bot has said on a phone."""
    chat = await stage.exchange.look(f"/people/{person_id}/chat")
    return [message for message in chat["messages"] if not message["outgoing"]]


async def text_on(stage: Stage, person_id: int) -> str:
    return "\n".join(str(message.get("text") or message.get("caption")) for message in await shown(stage, person_id))


async def until(holds: Callable[[], Awaitable[Any]]) -> Any:
    """Wait until something holds."""
    deadline = time.monotonic() + PATIENCE
    while not (found := await holds()):
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.05)
    return found


async def play(stage: Stage, act: str) -> None:
    """Press an act's button on the page and wait until it has ended well."""
    await stage.exchange.post(f"/acts/{act}/start", {})

    async def ended() -> bool:
        acts = {one["id"]: one for one in await stage.exchange.look("/acts")}
        assert acts[act]["failed"] == ""
        return not acts[act]["running"]

    await until(ended)


async def visits_of_today(stage: Stage) -> list[Any]:
    today = stage.sandbox.clock.now().astimezone(stage.sandbox.clock.zone).date()
    statement = select(VISIT).where(VISIT.c.visited_on == today)
    return await stage.rounds.database.read(lambda connection: list(connection.execute(statement)))


async def test_a_first_start_opens_chats_that_have_something_to_say(tmp_path: Path) -> None:
    async with raised(port=0, data_dir=str(tmp_path), pace=0) as stage:
        people = await stage.exchange.look("/people")
        assert [person["id"] for person in people] == [REP, MANAGER, ADMIN, SECOND_REP]
        assert len(await stage.exchange.look("/places")) == 60

        await until(lambda: _has(stage, REP, "☀️"))
        await until(lambda: _has(stage, SECOND_REP, "Good morning, Emma"))
        await until(lambda: _has(stage, MANAGER, "📰"))
        await until(lambda: _has(stage, ADMIN, "/settings", outgoing=True))
        local = stage.sandbox.clock.now().astimezone(stage.sandbox.clock.zone)
        assert (local.hour, local.minute) == (8, 50)

        async def has_menus() -> bool:
            chats = [await stage.exchange.look(f"/people/{each.telegram_id}/chat") for each in PEOPLE]
            return all(len(chat["commands"]) > 5 and chat["keyboard"] for chat in chats)

        await until(has_menus)


async def test_a_played_day_ends_with_the_digest_and_is_there_again_after_a_restart(tmp_path: Path) -> None:
    async with raised(port=0, data_dir=str(tmp_path), pace=0) as stage:
        await play(stage, "day")

        reported = {visit.person_id: visit for visit in await visits_of_today(stage)}
        assert len(reported) == 2
        assert {visit.state for visit in reported.values()} == {"sent"}
        assert sorted(visit.effectiveness for visit in reported.values()) == ["effective", "partial"]
        digest = await text_on(stage, MANAGER)
        assert "云梯超市 Skyladder Market" in digest
        assert "慢板咖啡 Adagio Coffee" in digest
        assert "150 m" in await text_on(stage, ADMIN)
        ended_at = stage.sandbox.clock.now()

    async with raised(port=0, data_dir=str(tmp_path), pace=0) as stage:
        assert stage.sandbox.clock.now() > ended_at
        await until(lambda: _has(stage, REP, "☀️"))
        await until(lambda: _has(stage, MANAGER, "云梯超市 Skyladder Market"))
        count = select(func.count()).select_from(VISIT)
        told = await stage.rounds.database.read(lambda connection: connection.execute(count).scalar_one())
        assert told > 80

        await play(stage, "day")
        assert len(await visits_of_today(stage)) == 2


async def test_a_visit_left_open_is_asked_for_after_a_restart_and_does_not_stop_an_act(tmp_path: Path) -> None:
    async with raised(port=0, data_dir=str(tmp_path), pace=0) as stage:
        await _leave_a_visit_open(stage)

    async with raised(port=0, data_dir=str(tmp_path), pace=0) as stage:
        assert "云梯超市" in await text_on(stage, REP)

        await play(stage, "rain")

        states = sorted(visit.state for visit in await visits_of_today(stage))
        assert states == ["cancelled", "sent"]


def test_a_port_that_is_taken_is_named_with_what_to_do_and_nothing_is_touched(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(WrongSettings, match=rf"port {port} is taken.*--port"):
            asyncio.run(perform(port=port, data_dir=str(tmp_path), browser=False))

    assert list(tmp_path.iterdir()) == []


async def test_an_act_plays_on_phones_that_the_visitor_has_turned_to_another_language(tmp_path: Path) -> None:
    async with raised(port=0, data_dir=str(tmp_path), pace=0) as stage:
        phone = Phone(stage.exchange, REP, _at_once)
        await phone.says("/language")
        await phone.presses("en")
        await phone.answered()

        await play(stage, "rain")

        await until(lambda: _has(stage, REP, "Done!"))


async def test_who_stands_at_a_place_of_the_map_checks_in_without_a_flag(tmp_path: Path) -> None:
    async with raised(port=0, data_dir=str(tmp_path), pace=0) as stage:
        place = next(one for one in await stage.exchange.look("/places") if one["name"].startswith("云梯超市"))
        here = {"latitude": place["latitude"], "longitude": place["longitude"], "horizontal_accuracy": 15}
        await stage.exchange.post(f"/people/{REP}/send", {"location": here})
        phone = Phone(stage.exchange, REP, _at_once)
        await phone.presses("purpose-first")
        await phone.presses("customer-")
        (visit,) = await until(lambda: visits_of_today(stage))

    assert (visit.arrival, visit.flags) == ("inside", [])


async def _at_once() -> None:
    """No pause before a deed."""


async def _has(stage: Stage, person_id: int, text: str, *, outgoing: bool = False) -> bool:
    if not outgoing:
        return text in await text_on(stage, person_id)
    chat = await stage.exchange.look(f"/people/{person_id}/chat")
    return any(text in str(message.get("text")) for message in chat["messages"] if message["outgoing"])


async def _leave_a_visit_open(stage: Stage) -> None:
    """The rep checks in at a store, and goes for lunch."""
    keys = {name: {wording} for name, wording in stage.rounds.renderer.words("keys", "zh_Hans").items()}
    await Visiting(stage.exchange, Phone(stage.exchange, REP, _at_once), keys).arrive(STORE_CHECK_ZH)
