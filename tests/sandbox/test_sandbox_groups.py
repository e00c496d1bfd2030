"""Groups, as far as a manager's group needs them: privacy, taps, and the move to a supergroup."""

from typing import Any


async def test_a_bot_in_a_group_hears_commands_and_replies_only(play: Any) -> None:
    ann, bob = await play.person("Ann"), await play.person("Bob")
    group = await play.sim("/groups", title="Team", people=[ann, bob])
    sent = await play.call("sendMessage", chat_id=group["id"], text="Digest")
    await play.sim(f"/people/{bob}/send", chat_id=group["id"], text="lunch?")
    await play.sim(f"/people/{bob}/send", chat_id=group["id"], text="/digest")
    await play.sim(f"/people/{ann}/send", chat_id=group["id"], text="thanks", reply_to=sent["message_id"])
    heard = [update.get("message", {}).get("text") for update in await play.updates()]
    assert heard == ["/start", "/start", None, None, "/digest", "thanks"]
    messages = (await play.look(f"/people/{ann}/chat?chat_id={group['id']}"))["messages"]
    assert [message.get("text") for message in messages] == [None, "Digest", "lunch?", "/digest", "thanks"]


async def test_a_tap_in_a_group_names_who_tapped(play: Any) -> None:
    ann = await play.person("Ann")
    group = await play.sim("/groups", title="Team", people=[ann])
    keyboard = {"inline_keyboard": [[{"text": "Take", "callback_data": "t"}]]}
    sent = await play.call("sendMessage", chat_id=group["id"], text="x", reply_markup=keyboard)
    await play.sim(f"/people/{ann}/tap", chat_id=group["id"], message_id=sent["message_id"], text="Take")
    query = (await play.updates())[-1]["callback_query"]
    assert (query["from"]["id"], query["message"]["chat"]["id"]) == (ann, group["id"])


async def test_a_group_that_became_a_supergroup_names_its_new_id(play: Any) -> None:
    ann = await play.person("Ann")
    group = await play.sim("/groups", title="Team", people=[ann])
    await play.sim("/faults", method="sendMessage", kind="migrate", chat_id=group["id"])
    for _ in range(2):
        answer = await play.answer("sendMessage", chat_id=group["id"], text="x")
        assert answer["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    new_id = answer["parameters"]["migrate_to_chat_id"]
    sent = await play.call("sendMessage", chat_id=new_id, text="x")
    assert sent["chat"] == {"id": new_id, "type": "supergroup", "title": "Team"}
    told = [update["message"] for update in await play.updates() if "message" in update]
    assert {"migrate_to_chat_id", "migrate_from_chat_id"} <= {field for message in told for field in message}


async def test_a_stranger_does_not_see_a_group(play: Any) -> None:
    ann, eve = await play.person("Ann"), await play.person("Eve")
    group = await play.sim("/groups", title="Team", people=[ann])
    assert (await play.try_sim(f"/people/{eve}/send", chat_id=group["id"], text="x"))[0] == 404
