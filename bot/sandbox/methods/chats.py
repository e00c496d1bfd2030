"""Methods about a chat as a whole: getChat, pins, and copies and forwards from one chat to another."""

from typing import Any

from bot.sandbox.chats import Chat
from bot.sandbox.methods.call import Call, Handler
from bot.sandbox.methods.media import caption_of
from bot.sandbox.methods.sending import show, without_reply
from bot.sandbox.requests import whole
from bot.sandbox.wire import JSON, bad_request

# What belongs to the first message and not to its copy.
_OF_THE_FIRST = frozenset(
    {
        "message_id",
        "from",
        "chat",
        "date",
        "edit_date",
        "reply_to_message",
        "reply_markup",
        "media_group_id",
        "has_protected_content",
        "via_bot",
        "effect_id",
    }
)


async def get_chat(call: Call) -> Any:
    """https://core.telegram.org/bots/api#getchat"""
    chat = call.chat()
    full: JSON = {
        **chat.public,
        "accent_color_id": chat.id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": True,
            "limited_gifts": True,
            "unique_gifts": True,
            "premium_subscription": True,
            "gifts_from_channels": True,
        },
    }
    username = chat.public.get("username")
    if username:
        full["active_usernames"] = [username]
    if chat.pinned is not None:
        full["pinned_message"] = without_reply(chat.messages[chat.pinned])
    return full


async def pin_chat_message(call: Call) -> Any:
    """https://core.telegram.org/bots/api#pinchatmessage (with the service message that everybody sees)"""
    chat = call.chat()
    message = call.message(chat, "pin")
    chat.pinned = message["message_id"]
    notice = call.world.message(chat, call.bot, call.bot.user)
    notice["pinned_message"] = without_reply(message)
    call.world.add(chat, notice, "shown")
    call.world.emit(call.bot, chat, "message", notice)
    return True


async def unpin_chat_message(call: Call) -> Any:
    """https://core.telegram.org/bots/api#unpinchatmessage"""
    chat = call.chat()
    message_id = whole(call.params, "message_id")
    if chat.pinned is None or (message_id and message_id != chat.pinned):
        raise bad_request("message to unpin not found")
    chat.pinned = None
    call.world.changed(chat, "pin")
    return True


async def unpin_all_chat_messages(call: Call) -> Any:
    """https://core.telegram.org/bots/api#unpinallchatmessages"""
    chat = call.chat()
    chat.pinned = None
    call.world.changed(chat, "pin")
    return True


def _source(call: Call, deed: str) -> tuple[Chat, JSON]:
    chat = call.chat("from_chat_id")
    return chat, call.message(chat, deed)


async def forward_message(call: Call) -> Any:
    """https://core.telegram.org/bots/api#forwardmessage"""
    _, message = _source(call, "forward")
    content = {name: value for name, value in message.items() if name not in _OF_THE_FIRST}
    content["forward_origin"] = forward_origin(message)
    return show(call, call.chat_to_write(), content)


async def copy_message(call: Call) -> Any:
    """https://core.telegram.org/bots/api#copymessage"""
    _, message = _source(call, "copy")
    content = {name: value for name, value in message.items() if name not in _OF_THE_FIRST and name != "forward_origin"}
    if "caption" in call.params:
        content.pop("caption", None)
        content.pop("caption_entities", None)
        content.update(caption_of(call))
    return {"message_id": show(call, call.chat_to_write(), content)["message_id"]}


def forward_origin(message: JSON) -> JSON:
    """The MessageOrigin of a forwarded message: who wrote it first, and when."""
    origin = message.get("forward_origin")
    if origin is not None:
        return dict(origin)
    return {"type": "user", "date": message["date"], "sender_user": message["from"]}


METHODS: dict[str, Handler] = {
    "getChat": get_chat,
    "pinChatMessage": pin_chat_message,
    "unpinChatMessage": unpin_chat_message,
    "unpinAllChatMessages": unpin_all_chat_messages,
    "forwardMessage": forward_message,
    "copyMessage": copy_message,
}
