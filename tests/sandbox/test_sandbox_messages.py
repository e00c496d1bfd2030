"""What a bot sends, edits and deletes: what the person then sees, and what Telegram refuses."""

from typing import Any

import pytest

YES = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
NO = {"inline_keyboard": [[{"text": "No", "callback_data": "n"}]]}
MENU = {"keyboard": [[{"text": "Check in"}]], "one_time_keyboard": True}


async def seen(play: Any, person: int) -> list[str]:
    messages = (await play.look(f"/people/{person}/chat"))["messages"]
    return [message["text"] for message in messages if not message["outgoing"]]


async def test_a_sent_message_is_seen(play: Any) -> None:
    person = await play.person()
    sent = await play.call("sendMessage", chat_id=person, text="<b>Hi</b> Li", parse_mode="HTML", reply_markup=YES)
    assert sent["text"] == "Hi Li"
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 2}]
    assert sent["reply_markup"] == YES
    assert await seen(play, person) == ["Hi Li"]


async def test_an_edit_takes_the_place_of_the_text_and_the_keyboard(play: Any) -> None:
    person = await play.person()
    sent = await play.call("sendMessage", chat_id=person, text="one", reply_markup=YES)
    edited = await play.call("editMessageText", chat_id=person, message_id=sent["message_id"], text="two")
    assert edited["text"] == "two"
    assert "reply_markup" not in edited
    assert edited["edit_date"] >= sent["date"]
    assert await seen(play, person) == ["two"]


async def test_an_update_that_waits_keeps_the_message_as_it_was(play: Any) -> None:
    person = await play.person()
    sent = await play.call("sendMessage", chat_id=person, text="before", reply_markup=YES)
    await play.sim(f"/people/{person}/tap", message_id=sent["message_id"], text="Yes")
    await play.call("editMessageText", chat_id=person, message_id=sent["message_id"], text="after")
    assert (await play.updates())[-1]["callback_query"]["message"]["text"] == "before"


async def test_the_same_again_is_not_modified(play: Any) -> None:
    person = await play.person()
    sent = await play.call("sendMessage", chat_id=person, text="x", reply_markup=YES)
    where = {"chat_id": person, "message_id": sent["message_id"]}
    not_modified = (
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
        "as a current content and reply markup of the message"
    )
    assert await play.refusal("editMessageText", **where, text="x", reply_markup=YES) == not_modified
    assert await play.refusal("editMessageReplyMarkup", **where, reply_markup=YES) == not_modified
    assert (await play.call("editMessageReplyMarkup", **where, reply_markup=NO))["reply_markup"] == NO
    assert "reply_markup" not in await play.call("editMessageReplyMarkup", **where)


async def test_only_the_bots_own_messages_without_a_reply_keyboard_can_be_edited(play: Any) -> None:
    person = await play.person()
    menu = await play.call("sendMessage", chat_id=person, text="menu", reply_markup=MENU)
    own = (await play.updates())[0]["message"]
    for message in (menu, own):
        where = {"chat_id": person, "message_id": message["message_id"]}
        assert await play.refusal("editMessageText", **where, text="x") == "Bad Request: message can't be edited"
    assert await play.refusal("editMessageText", chat_id=person, message_id=999, text="x") == (
        "Bad Request: message to edit not found"
    )
    located = await play.call("sendLocation", chat_id=person, latitude=1, longitude=2)
    where = {"chat_id": person, "message_id": located["message_id"]}
    assert await play.refusal("editMessageText", **where, text="x") == (
        "Bad Request: there is no text in the message to edit"
    )


async def test_a_deleted_message_is_gone(play: Any) -> None:
    person = await play.person()
    sent = await play.call("sendMessage", chat_id=person, text="x")
    assert await play.call("deleteMessage", chat_id=person, message_id=sent["message_id"]) is True
    assert await seen(play, person) == []
    assert await play.refusal("deleteMessage", chat_id=person, message_id=sent["message_id"]) == (
        "Bad Request: message to delete not found"
    )


