"""How a bot introduces itself: commands by scope and language, names, descriptions, the menu button."""

from typing import Any

import pytest


def commands(*names: str) -> list[dict[str, str]]:
    return [{"command": name, "description": f"does {name}"} for name in names]


async def offered(play: Any, person: int) -> list[str]:
    return [item["command"] for item in (await play.look(f"/people/{person}/chat"))["commands"]]


async def test_the_narrowest_scope_wins_and_within_it_the_language(play: Any) -> None:
    li = await play.person("Li", language_code="zh-hans")
    tom = await play.person("Tom", language_code="en")
    await play.call("setMyCommands", commands=commands("start"))
    assert await offered(play, li) == ["start"]
    await play.call("setMyCommands", commands=commands("cn"), language_code="zh")
    assert (await offered(play, li), await offered(play, tom)) == (["cn"], ["start"])
    await play.call("setMyCommands", commands=commands("private"), scope={"type": "all_private_chats"})
    assert await offered(play, li) == ["private"]
    await play.call("setMyCommands", commands=commands("visit", "day"), scope={"type": "chat", "chat_id": li})
    assert (await offered(play, li), await offered(play, tom)) == (["visit", "day"], ["private"])
    await play.call("deleteMyCommands", scope={"type": "chat", "chat_id": li})
    assert await offered(play, li) == ["private"]


async def test_commands_are_got_for_exactly_one_scope_and_language(play: Any) -> None:
    await play.call("setMyCommands", commands=commands("a"), language_code="zh")
    assert await play.call("getMyCommands") == []
    assert await play.call("getMyCommands", language_code="zh") == commands("a")


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"commands": [{"command": "Visit", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "v" * 33, "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "v", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": commands("v") * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": commands("v"), "language_code": "zho"}, "invalid language code specified"),
        ({"commands": commands("v"), "scope": {"type": "chat", "chat_id": 5}}, "chat not found"),
        (
            {"commands": commands("v"), "scope": {"type": "galaxy"}},
            "can't parse BotCommandScope: Unsupported type specified",
        ),
    ],
)
async def test_wrong_commands_are_refused(play: Any, params: dict[str, Any], refusal: str) -> None:
    assert await play.refusal("setMyCommands", **params) == f"Bad Request: {refusal}"


async def test_name_and_descriptions_follow_the_language(play: Any) -> None:
    li = await play.person("Li", language_code="zh-hans")
    await play.call("setMyName", name="Rounds")
    await play.call("setMyDescription", description="Visits")
    await play.call("setMyDescription", description="拜访", language_code="zh")
    await play.call("setMyShortDescription", short_description="Short")
    bot = (await play.look(f"/people/{li}/chat"))["bot"]
    assert (bot["first_name"], bot["description"], bot["short_description"]) == ("Rounds", "拜访", "Short")
    assert await play.call("getMyDescription", language_code="de") == {"description": "Visits"}
    assert await play.call("getMyName") == {"name": "Rounds"}
    assert (await play.call("getMe"))["first_name"] == "Rounds"
    assert (await play.answer("setMyDescription", description="x" * 513))["error_code"] == 400


async def test_the_menu_button_of_a_chat_goes_before_the_default(play: Any) -> None:
    li, tom = await play.person("Li"), await play.person("Tom")
    app = {"type": "web_app", "text": "Open", "web_app": {"url": "https://x.org"}}
    await play.call("setChatMenuButton", chat_id=li, menu_button=app)
    assert (await play.look(f"/people/{li}/chat"))["menu_button"] == app
    assert (await play.look(f"/people/{tom}/chat"))["menu_button"] == {"type": "commands"}
    await play.call("setChatMenuButton", chat_id=li, menu_button={"type": "default"})
    assert await play.call("getChatMenuButton", chat_id=li) == {"type": "commands"}
