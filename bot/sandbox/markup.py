"""Keyboards that bots send: what Telegram accepts, and what of it a message keeps."""

from typing import Any

from bot.sandbox.wire import JSON, bad_request, in_utf8

DATA_LIMIT_BYTES = 64
BUTTON_LIMIT = 100

_INLINE_DEEDS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)

_MARKUPS = {"inline_keyboard": "InlineKeyboardMarkup", "keyboard": "ReplyKeyboardMarkup"}


def checked_markup(markup: Any) -> JSON | None:
    """A reply_markup in order, or None where there is nothing to show. ApiError 400 in Telegram's words."""
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        rows = _rows(markup["inline_keyboard"], "inline_keyboard", _inline_button)
        return {"inline_keyboard": rows} if rows else None
    if "keyboard" in markup:
        rows = _rows(markup["keyboard"], "keyboard", _reply_button)
        return {**markup, "keyboard": rows} if rows else None
    return markup if markup.get("remove_keyboard") or markup.get("force_reply") else None


def _rows(rows: Any, name: str, button: Any) -> list[list[JSON]]:
    if not isinstance(rows, list):
        raise bad_request(f'field "{name}" of the {_MARKUPS[name]} must be an Array of Arrays')
    checked = []
    count = 0
    for row in rows:
        if not isinstance(row, list):
            raise bad_request(f'field "{name}" of the {_MARKUPS[name]} must be an Array of Arrays')
        count += len(row)
        if row:
            checked.append([button(one) for one in row])
    if count > BUTTON_LIMIT:
        raise bad_request("reply markup is too long")
    return checked


def _inline_button(button: Any) -> JSON:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    text = button.get("text")
    if not isinstance(text, str):
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be of type String')
    if not text.strip():
        raise bad_request("BUTTON_TEXT_INVALID")
    in_utf8(text)
    data = button.get("callback_data")
    if data is not None:
        if not isinstance(data, str):
            raise bad_request('can\'t parse inline keyboard button: Field "callback_data" must be of type String')
        if not data or len(in_utf8(data).encode()) > DATA_LIMIT_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
    elif not any(deed in button for deed in _INLINE_DEEDS):
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    url = button.get("url")
    if url is not None and (not isinstance(url, str) or ("." not in url and "://" not in url) or " " in url):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return button


def _reply_button(button: Any) -> JSON:
    if isinstance(button, str):
        return {"text": button}
    if not isinstance(button, dict) or not isinstance(button.get("text"), str) or not button["text"]:
        raise bad_request('can\'t parse keyboard button: Field "text" must be of type String')
    in_utf8(button["text"])
    return button