async def test_several_are_deleted_at_once_and_what_is_gone_is_skipped(play: Any) -> None:
    person = await play.person()
    ids = [(await play.call("sendMessage", chat_id=person, text=t))["message_id"] for t in "abc"]
    await play.call("deleteMessages", chat_id=person, message_ids=[ids[0], 999, ids[2]])
    assert await seen(play, person) == ["b"]


async def test_an_old_message_cannot_be_deleted(play: Any) -> None:
    person = await play.person()
    sent = await play.call("sendMessage", chat_id=person, text="x")
    await play.sim("/clock", advance_s=49 * 3600)
    assert await play.refusal("deleteMessage", chat_id=person, message_id=sent["message_id"]) == (
        "Bad Request: message can't be deleted for everyone"
    )


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({}, "message text is empty"),
        ({"text": ""}, "message text is empty"),
        ({"text": "  \n"}, "text must be non-empty"),
        ({"text": "x" * 4097}, "message is too long"),
        (
            {"text": "<b>", "parse_mode": "HTML"},
            "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
        ({"text": "x", "parse_mode": "Rich"}, "unsupported parse_mode"),
        ({"text": "x", "chat_id": ""}, "chat_id is empty"),
        ({"text": "x", "chat_id": 1}, "chat not found"),
        ({"text": "x", "chat_id": "@nobody"}, "chat not found"),
        ({"text": "x", "reply_parameters": {"message_id": 999}}, "message to be replied not found"),
        ({"text": "\ud83d"}, "strings must be encoded in UTF-8"),
        ({"text": "x", "reply_markup": "{"}, "can't parse reply markup JSON object"),
        ({"text": "x", "reply_markup": [1]}, "object expected as reply markup"),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "面" * 22}]]}},
            "BUTTON_DATA_INVALID",
        ),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a"}]]}},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "url": "no url"}]]}},
            "inline keyboard button URL 'no url' is invalid: Wrong HTTP URL",
        ),
    ],
)
async def test_what_telegram_does_not_send(play: Any, params: dict[str, Any], refusal: str) -> None:
    person = await play.person()
    assert await play.refusal("sendMessage", **{"chat_id": person, **params}) == f"Bad Request: {refusal}"
    assert await seen(play, person) == []


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("sendMessage", {"text": "x", "entities": 5}),
        ("sendMessage", {"text": "x", "entities": [{"type": "bold", "offset": "a", "length": 1}]}),
        ("sendMessage", {"text": "x", "reply_markup": {"inline_keyboard": [[5]]}}),
        ("sendMessage", {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "\ud800", "url": "x.y"}]]}}),
        ("sendMessage", {"text": "x", "reply_parameters": {"message_id": "x"}}),
        ("sendMediaGroup", {"media": [{"type": "photo", "media": 5, "caption": 7, "parse_mode": 1}]}),
        ("editMessageMedia", {"message_id": 2, "media": []}),
        ("deleteMessages", {"message_ids": [[1]]}),
        ("setMyCommands", {"commands": [5]}),
        ("setMyCommands", {"commands": [], "scope": {"type": []}}),
        ("getUpdates", {"allowed_updates": "x"}),
        ("sendLocation", {"latitude": "north", "longitude": 0}),
    ],
)
async def test_nonsense_is_a_bad_request(play: Any, method: str, params: dict[str, Any]) -> None:
    person = await play.person()
    await play.call("sendMessage", chat_id=person, text="x")
    assert (await play.answer(method, chat_id=person, **params))["error_code"] == 400


async def test_data_of_64_bytes_is_taken(play: Any) -> None:
    person = await play.person()
    keyboard = {"inline_keyboard": [[{"text": "a", "callback_data": "x" * 64}]]}
    assert (await play.call("sendMessage", chat_id=person, text="x", reply_markup=keyboard))["reply_markup"] == keyboard


