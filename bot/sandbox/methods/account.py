"""Methods by which a bot introduces itself: getMe, commands, names, descriptions, the menu button."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from bot.sandbox.methods.call import Call, Handler
from bot.sandbox.requests import string, structure, whole
from bot.sandbox.wire import JSON, bad_request

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"[a-z]{2}")
MOST_COMMANDS = 100
DESCRIPTION_LIMIT = 256

_CHAT_SCOPES = ("chat", "chat_administrators", "chat_member")
_SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators", *_CHAT_SCOPES)


async def get_me(call: Call) -> Any:
    """https://core.telegram.org/bots/api#getme"""
    return {
        **call.bot.user,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def _language(call: Call) -> str:
    language = string(call.params, "language_code")
    if language and _LANGUAGE.fullmatch(language) is None:
        raise bad_request("invalid language code specified")
    return language


def _scope(call: Call) -> str:
    """The key of a BotCommandScope, `default` when none is given."""
    scope = structure(call.params, "scope")
    if scope is None:
        return "default"
    kind = scope.get("type") if isinstance(scope, dict) else None
    if kind not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    if kind not in _CHAT_SCOPES:
        return str(kind)
    chat_id = whole(scope, "chat_id")
    if chat_id is None:
        raise bad_request("can't parse BotCommandScope: chat_id is empty")
    # A scope names a person before he has written, too: his commands wait for him.
    if chat_id not in call.bot.chats and call.world.people.find(chat_id) is None:
        raise bad_request("chat not found")
    user_id = f":{whole(scope, 'user_id')}" if kind == "chat_member" else ""
    return f"{kind}:{chat_id}{user_id}"


def _command(item: Any) -> JSON:
    if not isinstance(item, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    command, description = str(item.get("command", "")).removeprefix("/"), str(item.get("description", ""))
    if _COMMAND.fullmatch(command) is None:
        raise bad_request("BOT_COMMAND_INVALID")
    if not description.strip() or len(description) > DESCRIPTION_LIMIT:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": command, "description": description}


async def set_my_commands(call: Call) -> Any:
    """https://core.telegram.org/bots/api#setmycommands"""
    items = structure(call.params, "commands")
    if not isinstance(items, list):
        raise bad_request("can't parse commands: expected an Array of BotCommand")
    if len(items) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    key = (_scope(call), _language(call))
    commands = [_command(item) for item in items]
    if commands:
        call.bot.profile.commands[key] = commands
    else:
        call.bot.profile.commands.pop(key, None)
    _profile_changed(call)
    return True


async def delete_my_commands(call: Call) -> Any:
    """https://core.telegram.org/bots/api#deletemycommands"""
    call.bot.profile.commands.pop((_scope(call), _language(call)), None)
    _profile_changed(call)
    return True


async def get_my_commands(call: Call) -> Any:
    """https://core.telegram.org/bots/api#getmycommands"""
    return call.bot.profile.commands.get((_scope(call), _language(call)), [])


def _profile_changed(call: Call) -> None:
    call.world.events.announce({"kind": "profile", "bot_id": call.bot.id, "person_id": None, "version": 0})


def _setter(name: str, limit: int, texts: Callable[[Call], dict[str, str]]) -> Callable[[Call], Awaitable[Any]]:
    async def set_text(call: Call) -> Any:
        text = string(call.params, name)
        if len(text) > limit:
            raise bad_request(f"bot {name.replace('_', ' ')} is too long")
        language = _language(call)
        if text:
            texts(call)[language] = text
        else:
            texts(call).pop(language, None)
        if name == "name" and text and not language:
            call.bot.rename(text)
        _profile_changed(call)
        return True

    return set_text


def _getter(
    name: str, texts: Callable[[Call], dict[str, str]], default: Callable[[Call], str]
) -> Callable[[Call], Awaitable[Any]]:
    async def get_text(call: Call) -> Any:
        known = texts(call)
        return {name: known.get(_language(call)) or known.get("") or default(call)}

    return get_text


async def set_chat_menu_button(call: Call) -> Any:
    """https://core.telegram.org/bots/api#setchatmenubutton"""
    button = structure(call.params, "menu_button") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in ("default", "commands", "web_app"):
        raise bad_request("can't parse MenuButton: unsupported type specified")
    if button["type"] == "web_app" and not (button.get("text") and isinstance(button.get("web_app"), dict)):
        raise bad_request("can't parse MenuButton: text and web_app must be given")
    chat_id = whole(call.params, "chat_id")
    if chat_id is not None and call.world.people.find(chat_id) is None:
        raise bad_request("chat not found")
    call.bot.profile.menu_buttons[chat_id] = button
    _profile_changed(call)
    return True


async def get_chat_menu_button(call: Call) -> Any:
    """https://core.telegram.org/bots/api#getchatmenubutton"""
    return menu_button(call.bot.profile.menu_buttons, whole(call.params, "chat_id"))


def menu_button(buttons: dict[int | None, JSON], chat_id: int | None) -> JSON:
    """The button of a chat: its own, else the bot's default, else the list of commands."""
    for key in (chat_id, None):
        button = buttons.get(key)
        if button is not None and button["type"] != "default":
            return button
    return {"type": "commands"}


def _names(call: Call) -> dict[str, str]:
    return call.bot.profile.names


def _descriptions(call: Call) -> dict[str, str]:
    return call.bot.profile.descriptions


def _short_descriptions(call: Call) -> dict[str, str]:
    return call.bot.profile.short_descriptions


METHODS: dict[str, Handler] = {
    "getMe": get_me,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyName": _setter("name", 64, _names),
    "getMyName": _getter("name", _names, lambda call: str(call.bot.user["first_name"])),
    "setMyDescription": _setter("description", 512, _descriptions),
    "getMyDescription": _getter("description", _descriptions, lambda call: ""),
    "setMyShortDescription": _setter("short_description", 120, _short_descriptions),
    "getMyShortDescription": _getter("short_description", _short_descriptions, lambda call: ""),
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
}
