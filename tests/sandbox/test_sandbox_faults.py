"""Faults on order, and Telegram's rate limits: what a bot sees, and what was done all the same."""

from typing import Any

import aiohttp
import pytest

from bot.sandbox.limits import Limits
from bot.sandbox.wire import ApiError


async def shown(play: Any, person: int) -> list[str]:
    ledger = await play.look("/ledger")
    return [row["text"] for row in ledger if row["what"] == "shown" and row["person_id"] == person]


async def test_a_429_tells_when_to_come_again_and_sends_nothing(play: Any) -> None:
    person = await play.person()
    await play.sim("/faults", method="sendMessage", kind="429", retry_after=7)
    answer = await play.answer("sendMessage", chat_id=person, text="x")
    assert answer == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 7",
        "parameters": {"retry_after": 7},
    }
    assert await shown(play, person) == []
    await play.call("sendMessage", chat_id=person, text="y")


async def test_a_fault_strikes_after_some_calls_and_a_number_of_times(play: Any) -> None:
    person = await play.person()
    await play.sim("/faults", method="*", kind="500", after=1, times=2)
    results = [(await play.answer("sendMessage", chat_id=person, text=str(i)))["ok"] for i in range(4)]
    assert results == [True, False, False, True]
    assert await shown(play, person) == ["0", "3"]


async def test_a_fault_can_be_for_one_chat_and_one_method(play: Any) -> None:
    ill, well = await play.person(), await play.person()
    await play.sim("/faults", method="sendMessage", kind="403", chat_id=ill)
    await play.call("sendMessage", chat_id=well, text="x")
    await play.call("sendChatAction", chat_id=ill, action="typing")
    assert await play.refusal("sendMessage", chat_id=ill, text="x") == "Forbidden: bot was blocked by the user"


async def test_a_dropped_call_was_not_done_and_a_timeout_after_was(play: Any) -> None:
    person = await play.person()
    await play.sim("/faults", method="sendMessage", kind="drop")
    with pytest.raises(aiohttp.ClientError):
        await play.call("sendMessage", chat_id=person, text="dropped")
    await play.sim("/faults", method="sendMessage", kind="timeout_after", seconds=0.05)
    with pytest.raises(aiohttp.ClientError):
        await play.call("sendMessage", chat_id=person, text="done, but nobody knows")
    assert await shown(play, person) == ["done, but nobody knows"]


async def test_a_lost_answer_stays_away_longer_than_a_bot_waits(play: Any) -> None:
    person = await play.person()
    await play.sim("/faults", method="sendMessage", kind="timeout_after")
    url = f"{play.url}/bot{play.token}/sendMessage"
    with pytest.raises(TimeoutError):
        async with play.session.post(
            url, json={"chat_id": person, "text": "x"}, timeout=aiohttp.ClientTimeout(total=0.3)
        ):
            pass
    assert await shown(play, person) == ["x"]


async def test_a_slow_call_is_done(play: Any) -> None:
    person = await play.person()
    await play.sim("/faults", method="sendMessage", kind="slow", seconds=0.01)
    await play.call("sendMessage", chat_id=person, text="x")
    assert await shown(play, person) == ["x"]


async def test_faults_are_listed_cleared_and_checked(play: Any) -> None:
    await play.sim("/faults", method="getMe", kind="500", times=3)
    assert (await play.look("/faults"))["faults"][0]["times"] == 3
    async with play.session.delete(f"{play.url}/sim/faults") as response:
        assert (await response.json())["faults"] == []
    await play.call("getMe")
    assert (await play.try_sim("/faults", kind="earthquake"))[0] == 400
    assert (await play.try_sim("/faults", kind="500", times="many"))[0] == 400


async def test_a_file_download_can_fail_too(play: Any) -> None:
    person = await play.person()
    _, (message,) = await play.upload(f"/sim/people/{person}/document", {"f": ("a.txt", b"a", "text/plain")})
    file = await play.call("getFile", file_id=message["document"]["file_id"])
    await play.sim("/faults", method="file", kind="500")
    url = f"{play.url}/file/bot{play.token}/{file['file_path']}"
    async with play.session.get(url) as response:
        assert response.status == 500
    async with play.session.get(url) as response:
        assert await response.read() == b"a"


async def test_a_fault_is_in_the_ledger(play: Any) -> None:
    await play.sim("/faults", method="getMe", kind="500")
    await play.answer("getMe")
    (row,) = [row for row in await play.look("/ledger") if row["what"] == "fault"]
    assert (row["method"], row["kind"]) == ("getMe", "500")


class Seconds:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def spent(limits: Limits, chats: list[int]) -> int | None:
    """How many messages pass, and what the first refusal says to wait, in seconds."""
    for chat in chats:
        try:
            limits.spend(1, chat)
        except ApiError as error:
            assert error.error_code == 429
            return int(error.parameters["retry_after"]) if error.parameters else None
    return None


def test_a_chat_takes_a_burst_and_then_one_a_second() -> None:
    seconds = Seconds()
    limits = Limits(True, seconds)
    assert spent(limits, [7] * 5) is None
    assert spent(limits, [7]) == 1
    seconds.now += 1
    assert spent(limits, [7]) is None
    assert spent(limits, [7]) == 1


def test_a_bot_sends_thirty_a_second_to_all() -> None:
    seconds = Seconds()
    limits = Limits(True, seconds)
    assert spent(limits, list(range(1, 31))) is None
    assert spent(limits, [99]) == 1
    seconds.now += 1
    assert spent(limits, list(range(1, 31))) is None


def test_a_group_takes_twenty_a_minute() -> None:
    seconds = Seconds()
    limits = Limits(True, seconds)
    assert spent(limits, [-5] * 20) is None
    assert spent(limits, [-5]) == 3


async def test_limits_hold_for_sending_and_editing_and_can_be_switched_off(strict_play: Any) -> None:
    play = strict_play
    person = await play.person()
    sent = [await play.call("sendMessage", chat_id=person, text="x") for _ in range(5)]
    assert (await play.answer("sendMessage", chat_id=person, text="x"))["error_code"] == 429
    where = {"chat_id": person, "message_id": sent[0]["message_id"]}
    assert (await play.answer("editMessageText", **where, text="y"))["error_code"] == 429
    await play.sim("/faults", limits=False)
    await play.call("editMessageText", **where, text="y")