async def test_a_bot_does_not_write_first(play: Any) -> None:
    stranger = await play.person(start=False)
    assert await play.refusal("sendMessage", chat_id=stranger, text="buy") == (
        "Forbidden: bot can't initiate conversation with a user"
    )


async def test_a_reply_quotes_the_message_without_its_own_quote(play: Any) -> None:
    person = await play.person()
    first = await play.call("sendMessage", chat_id=person, text="1")
    second = await play.call(
        "sendMessage", chat_id=person, text="2", reply_parameters={"message_id": first["message_id"]}
    )
    third = await play.call("sendMessage", chat_id=person, text="3", reply_to_message_id=second["message_id"])
    assert second["reply_to_message"]["text"] == "1"
    assert third["reply_to_message"]["text"] == "2"
    assert "reply_to_message" not in third["reply_to_message"]


async def test_an_answer_to_a_tap_is_noticed_and_comes_too_late_after_150_seconds(play: Any) -> None:
    person = await play.person()
    sent = await play.call("sendMessage", chat_id=person, text="x", reply_markup=YES)
    tapped = await play.sim(f"/people/{person}/tap", message_id=sent["message_id"], callback_data="y")
    query_id = tapped["callback_query_id"]
    assert await play.call("answerCallbackQuery", callback_query_id=query_id, text="Done", show_alert=True) is True
    (notice,) = (await play.look(f"/people/{person}/chat"))["notices"]
    assert (notice["text"], notice["show_alert"], notice["message_id"]) == ("Done", True, sent["message_id"])
    await play.sim("/clock", advance_s=151)
    too_late = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert await play.refusal("answerCallbackQuery", callback_query_id=query_id) == too_late
    assert await play.refusal("answerCallbackQuery", callback_query_id="1") == too_late


async def test_typing_is_seen_until_the_message_comes(play: Any) -> None:
    person = await play.person()
    await play.call("sendChatAction", chat_id=person, action="typing")
    assert (await play.look(f"/people/{person}/chat"))["typing"] == "typing"
    await play.call("sendMessage", chat_id=person, text="x")
    assert (await play.look(f"/people/{person}/chat"))["typing"] is None
    assert await play.refusal("sendChatAction", chat_id=person, action="dancing") == (
        "Bad Request: wrong parameter action in request"
    )


async def test_a_pin_is_shown_and_taken_off(play: Any) -> None:
    person = await play.person()
    sent = await play.call("sendMessage", chat_id=person, text="x")
    await play.call("pinChatMessage", chat_id=person, message_id=sent["message_id"])
    assert (await play.call("getChat", chat_id=person))["pinned_message"]["text"] == "x"
    await play.call("unpinChatMessage", chat_id=person)
    assert "pinned_message" not in await play.call("getChat", chat_id=person)


async def test_a_forward_names_its_origin_and_a_copy_does_not(play: Any) -> None:
    rep, manager = await play.person("Rep"), await play.person("Manager")
    await play.sim(f"/people/{rep}/send", text="note")
    note = (await play.updates())[-1]["message"]
    source = {"chat_id": manager, "from_chat_id": rep, "message_id": note["message_id"]}
    forwarded = await play.call("forwardMessage", **source)
    assert forwarded["forward_origin"]["sender_user"]["id"] == rep
    await play.call("copyMessage", **source)
    assert await seen(play, manager) == ["note", "note"]


async def test_a_venue_and_a_contact_are_sent(play: Any) -> None:
    person = await play.person()
    venue = await play.call("sendVenue", chat_id=person, latitude=31.2, longitude=121.5, title="Shop", address="Road 1")
    assert venue["venue"]["location"] == venue["location"] == {"latitude": 31.2, "longitude": 121.5}
    contact = await play.call("sendContact", chat_id=person, phone_number="+1", first_name="A")
    assert contact["contact"] == {"phone_number": "+1", "first_name": "A"}
    assert await play.refusal("sendLocation", chat_id=person, latitude=91, longitude=0) == (
        "Bad Request: wrong latitude specified"
    )
