"""What a person can do with the phone, and what the bot hears of it."""

from typing import Any

import pytest

YES = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}, {"text": "Map", "url": "https://x.org"}]]}


async def last_update(play: Any) -> Any:
    return (await play.updates())[-1]


async def ask(play: Any, person: int, markup: Any) -> int:
    return int((await play.call("sendMessage", chat_id=person, text="?", reply_markup=markup))["message_id"])


async def test_a_command_is_marked_as_one(play: Any) -> None:
    person = await play.person(start=False, language_code="zh-hans", phone="+8613800000000", last_name="Wang")
    await play.sim(f"/people/{person}/send", text="/start invite_42")
    message = (await last_update(play))["message"]
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert message["from"]["language_code"] == "zh-hans"
    assert message["chat"] == {"id": person, "type": "private", "first_name": "Li", "last_name": "Wang"}


async def test_a_tap_sends_the_data_of_the_button(play: Any) -> None:
    person = await play.person()
    message_id = await ask(play, person, YES)
    await play.sim(f"/people/{person}/tap", message_id=message_id, text="Yes")
    query = (await last_update(play))["callback_query"]
    assert (query["data"], query["message"]["message_id"], query["from"]["id"]) == ("y", message_id, person)


async def test_a_link_button_opens_and_tells_the_bot_nothing(play: Any) -> None:
    person = await play.person()
    message_id = await ask(play, person, YES)
    assert await play.sim(f"/people/{person}/tap", message_id=message_id, text="Map") == {"url": "https://x.org"}
    assert "callback_query" not in await last_update(play)


async def test_only_what_is_seen_now_can_be_tapped_unless_the_view_is_stale(play: Any) -> None:
    person = await play.person()
    message_id = await ask(play, person, YES)
    await play.call("editMessageText", chat_id=person, message_id=message_id, text="done")
    status, answer = await play.try_sim(f"/people/{person}/tap", message_id=message_id, text="Yes")
    assert (status, answer["error"]) == (409, f"message {message_id} has no such button now")
    await play.sim(f"/people/{person}/tap", message_id=message_id, text="Yes", stale=True)
    assert (await last_update(play))["callback_query"]["data"] == "y"
    status, _ = await play.try_sim(f"/people/{person}/tap", message_id=message_id, callback_data="never", stale=True)
    assert status == 409


async def test_a_stale_tap_on_a_deleted_message_has_an_inaccessible_one(play: Any) -> None:
    person = await play.person()
    message_id = await ask(play, person, YES)
    await play.call("deleteMessage", chat_id=person, message_id=message_id)
    await play.sim(f"/people/{person}/tap", message_id=message_id, callback_data="y", stale=True)
    message = (await last_update(play))["callback_query"]["message"]
    assert (message["message_id"], message["date"]) == (message_id, 0)


async def test_a_changed_client_can_forge_any_data(play: Any) -> None:
    person = await play.person()
    message_id = await ask(play, person, YES)
    await play.sim(f"/people/{person}/tap", message_id=message_id, forged="delete everything")
    assert (await last_update(play))["callback_query"]["data"] == "delete everything"


async def test_a_reply_button_is_sent_as_text_and_a_one_time_keyboard_goes(play: Any) -> None:
    person = await play.person()
    await ask(play, person, {"keyboard": [["Check in"], [{"text": "Help"}]], "one_time_keyboard": True})
    assert (await play.look(f"/people/{person}/chat"))["keyboard"]["keyboard"][0] == [{"text": "Check in"}]
    await play.sim(f"/people/{person}/tap", text="Check in")
    assert (await last_update(play))["message"]["text"] == "Check in"
    assert (await play.look(f"/people/{person}/chat"))["keyboard"] is None
    assert (await play.try_sim(f"/people/{person}/tap", text="Check in"))[0] == 409


async def test_a_keyboard_stays_until_it_is_removed(play: Any) -> None:
    person = await play.person()
    await ask(play, person, {"keyboard": [["A"]]})
    await play.sim(f"/people/{person}/tap", text="A")
    assert (await play.look(f"/people/{person}/chat"))["keyboard"] is not None
    await ask(play, person, {"remove_keyboard": True})
    assert (await play.look(f"/people/{person}/chat"))["keyboard"] is None


async def test_buttons_share_the_contact_and_the_place(play: Any) -> None:
    person = await play.person(phone="+8613911112222")
    asked = await ask(
        play,
        person,
        {"keyboard": [[{"text": "Phone", "request_contact": True}, {"text": "Here", "request_location": True}]]},
    )
    await play.sim(f"/people/{person}/tap", text="Phone")
    message = (await last_update(play))["message"]
    assert message["contact"] == {"phone_number": "+8613911112222", "first_name": "Li", "user_id": person}
    assert message["reply_to_message"]["message_id"] == asked
    assert (await play.try_sim(f"/people/{person}/tap", text="Here"))[0] == 400
    await play.sim(f"/people/{person}/tap", text="Here", location={"latitude": 31.2, "longitude": 121.4})
    assert (await last_update(play))["message"]["location"] == {"latitude": 31.2, "longitude": 121.4}


async def test_anothers_contact_names_the_other(play: Any) -> None:
    person, other = await play.person(), await play.person("Zhao", start=False)
    await play.sim(f"/people/{person}/send", contact={"person_id": other})
    assert (await last_update(play))["message"]["contact"]["user_id"] == other
    await play.sim(f"/people/{person}/send", contact={"phone_number": "+1", "first_name": "Shop"})
    assert "user_id" not in (await last_update(play))["message"]["contact"]
    await play.sim(f"/people/{person}/send", contact={})
    assert (await last_update(play))["message"]["contact"]["user_id"] == person


