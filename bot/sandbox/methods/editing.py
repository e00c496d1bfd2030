"""Methods that change what the bot has sent: edits, deletions, pins, answers to taps, copies and forwards."""

from typing import Any

from bot.sandbox.chats import Chat
from bot.sandbox.markup import checked_markup
from bot.sandbox.methods.call import Call, Handler
from bot.sandbox.methods.media import caption_of, caption_of_item, content_of
from bot.sandbox.methods.sending import link_preview
from bot.sandbox.requests import flag, string, structure
from bot.sandbox.wire import JSON, bad_request

_MEDIA = ("photo", "document", "voice", "video_note")
_TEXT_FIELDS = ("text", "entities", "link_preview_options")
_CAPTION_FIELDS = ("caption", "caption_entities", "show_caption_above_media")

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
NOTICE_LIMIT = 200


def _editable(call: Call) -> tuple[Chat, JSON]:
    """The chat and the message to edit: the bot's own, and without a reply keyboard."""
    if call.params.get("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    chat = call.chat()
    message = call.message(chat, "edit")
    if chat.is_outgoing(message) or message["message_id"] in chat.unchangeable or "forward_origin" in message:
        raise bad_request("message can't be edited")
    return chat, message


def _apply(call: Call, chat: Chat, message: JSON, without: tuple[str, ...], content: JSON) -> JSON:
    """Store the message with its `without` fields replaced by `content`, and with the keyboard of the call."""
    markup = checked_markup(structure(call.params, "reply_markup"))
    if markup is not None and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected as reply markup")
    dropped = (*without, "reply_markup", "edit_date")
    edited = {name: value for name, value in message.items() if name not in dropped}
    edited.update(content)
    if markup is not None:
        edited["reply_markup"] = markup
    if all(edited.get(name) == message.get(name) for name in (*without, "reply_markup")):
        raise bad_request(NOT_MODIFIED)
    call.world.limits.spend(call.bot.id, chat.id)
    edited["edit_date"] = int(call.world.clock.timestamp())
    call.world.replace(chat, edited, "bot")
    return edited


async def edit_message_text(call: Call) -> Any:
    """https://core.telegram.org/bots/api#editmessagetext"""
    if not call.params.get("text"):
        raise bad_request("message text is empty")
    text, entities = call.text("text")
    if not text:
        raise bad_request("text must be non-empty")
    chat, message = _editable(call)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    content: JSON = {"text": text}
    if entities:
        content["entities"] = entities
    preview = link_preview(call.params)
    if preview is not None:
        content["link_preview_options"] = preview
    return _apply(call, chat, message, _TEXT_FIELDS, content)


async def edit_message_caption(call: Call) -> Any:
    """https://core.telegram.org/bots/api#editmessagecaption"""
    chat, message = _editable(call)
    if not any(kind in message for kind in _MEDIA):
        raise bad_request("there is no caption in the message to edit")
    content = caption_of(call)
    if flag(call.params, "show_caption_above_media"):
        content["show_caption_above_media"] = True
    return _apply(call, chat, message, _CAPTION_FIELDS, content)


async def edit_message_media(call: Call) -> Any:
    """https://core.telegram.org/bots/api#editmessagemedia"""
    item = structure(call.params, "media")
    if not isinstance(item, dict):
        raise bad_request("can't parse media: media must be an Object")
    if item.get("type") not in ("photo", "document"):
        raise bad_request("can't parse media: type must be photo or document")
    chat, message = _editable(call)
    if not any(kind in message for kind in (*_MEDIA, "text")):
        raise bad_request("there is no media in the message to edit")
    content = {**await content_of(call, item["type"], item.get("media")), **caption_of_item(item)}
    return _apply(call, chat, message, (*_MEDIA, *_CAPTION_FIELDS, *_TEXT_FIELDS), content)


async def edit_message_reply_markup(call: Call) -> Any:
    """https://core.telegram.org/bots/api#editmessagereplymarkup"""
    chat, message = _editable(call)
    return _apply(call, chat, message, (), {})


DELETABLE_S = 48 * 3600
"""A message can be deleted for this long after it was sent."""


def _delete(call: Call, chat: Chat, message: JSON) -> None:
    if call.world.clock.timestamp() - message["date"] > DELETABLE_S:
        raise bad_request("message can't be deleted for everyone")
    if chat.person is None and chat.is_outgoing(message):
        raise bad_request("message can't be deleted")
    call.world.remove(chat, message["message_id"])


async def delete_message(call: Call) -> Any:
    """https://core.telegram.org/bots/api#deletemessage"""
    chat = call.chat()
    _delete(call, chat, call.message(chat, "delete"))
    return True


async def delete_messages(call: Call) -> Any:
    """https://core.telegram.org/bots/api#deletemessages (ids that do not exist are skipped)"""
    chat = call.chat()
    ids = structure(call.params, "message_ids")
    if not isinstance(ids, list) or not ids or not all(isinstance(message_id, int) for message_id in ids):
        raise bad_request("message identifiers are not specified")
    for message_id in ids:
        message = chat.messages.get(message_id)
        if message is not None:
            _delete(call, chat, message)
    return True


async def answer_callback_query(call: Call) -> Any:
    """https://core.telegram.org/bots/api#answercallbackquery"""
    query_id = string(call.params, "callback_query_id")
    text = string(call.params, "text")
    if len(text) > NOTICE_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    tap = call.bot.taps.get(query_id)
    now = call.world.clock.timestamp()
    if tap is None or tap.expires_at <= now:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if text:
        show_alert = flag(call.params, "show_alert")
        tap.chat.notices.append({"text": text, "show_alert": show_alert, "at": now, "message_id": tap.message_id})
    call.world.ledger.add(
        now,
        call.bot.id,
        "answered",
        chat_id=tap.chat.id,
        person_id=tap.person_id,
        message_id=tap.message_id,
        text=text or None,
        callback_data=tap.data,
    )
    call.world.changed(tap.chat, "answer")
    return True


METHODS: dict[str, Handler] = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageMedia": edit_message_media,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "answerCallbackQuery": answer_callback_query,
}
