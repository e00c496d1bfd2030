"""Methods that send what needs no file: texts, places, contacts, actions; and how any new message is shown."""

from typing import Any

from bot.sandbox.chats import ACTION_SHOWN_S, Chat, ShownAction
from bot.sandbox.markup import checked_markup
from bot.sandbox.methods.call import Call, Handler
from bot.sandbox.requests import flag, number, string, structure, whole
from bot.sandbox.wire import JSON, bad_request, forbidden

ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


def show(call: Call, chat: Chat, content: JSON) -> JSON:
    """Put a new message of the bot into the chat: its content, what it answers, its keyboard. Returns the message."""
    params = call.params
    markup = checked_markup(structure(params, "reply_markup"))
    answered = _answered(params, chat)
    message = call.world.message(chat, call.bot, call.bot.user)
    if answered is not None:
        message["reply_to_message"] = without_reply(answered)
    message.update(content)
    if flag(params, "protect_content"):
        message["has_protected_content"] = True
    effect = params.get("message_effect_id")
    if effect:
        message["effect_id"] = effect
    if markup is not None:
        if "inline_keyboard" in markup:
            message["reply_markup"] = markup
        else:
            chat.show_keyboard(message["message_id"], markup)
    call.world.add(chat, message, "shown")
    return message


def _answered(params: JSON, chat: Chat) -> JSON | None:
    reply = structure(params, "reply_parameters")
    lenient = flag(params, "allow_sending_without_reply")
    message_id = whole(params, "reply_to_message_id")
    if isinstance(reply, dict):
        message_id = whole(reply, "message_id")
        lenient = flag(reply, "allow_sending_without_reply")
    if not message_id:
        return None
    answered = chat.messages.get(message_id)
    if answered is None and not lenient:
        raise bad_request("message to be replied not found")
    return answered


def without_reply(message: JSON) -> JSON:
    """A message as another one quotes it: Telegram does not nest replies."""
    if "reply_to_message" not in message:
        return message
    return {name: value for name, value in message.items() if name != "reply_to_message"}


def link_preview(params: JSON) -> JSON | None:
    """The link_preview_options of a call, also in their older form."""
    options = structure(params, "link_preview_options")
    if isinstance(options, dict) and options:
        return options
    return {"is_disabled": True} if flag(params, "disable_web_page_preview") else None


async def send_message(call: Call) -> Any:
    """https://core.telegram.org/bots/api#sendmessage"""
    if not call.params.get("text"):
        raise bad_request("message text is empty")
    text, entities = call.text("text")
    if not text:
        raise bad_request("text must be non-empty")
    chat = call.chat_to_write()
    content: JSON = {"text": text}
    if entities:
        content["entities"] = entities
    preview = link_preview(call.params)
    if preview is not None:
        content["link_preview_options"] = preview
    return show(call, chat, content)


def location_of(params: JSON) -> JSON:
    """The Location object of a call's latitude, longitude and the rest."""
    latitude, longitude = number(params, "latitude"), number(params, "longitude")
    if latitude is None or not -90 <= latitude <= 90:
        raise bad_request("latitude is empty" if latitude is None else "wrong latitude specified")
    if longitude is None or not -180 <= longitude <= 180:
        raise bad_request("longitude is empty" if longitude is None else "wrong longitude specified")
    location: JSON = {"latitude": latitude, "longitude": longitude}
    accuracy = number(params, "horizontal_accuracy")
    if accuracy:
        location["horizontal_accuracy"] = accuracy
    for name in ("live_period", "heading", "proximity_alert_radius"):
        value = whole(params, name)
        if value:
            location[name] = value
    return location


async def send_location(call: Call) -> Any:
    """https://core.telegram.org/bots/api#sendlocation"""
    location = location_of(call.params)
    return show(call, call.chat_to_write(), {"location": location})


async def send_venue(call: Call) -> Any:
    """https://core.telegram.org/bots/api#sendvenue"""
    title, address = string(call.params, "title"), string(call.params, "address")
    if not title or not address:
        raise bad_request("venue title must be non-empty" if not title else "venue address must be non-empty")
    location = location_of(call.params)
    venue = {"location": location, "title": title, "address": address}
    return show(call, call.chat_to_write(), {"location": location, "venue": venue})


async def send_contact(call: Call) -> Any:
    """https://core.telegram.org/bots/api#sendcontact"""
    contact = {"phone_number": string(call.params, "phone_number"), "first_name": string(call.params, "first_name")}
    if not contact["phone_number"] or not contact["first_name"]:
        raise bad_request("PHONE_NUMBER_INVALID" if contact["first_name"] else "first_name is empty")
    for name in ("last_name", "vcard"):
        if call.params.get(name):
            contact[name] = string(call.params, name)
    return show(call, call.chat_to_write(), {"contact": contact})


async def send_chat_action(call: Call) -> Any:
    """https://core.telegram.org/bots/api#sendchataction"""
    action = string(call.params, "action")
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = call.chat()
    if chat.person is not None and call.bot.id in chat.person.blocked:
        raise forbidden("bot was blocked by the user")
    chat.action = ShownAction(action, call.world.clock.timestamp() + ACTION_SHOWN_S)
    call.world.changed(chat, "action")
    return True


METHODS: dict[str, Handler] = {
    "sendMessage": send_message,
    "sendLocation": send_location,
    "sendVenue": send_venue,
    "sendContact": send_contact,
    "sendChatAction": send_chat_action,
}
