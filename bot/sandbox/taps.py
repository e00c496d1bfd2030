"""Presses buttons: inline ones as the person sees them now (or saw them before), and those of the reply keyboard."""

from bot.sandbox.bots import Tap
from bot.sandbox.phone import Phone, checked_location, text_content
from bot.sandbox.updates import TAP_KEPT_S
from bot.sandbox.wire import JSON, SimError


def tap(phone: Phone, wanted: JSON) -> JSON:
    """Press the button that {message_id?, text | callback_data | forged, stale?, location?} means.

    With a message_id it is an inline button, else one of the reply keyboard. `stale` also finds buttons that the
    message had before an edit or its deletion; `forged` sends any data, as a changed client could.
    """
    if wanted.get("message_id") is None:
        return _tap_reply(phone, wanted)
    message_id = wanted["message_id"]
    if not isinstance(message_id, int):
        raise SimError(400, "message_id must be an integer")
    if phone.bot.id in phone.person.blocked:
        raise SimError(409, "this person has blocked the bot; unblock it first")
    if "forged" in wanted:
        return _query(phone, message_id, str(wanted["forged"]), "forged")
    button = _inline_button(phone, message_id, wanted)
    if "url" in button:
        return {"url": button["url"]}
    if "callback_data" not in button:
        raise SimError(409, "this button does nothing that the sandbox knows")
    return _query(phone, message_id, button["callback_data"], button["text"])


def _inline_button(phone: Phone, message_id: int, wanted: JSON) -> JSON:
    message = phone.chat.messages.get(message_id)
    keyboards = [] if message is None else [message.get("reply_markup")]
    if wanted.get("stale"):
        keyboards += reversed(phone.chat.former.get(message_id, []))
    for keyboard in keyboards:
        for row in keyboard["inline_keyboard"] if keyboard else ():
            for button in row:
                if _is_meant(button, wanted):
                    return dict(button)
    seen = "is gone" if message is None else "has no such button now"
    raise SimError(409, f"message {message_id} {seen}")


def _is_meant(button: JSON, wanted: JSON) -> bool:
    if "callback_data" in wanted:
        return bool(button.get("callback_data") == wanted["callback_data"])
    return bool(button["text"] == wanted.get("text"))


def _query(phone: Phone, message_id: int, data: str, label: str) -> JSON:
    """Emit a callback query; its message is inaccessible once it was deleted."""
    world, bot, chat = phone.world, phone.bot, phone.chat
    now = world.clock.timestamp()
    message: JSON | None = chat.messages.get(message_id)
    if message is None:
        if message_id not in chat.deleted:
            raise SimError(404, f"there was no message {message_id} in this chat")
        message = {"chat": chat.public, "message_id": message_id, "date": 0}
    query_id = bot.new_tap(Tap(chat, phone.person.id, message_id, data, now + TAP_KEPT_S), now)
    query = {
        "id": query_id,
        "from": phone.person.user,
        "message": message,
        "chat_instance": str(chat.id * 31 + bot.id),
        "data": data,
    }
    world.ledger.add(
        now,
        bot.id,
        "tapped",
        chat_id=chat.id,
        person_id=phone.person.id,
        message_id=message_id,
        text=label,
        callback_data=data,
    )
    update_id = world.emit(bot, chat, "callback_query", query, TAP_KEPT_S)
    world.changed(chat, "tap")
    return {"callback_query_id": query_id, "update_id": update_id}


def _tap_reply(phone: Phone, wanted: JSON) -> JSON:
    """Press a button of the reply keyboard: its text is sent, or the contact or place that it asks for."""
    keyboard = phone.chat.keyboard
    rows = keyboard["keyboard"] if keyboard else []
    button = next((one for row in rows for one in row if one["text"] == wanted.get("text")), None)
    if button is None:
        raise SimError(409, "the reply keyboard has no such button now")
    asked_by = phone.chat.keyboard_message_id
    reply_to = asked_by if asked_by in phone.chat.messages else None
    if button.get("request_contact"):
        message = phone.put({"contact": phone.person.contact()}, reply_to)
    elif button.get("request_location"):
        if "location" not in wanted:
            raise SimError(400, "this button shares a place: give a location")
        message = phone.put({"location": checked_location(wanted["location"])}, reply_to)
    else:
        message = phone.put(text_content(button["text"]))
    phone.chat.use_keyboard()
    return message
