"""A bot gets its updates as Telegram hands them out: in order, until confirmed, to one poller, for a while."""

import asyncio
from typing import Any

OTHER_TOKEN = "777:" + "b" * 35


async def test_updates_come_again_until_the_next_offset_confirms_them(play: Any) -> None:
    person = await play.person()
    await play.sim(f"/people/{person}/send", text="one")
    first = await play.call("getUpdates")
    again = await play.call("getUpdates")
    assert [update["message"]["text"] for update in first] == ["/start", "one"]
    assert again == first
    assert await play.call("getUpdates", offset=first[0]["update_id"] + 1) == first[1:]
    assert await play.call("getUpdates", offset=first[1]["update_id"] + 1) == []
    assert await play.call("getUpdates") == []


async def test_a_limit_gives_the_oldest_first(play: Any) -> None:
    person = await play.person()
    await play.sim(f"/people/{person}/send", text="two")
    (only,) = await play.call("getUpdates", limit=1)
    assert only["message"]["text"] == "/start"


async def test_a_negative_offset_keeps_only_the_newest(play: Any) -> None:
    person = await play.person()
    for text in ("one", "two"):
        await play.sim(f"/people/{person}/send", text=text)
    newest = await play.call("getUpdates", offset=-1)
    assert [update["message"]["text"] for update in newest] == ["two"]
    assert await play.call("getUpdates") == newest


async def test_a_long_poll_is_answered_by_the_update_that_comes(play: Any) -> None:
    person = await play.person()
    await play.updates()
    poll = asyncio.create_task(play.updates(timeout=30))
    await asyncio.sleep(0)
    await play.sim(f"/people/{person}/send", text="hello")
    (update,) = await asyncio.wait_for(poll, 5)
    assert update["message"]["text"] == "hello"


async def test_a_second_poller_ends_the_first_with_a_conflict(play: Any) -> None:
    await play.person()
    await play.updates()
    queue = play.sandbox.world.bots.by_id(123456).queue
    first = asyncio.create_task(play.refusal("getUpdates", offset=play.offset, timeout=30))
    await queue.polling.wait()
    second = asyncio.create_task(play.call("getUpdates", timeout=1, offset=play.offset))
    assert await first == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    assert await second == []


async def test_each_token_is_a_bot_with_a_queue_of_its_own(play: Any) -> None:
    person = await play.person()
    await play.sim(f"/people/{person}/send?bot=777", text="to the other")
    mine = await play.call("getUpdates")
    others = await play.call("getUpdates", token=OTHER_TOKEN)
    assert [update["message"]["text"] for update in mine] == ["/start"]
    assert [update["message"]["text"] for update in others] == ["to the other"]


async def test_sim_speaks_for_the_bot_that_asked_last(play: Any) -> None:
    person = await play.person()
    await play.call("getMe", token=OTHER_TOKEN)
    await play.sim(f"/people/{person}/send", text="hello")
    assert [update["message"]["text"] for update in await play.call("getUpdates", token=OTHER_TOKEN)] == ["hello"]


async def test_a_token_that_is_none_is_unauthorized(play: Any) -> None:
    assert await play.refusal("getMe", token="123:short") == "Unauthorized"
    assert await play.refusal("getMe", token="abc") == "Unauthorized"


async def test_an_unknown_method_is_not_found_and_a_known_one_is_in_any_case(play: Any) -> None:
    assert (await play.answer("sendTelepathy"))["error_code"] == 404
    assert await play.refusal("logOut") == "Not Found: method not found"
    assert (await play.call("GETME"))["id"] == 123456


async def test_allowed_updates_are_remembered_and_others_are_not_kept(play: Any) -> None:
    person = await play.person()
    await play.updates(allowed_updates=["callback_query"])
    await play.sim(f"/people/{person}/send", text="unheard")
    assert await play.updates() == []
    await play.updates(allowed_updates=[])
    await play.sim(f"/people/{person}/send", text="heard")
    assert [update["message"]["text"] for update in await play.updates()] == ["heard"]


async def test_a_message_is_kept_for_24_hours_and_a_tap_for_150_seconds(play: Any) -> None:
    person = await play.person()
    await play.updates()
    keyboard = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    sent = await play.call("sendMessage", chat_id=person, text="Well?", reply_markup=keyboard)
    await play.sim(f"/people/{person}/tap", message_id=sent["message_id"], text="Yes")
    await play.sim(f"/people/{person}/send", text="a message")
    await play.sim("/clock", advance_s=149)
    assert [set(update) - {"update_id"} for update in await play.call("getUpdates", offset=play.offset)] == [
        {"callback_query"},
        {"message"},
    ]
    await play.sim("/clock", advance_s=2)
    assert [set(update) - {"update_id"} for update in await play.call("getUpdates", offset=play.offset)] == [
        {"message"}
    ]
    await play.sim("/clock", advance_s=24 * 3600)
    assert await play.call("getUpdates", offset=play.offset) == []


async def test_params_come_as_query_form_and_json_alike(play: Any) -> None:
    person = await play.person()
    url = f"{play.url}/bot{play.token}/sendMessage"
    async with play.session.get(url, params={"chat_id": str(person), "text": "query"}) as response:
        assert (await response.json())["result"]["text"] == "query"
    async with play.session.post(url, data={"chat_id": person, "text": "form 表单"}) as response:
        assert (await response.json())["result"]["text"] == "form 表单"
    async with play.session.post(url, json={"chat_id": str(person), "text": "json"}) as response:
        assert (await response.json())["result"]["text"] == "json"
    async with play.session.post(url, data=b"{", headers={"Content-Type": "application/json"}) as response:
        assert response.status == 400
