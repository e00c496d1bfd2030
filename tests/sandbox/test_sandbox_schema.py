"""Everything that the sandbox emits is what api.json describes and aiogram reads; and the check itself can fail."""

import json
from types import ModuleType
from typing import Any

import aiogram.types
import pytest
from pydantic import TypeAdapter

from bot.sandbox.methods import BY_NAME
from bot.sandbox.server import Sandbox

pytestmark = pytest.mark.realdata

KEYBOARD = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}

USER = {"id": 1, "is_bot": False, "first_name": "A"}
MESSAGE = {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}, "from": USER}


@pytest.fixture
def api(schema: Any) -> Any:
    if schema is None:
        pytest.skip("api.json is not beside the project")
    return schema


@pytest.mark.parametrize(
    ("update", "problem"),
    [
        ({"update_id": 1, "message": {**MESSAGE, "colour": "red"}}, "unknown field colour"),
        ({"message": MESSAGE}, "update_id is missing"),
        ({"update_id": "1", "message": MESSAGE}, "'1' is no Integer"),
        ({"update_id": True, "message": MESSAGE}, "True is no Integer"),
        ({"update_id": 1, "message": {**MESSAGE, "date": 1.5}}, "1.5 is no Integer"),
        ({"update_id": 1, "message": {**MESSAGE, "text": 5}}, "5 is no String"),
        ({"update_id": 1, "message": {**MESSAGE, "photo": {}}}, "{} is no Array of PhotoSize"),
        ({"update_id": 1, "message": {**MESSAGE, "photo": [{"file_id": "x"}]}}, "width is missing"),
        ({"update_id": 1, "message": {**MESSAGE, "from": 7}}, "7 is no object"),
        (
            {"update_id": 1, "message": {**MESSAGE, "forward_origin": {"type": "user", "date": 0}}},
            "sender_user is missing",
        ),
        (
            {"update_id": 1, "message": {**MESSAGE, "forward_origin": {"type": "us", "date": 0, "sender_user": USER}}},
            "'us' is not 'user'",
        ),
    ],
)
def test_the_check_finds_what_is_wrong(api: Any, update: Any, problem: str) -> None:
    api.check("update", update)
    found, api.problems = api.problems, []
    assert any(problem in text for text in found), found


def test_the_check_lets_pass_what_is_right(api: Any) -> None:
    api.check("update", {"update_id": 1, "message": MESSAGE})
    api.check("call:getUpdates", {"offset": "5", "allowed_updates": '["message"]'})
    api.check("call:sendMessage", {"chat_id": "@channel", "text": "12", "reply_markup": json.dumps(KEYBOARD)})
    assert api.call_problems == []


@pytest.mark.parametrize(
    ("method", "params", "problem"),
    [
        ("sendMessage", {"chat_id": 1}, "text is missing"),
        ("sendMessage", {"chat_id": 1, "text": "x", "parse_mod": "HTML"}, "unknown field parse_mod"),
        ("getUpdates", {"offset": "soon"}, "'soon' is no Integer"),
        ("sendMessage", {"chat_id": 1, "text": "x", "reply_markup": {"inline_keyboard": [{}]}}, "is no Array of"),
    ],
)
def test_the_check_finds_a_wrong_call(api: Any, method: str, params: Any, problem: str) -> None:
    api.check(f"call:{method}", params)
    assert any(problem in text for text in api.call_problems), api.call_problems


def test_every_method_of_the_sandbox_is_one_of_telegrams(api: Any) -> None:
    assert set(BY_NAME) <= set(api.methods)


