"""What scripts and the page can watch and change: the clock, events, the ledger, places, acts, the page."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.sandbox.clock import SandboxClock

NOON_IN_SHANGHAI = datetime(2026, 5, 4, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(("until", "hours"), [("18:00", 6), ("morning", 20), ("12:30", 0.5), ("11:30", 23.5)])
def test_the_clock_goes_to_the_next_local_time(until: str, hours: float) -> None:
    clock = SandboxClock("Asia/Shanghai", NOON_IN_SHANGHAI)
    assert abs(clock.until(until) - timedelta(hours=hours)) < timedelta(seconds=5)


def test_the_clock_counts_a_night_with_a_change_of_time() -> None:
    clock = SandboxClock("Europe/Berlin", datetime(2026, 3, 28, 19, 0, tzinfo=UTC))
    assert abs(clock.until("morning") - timedelta(hours=11)) < timedelta(seconds=5)


def test_the_clock_does_not_go_back() -> None:
    clock = SandboxClock("UTC")
    with pytest.raises(ValueError, match="forward"):
        clock.advance(timedelta(seconds=-1))


async def test_a_jump_is_told_to_those_who_wait_and_those_who_listen() -> None:
    clock = SandboxClock("UTC", NOON_IN_SHANGHAI)
    heard: list[datetime] = []
    end = clock.subscribe(lambda: heard.append(clock.now()))
    waiting = asyncio.create_task(clock.wait_change())
    await asyncio.sleep(0)
    clock.advance(timedelta(hours=1))
    await asyncio.wait_for(waiting, 1)
    end()
    clock.advance(timedelta(hours=1))
    (at,) = heard
    assert timedelta(hours=1) <= at - NOON_IN_SHANGHAI < timedelta(hours=1, seconds=5)


async def test_the_clock_is_set_over_http(play: Any) -> None:
    before = await play.look("/clock")
    after = await play.sim("/clock", advance_s=3600)
    assert after["offset_s"] == pytest.approx(before["offset_s"] + 3600)
    assert after["time_zone"] == "Asia/Shanghai"
    evening = await play.sim("/clock", until="18:00")
    local = datetime.fromisoformat(evening["now"]).astimezone(play.sandbox.clock.zone)
    assert (local.hour, local.minute) == (18, 0)
    for wrong in ({}, {"until": "teatime"}, {"advance_s": -1}, {"advance_s": "soon"}, {"advance_s": 1e300}):
        assert (await play.try_sim("/clock", **wrong))[0] == 400


async def test_messages_carry_the_sandboxs_time(play: Any) -> None:
    await play.sim("/clock", advance_s=7 * 24 * 3600)
    person = await play.person()
    sent = await play.call("sendMessage", chat_id=person, text="x")
    assert abs(sent["date"] - play.sandbox.clock.timestamp()) < 5


async def test_every_change_is_announced(play: Any) -> None:
    person = await play.person()
    async with play.session.get(f"{play.url}/sim/events") as stream:
        assert stream.content_type == "text/event-stream"
        assert await stream.content.readuntil(b"\n\n") == b": watching\n\n"

        async def event() -> Any:
            line = await asyncio.wait_for(stream.content.readuntil(b"\n\n"), 5)
            return json.loads(line.removeprefix(b"data: "))

        sent = await play.call("sendMessage", chat_id=person, text="x")
        first = await event()
        assert (first["person_id"], first["kind"]) == (person, "message")
        await play.call("editMessageText", chat_id=person, message_id=sent["message_id"], text="y")
        second = await event()
        assert (second["kind"], second["version"]) == ("edit", first["version"] + 1)
        await play.sim("/clock", advance_s=1)
        assert (await event())["kind"] == "clock"


async def test_the_ledger_tells_in_order_who_did_and_saw_what(play: Any) -> None:
    person = await play.person()
    await play.sim("/ledger/reset")
    await play.sim(f"/people/{person}/send", text="hello")
    keyboard = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    sent = await play.call("sendMessage", chat_id=person, text="well?", reply_markup=keyboard)
    tapped = await play.sim(f"/people/{person}/tap", message_id=sent["message_id"], text="Yes")
    await play.call("answerCallbackQuery", callback_query_id=tapped["callback_query_id"], text="ok")
    await play.call("editMessageText", chat_id=person, message_id=sent["message_id"], text="fine")
    await play.call("deleteMessage", chat_id=person, message_id=sent["message_id"])
    rows = await play.look("/ledger")
    assert [(row["what"], row["text"], row.get("callback_data")) for row in rows] == [
        ("sent", "hello", None),
        ("shown", "well?", None),
        ("tapped", "Yes", "y"),
        ("answered", "ok", "y"),
        ("edited", "fine", None),
        ("deleted", "fine", None),
    ]
    assert {row["person_id"] for row in rows} == {person}
    assert [row["seq"] for row in rows] == list(range(rows[0]["seq"], rows[0]["seq"] + 6))
    async with play.session.get(f"{play.url}/sim/ledger?format=jsonl") as response:
        assert [json.loads(line) for line in (await response.text()).splitlines()] == rows


async def test_places_are_put_on_the_map(play: Any) -> None:
    places = [{"name": "老王便利店", "latitude": 31.2, "longitude": 121.4, "grade": "A"}]
    async with play.session.post(f"{play.url}/sim/places", json=places) as response:
        assert response.status == 200
    assert await play.look("/places") == places
    async with play.session.post(f"{play.url}/sim/places", json=[{"name": 1}]) as response:
        assert response.status == 400


async def test_an_act_runs_once_at_a_time_and_tells_how_it_ended(play: Any) -> None:
    go_on = asyncio.Event()

    async def scene() -> None:
        await go_on.wait()
        raise LookupError("the customer was away")

    play.sandbox.add_act("day", {"en": "A day", "zh": "一天"}, scene)
    assert (await play.sim("/acts/day/start"))["running"] is True
    assert (await play.try_sim("/acts/day/start"))[0] == 409
    async with play.session.get(f"{play.url}/sim/events") as stream:
        await stream.content.readuntil(b"\n\n")
        go_on.set()
        assert b'"kind":"act"' in await stream.content.readuntil(b"\n\n")
    assert await play.look("/acts") == [
        {"id": "day", "title": {"en": "A day", "zh": "一天"}, "running": False, "failed": "the customer was away"}
    ]
    assert (await play.try_sim("/acts/night/start"))[0] == 404


async def test_the_page_shows_nothing_but_its_own_files(play: Any) -> None:
    for path in ("/page/../server.py", "/page/%2e%2e/server.py", "/page//etc/passwd", "/page/nothing.html"):
        async with play.session.get(play.url + path) as response:
            assert response.status == 404


async def test_the_view_can_be_limited_to_the_newest(play: Any) -> None:
    person = await play.person()
    for text in ("a", "b"):
        await play.sim(f"/people/{person}/send", text=text)
    view = await play.look(f"/people/{person}/chat?limit=1")
    assert [message["text"] for message in view["messages"]] == ["b"]


async def test_stopping_ends_long_polls_and_pages_at_once(play: Any) -> None:
    poll = asyncio.create_task(play.call("getUpdates", timeout=50))
    stream = await play.session.get(f"{play.url}/sim/events")
    queue = play.sandbox.world.bots.by_id(123456).queue
    await queue.polling.wait()
    await asyncio.wait_for(play.sandbox.stop(), 3)
    assert await poll == []
    assert (await stream.content.read()).startswith(b": watching")