async def test_a_live_location_moves_by_edits_until_it_is_stopped(play: Any) -> None:
    person = await play.person()
    place = {"latitude": 31.2, "longitude": 121.4, "horizontal_accuracy": 12.5, "live_period": 900}
    message_id = (await play.sim(f"/people/{person}/send", location=place))["message_id"]
    assert (await last_update(play))["message"]["location"] == place
    await play.sim(f"/people/{person}/move", message_id=message_id, latitude=31.3, longitude=121.5)
    moved = (await last_update(play))["edited_message"]
    assert moved["location"] == {"latitude": 31.3, "longitude": 121.5, "live_period": 900}
    await play.sim(f"/people/{person}/stop", message_id=message_id)
    assert (await last_update(play))["edited_message"]["location"] == {"latitude": 31.3, "longitude": 121.5}
    assert (await play.try_sim(f"/people/{person}/move", message_id=message_id, latitude=1, longitude=1))[0] == 409


async def test_a_live_location_ends_by_itself(play: Any) -> None:
    person = await play.person()
    place = {"latitude": 31.2, "longitude": 121.4, "live_period": 900}
    message_id = (await play.sim(f"/people/{person}/send", location=place))["message_id"]
    await play.sim("/clock", advance_s=901)
    assert (await play.try_sim(f"/people/{person}/move", message_id=message_id, latitude=1, longitude=1))[0] == 409


async def test_a_venue_and_an_inline_place_can_be_told_from_a_shared_one(play: Any) -> None:
    person = await play.person()
    place = {"latitude": 31.2, "longitude": 121.4}
    await play.sim(f"/people/{person}/send", venue={**place, "title": "Shop", "address": "Road 1"})
    venue = (await last_update(play))["message"]
    assert venue["venue"] == {"location": place, "title": "Shop", "address": "Road 1"}
    await play.sim(f"/people/{person}/send", location=place, via_bot=True)
    assert (await last_update(play))["message"]["via_bot"]["is_bot"] is True


@pytest.mark.parametrize("hidden", [False, True])
async def test_a_forward_tells_where_it_comes_from(play: Any, hidden: bool) -> None:
    person, friend = await play.person(), await play.person("Friend")
    place = {"latitude": 31.2, "longitude": 121.4}
    original = await play.sim(f"/people/{friend}/send", location=place)
    forward = {"message_id": original["message_id"], "person_id": friend, "hidden": hidden}
    await play.sim(f"/people/{person}/send", forward_of=forward)
    message = (await last_update(play))["message"]
    assert message["location"] == place
    assert message["from"]["id"] == person
    origin = message["forward_origin"]
    assert origin["type"] == ("hidden_user" if hidden else "user")
    assert origin.get("sender_user_name") == ("Friend" if hidden else None)


async def test_an_own_message_is_edited_and_a_strange_one_is_not(play: Any) -> None:
    person = await play.person()
    message_id = (await play.sim(f"/people/{person}/send", text="tommorow"))["message_id"]
    await play.sim(f"/people/{person}/edit", message_id=message_id, text="tomorrow")
    edited = (await last_update(play))["edited_message"]
    assert (edited["message_id"], edited["text"]) == (message_id, "tomorrow")
    strange = await ask(play, person, None)
    assert (await play.try_sim(f"/people/{person}/edit", message_id=strange, text="x"))[0] == 409


async def test_a_sticker_comes_with_its_face(play: Any) -> None:
    person = await play.person()
    await play.sim(f"/people/{person}/send", sticker="👍")
    sticker = (await last_update(play))["message"]["sticker"]
    assert (sticker["emoji"], sticker["width"]) == ("👍", 512)
    async with play.session.get(f"{play.url}/sim/files/{sticker['file_id']}") as response:
        assert response.content_type == "image/webp"


async def test_a_block_is_told_and_refuses_messages_until_it_is_taken_back(play: Any) -> None:
    person = await play.person()
    await play.sim(f"/people/{person}/block")
    change = (await last_update(play))["my_chat_member"]
    assert (change["old_chat_member"]["status"], change["new_chat_member"]["status"]) == ("member", "kicked")
    assert await play.refusal("sendMessage", chat_id=person, text="x") == "Forbidden: bot was blocked by the user"
    assert (await play.try_sim(f"/people/{person}/send", text="x"))[0] == 409
    await play.sim(f"/people/{person}/block", blocked=False)
    assert (await last_update(play))["my_chat_member"]["new_chat_member"]["status"] == "member"
    await play.call("sendMessage", chat_id=person, text="back")


@pytest.mark.parametrize(
    ("body", "status"),
    [({}, 400), ({"text": " "}, 400), ({"text": "x" * 4097}, 400), ({"location": {"latitude": 1}}, 400)],
)
async def test_what_a_phone_cannot_send(play: Any, body: dict[str, Any], status: int) -> None:
    person = await play.person()
    assert (await play.try_sim(f"/people/{person}/send", **body))[0] == status


async def test_people_are_listed_and_have_ids_of_their_own(play: Any) -> None:
    await play.sim("/people", first_name="Chen", id=42, last_name="Min", username="chenmin", phone="+1")
    assert (await play.look("/people"))[0] == {
        "id": 42,
        "first_name": "Chen",
        "last_name": "Min",
        "username": "chenmin",
        "language_code": "en",
        "phone": "+1",
    }
    assert (await play.try_sim("/people", first_name="Chen", id=42))[0] == 409
    assert (await play.try_sim("/people"))[0] == 400
    assert (await play.try_sim("/people/43/send", text="x"))[0] == 404


async def test_without_a_bot_nobody_can_be_written_to(play: Any) -> None:
    play.sandbox.world.bots.last = None
    person = await play.sim("/people", first_name="Li")
    assert (await play.try_sim(f"/people/{person['id']}/send", text="x"))[0] == 409