async def visit(play: Any, picture: bytes) -> None:
    """A day that uses every method and every kind of message once."""
    person = await play.person(last_name="Wang", username="lw", language_code="zh-hans")
    other = await play.person("Zhao")
    url = f"/people/{person}"
    place = {"latitude": 31.2, "longitude": 121.4}
    sent = await play.call("sendMessage", chat_id=person, text="<b>Hi</b>", parse_mode="HTML", reply_markup=KEYBOARD)
    where = {"chat_id": person, "message_id": sent["message_id"]}
    tapped = await play.sim(f"{url}/tap", message_id=sent["message_id"], text="Yes")
    await play.call("answerCallbackQuery", callback_query_id=tapped["callback_query_id"], text="ok")
    await play.call("editMessageText", **where, text="new", reply_markup=KEYBOARD)
    await play.call("editMessageReplyMarkup", **where)
    await play.sim(f"{url}/tap", message_id=sent["message_id"], callback_data="y", stale=True)
    live = await play.sim(f"{url}/send", location={**place, "horizontal_accuracy": 9, "live_period": 900})
    await play.sim(f"{url}/move", message_id=live["message_id"], **place)
    await play.sim(f"{url}/stop", message_id=live["message_id"])
    await play.sim(f"{url}/send", venue={**place, "title": "t", "address": "a"})
    await play.sim(f"{url}/send", location=place, via_bot=True)
    await play.sim(f"{url}/send", contact={})
    await play.sim(f"{url}/send", contact={"person_id": other})
    await play.sim(f"{url}/send", sticker="👍")
    note = await play.sim(f"{url}/send", text="note https://x.org", reply_to=sent["message_id"])
    await play.sim(f"{url}/edit", message_id=note["message_id"], text="note 2")
    await play.sim(f"{url}/send", forward_of={"message_id": note["message_id"]})
    await play.sim(f"{url}/send", forward_of={"message_id": note["message_id"], "hidden": True})
    jpeg = ("a.jpg", picture, "image/jpeg")
    await play.upload(f"/sim{url}/photo", {"a": jpeg, "b": jpeg}, caption="two")
    _, (document,) = await play.upload(f"/sim{url}/document", {"a": jpeg}, caption="file")
    await play.upload(f"/sim{url}/voice", {"a": ("v.ogg", b"OggS", "audio/ogg")})
    await play.upload(f"/sim{url}/video_note", {"a": ("v.mp4", b"mp4", "video/mp4")})
    await play.call("getFile", file_id=document["document"]["file_id"])
    await bot_sends(play, person, note, jpeg)
    await bot_introduces_itself(play, person)
    group = await play.sim("/groups", title="Team", people=[person, other])
    await play.sim("/faults", method="sendMessage", kind="migrate", chat_id=group["id"])
    await play.answer("sendMessage", chat_id=group["id"], text="x")
    await play.call("deleteMessage", **where)
    await play.sim(f"{url}/tap", message_id=sent["message_id"], callback_data="y", stale=True)
    await play.sim(f"{url}/block")
    await play.sim(f"{url}/block", blocked=False)


async def bot_sends(play: Any, person: int, note: Any, jpeg: tuple[str, bytes, str]) -> None:
    bot = f"/bot{play.token}"
    place = {"latitude": 31.2, "longitude": 121.4}
    await play.call("sendLocation", chat_id=person, **place)
    await play.call("sendVenue", chat_id=person, title="t", address="a", **place)
    await play.call("sendContact", chat_id=person, phone_number="+1", first_name="A")
    await play.call("sendChatAction", chat_id=person, action="typing")
    _, photo = await play.upload(f"{bot}/sendPhoto", {"photo": jpeg}, chat_id=person, caption="c")
    photo_at = {"chat_id": person, "message_id": photo["result"]["message_id"]}
    await play.call("editMessageCaption", **photo_at, caption="<i>d</i>", parse_mode="HTML")
    media = '{"type":"photo","media":"attach://m"}'
    await play.upload(f"{bot}/editMessageMedia", {"m": jpeg}, **photo_at, media=media)
    album = f"[{media},{media}]"
    await play.upload(f"{bot}/sendMediaGroup", {"m": jpeg}, chat_id=person, media=album)
    await play.upload(f"{bot}/sendDocument", {"document": jpeg}, chat_id=person)
    await play.upload(f"{bot}/sendVoice", {"voice": ("v", b"v", "audio/ogg")}, chat_id=person)
    await play.upload(f"{bot}/sendVideoNote", {"video_note": ("v", b"v", "video/mp4")}, chat_id=person)
    source = {"chat_id": person, "from_chat_id": person, "message_id": note["message_id"]}
    await play.call("forwardMessage", **source)
    await play.call("copyMessage", **source)
    await play.call("pinChatMessage", **photo_at)
    await play.call("getChat", chat_id=person)
    await play.call("unpinChatMessage", **photo_at)
    await play.call("unpinAllChatMessages", chat_id=person)
    await play.call("deleteMessages", chat_id=person, message_ids=[photo["result"]["message_id"]])


async def bot_introduces_itself(play: Any, person: int) -> None:
    commands = [{"command": "visit", "description": "Visit"}]
    scope = {"type": "chat", "chat_id": person}
    await play.call("setMyCommands", commands=commands, scope=scope, language_code="zh")
    await play.call("getMyCommands", scope=scope, language_code="zh")
    await play.call("deleteMyCommands", scope=scope, language_code="zh")
    for method, field in (
        ("MyName", "name"),
        ("MyDescription", "description"),
        ("MyShortDescription", "short_description"),
    ):
        await play.call(f"set{method}", **{field: "x"})
        await play.call(f"get{method}")
    await play.call("setChatMenuButton", chat_id=person, menu_button={"type": "commands"})
    await play.call("getChatMenuButton", chat_id=person)
    await play.call("setWebhook", url="http://127.0.0.1:9/x", secret_token="s", allowed_updates=["message"])
    await play.call("getWebhookInfo")
    await play.call("deleteWebhook")
    await play.call("getUpdates", allowed_updates=[])


async def test_a_day_of_every_method_and_kind_is_as_api_json_says(play: Any, api: Any, picture: bytes) -> None:
    await visit(play, picture)
    await play.call("getUpdates")
    assert api.call_problems == []
    assert {f"result:{name}" for name in BY_NAME} <= api.seen
    # The fixture asserts that nothing emitted was in disorder.
    assert "update" in api.seen


async def test_a_day_is_read_by_aiograms_models(play_unchecked: tuple[Any, list[Any]], picture: bytes) -> None:
    play, emitted = play_unchecked
    await visit(play, picture)
    kinds = set()
    for kind, value in emitted:
        if kind == "update":
            update = aiogram.types.Update.model_validate(value)
            kinds.add(update.event_type)
            # What a model does not know it keeps aside: there must be nothing.
            assert unknown(update) == []
        elif kind.startswith("result:"):
            returned = aiogram_result(kind.removeprefix("result:"))
            TypeAdapter(returned).validate_python(value)
    assert kinds == {"message", "edited_message", "callback_query", "my_chat_member"}


def aiogram_result(method: str) -> Any:
    model = getattr(aiogram.methods, method[0].upper() + method[1:])
    return model.__returning__


def unknown(value: Any) -> list[str]:
    """The fields, anywhere inside, that aiogram's models have no name for."""
    if isinstance(value, list):
        return [name for item in value for name in unknown(item)]
    if not isinstance(value, aiogram.types.TelegramObject):
        return []
    return [*(value.model_extra or {}), *(name for _, item in value for name in unknown(item))]


@pytest.fixture
async def play_unchecked(playing: Any) -> Any:
    emitted: list[Any] = []
    sandbox = Sandbox(check=lambda kind, value: emitted.append((kind, value)))
    async for playground in playing(sandbox):
        yield playground, emitted


def test_the_schema_has_a_file(schema_module: ModuleType) -> None:
    if not schema_module.API_JSON.exists():
        pytest.skip("api.json is not beside the project")
    assert len(schema_module.ApiSchema().methods) > 150
