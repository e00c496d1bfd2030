"""One message of the outbox to one or more Bot API calls: rendered for its reader, sent or edited in place."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from telegram import (
    InlineKeyboardMarkup,
    InputMediaPhoto,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.error import BadRequest
from telegram.ext import ExtBot

from bot.rendering import CAPTION_LIMIT, TEXT_LIMIT, Rendered, Renderer, split
from bot.telegram.request import AiohttpRequest
from storage.outbox import Outgoing

AS_HTML = {"parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}
ALBUM = 10  # photos that Telegram takes at once
# What an edit may meet: the message was deleted, is too old, or holds a picture where text should go
GONE = ("message to edit not found", "can't be edited", "message_id_invalid", "no text in the message to edit")
Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | None


class Gone(Exception):  # noqa: N818 - the sender's cue to say it anew
    """The message that was to be edited is not there any more."""


@dataclass(frozen=True)
class Delivery:
    """Says messages through a bot; `blob` reads a stored picture or file by its key."""

    bot: ExtBot[None]
    renderer: Renderer
    blob: Callable[[str], Awaitable[bytes]]
    language: str
    time_zone: str

    async def deliver(self, message: Outgoing, now: datetime) -> int | None:
        """Send or edit; the id of the message that now holds it. Raises Gone and PTB's errors."""
        rendered = self.renderer.render(
            message.message,
            message.context,
            language=message.language or message.context.get("language") or self.language,
            zone=message.time_zone or self.time_zone,
            now=now,
        )
        photos = message.context.get("photos")
        if photos:
            return await self._send_photos(message.chat_id, photos, rendered)
        file = message.context.get("file")
        if file:
            return await self._send_file(message.chat_id, file, rendered)
        if message.edits is not None and not (rendered.markup and "keyboard" in rendered.markup):
            return await self._edit(message.chat_id, message.edits, rendered)
        return await self._send_text(message.chat_id, rendered)

    async def _send_text(self, chat_id: int, rendered: Rendered) -> int:
        parts = split(rendered.text, TEXT_LIMIT)
        for part in parts[:-1]:
            await self._call("sendMessage", {"chat_id": chat_id, "text": part, **AS_HTML})
        last = {"chat_id": chat_id, "text": parts[-1], **AS_HTML}
        if rendered.markup is not None:
            last["reply_markup"] = rendered.markup
        sent = await self._call("sendMessage", last)
        return int(sent["message_id"])

    async def _call(self, method: str, parameters: dict[str, Any]) -> Any:
        """The bare result: `Bot.send_message` makes objects of what it sends and of all that comes back (0.5 ms)."""
        request = self.bot.request
        assert isinstance(request, AiohttpRequest)
        return await request.call(f"{self.bot.base_url}/{method}", parameters)

    async def _edit(self, chat_id: int, message_id: int, rendered: Rendered) -> int:
        parts = split(rendered.text, TEXT_LIMIT)
        if len(parts) > 1:
            raise Gone  # it has outgrown one message: nothing may be left out
        edited = {"chat_id": chat_id, "message_id": message_id, "text": parts[0], **AS_HTML}
        if rendered.markup is not None and "inline_keyboard" in rendered.markup:
            edited["reply_markup"] = rendered.markup
        try:
            await self._call("editMessageText", edited)
        except BadRequest as error:
            text = str(error).lower()
            if "message is not modified" in text:
                return message_id
            if any(reason in text for reason in GONE):
                raise Gone from None
            raise
        return message_id

    async def _send_photos(self, chat_id: int, keys: list[str], rendered: Rendered) -> int:
        """One photo, or albums; text that is no caption, or has buttons where an album takes none, follows them."""
        markup = _markup(rendered)
        captioned = len(split(rendered.text, CAPTION_LIMIT)) == 1 and (len(keys) == 1 or markup is None)
        caption = rendered.text if captioned else None
        last = 0
        for start in range(0, len(keys), ALBUM):
            pictures = [await self.blob(key) for key in keys[start : start + ALBUM]]
            last = await self._send_album(chat_id, pictures, None if start else caption, markup if captioned else None)
        return last if captioned else await self._send_text(chat_id, rendered)

    async def _send_album(self, chat_id: int, pictures: list[bytes], caption: str | None, markup: Markup) -> int:
        if len(pictures) == 1:
            sent = await self.bot.send_photo(
                chat_id, pictures[0], caption=caption, parse_mode="HTML", reply_markup=markup
            )
            return sent.message_id
        group = [
            InputMediaPhoto(picture, caption=None if number else caption, parse_mode="HTML")
            for number, picture in enumerate(pictures)
        ]
        return (await self.bot.send_media_group(chat_id, group))[0].message_id

    async def _send_file(self, chat_id: int, file: dict[str, str], rendered: Rendered) -> int:
        captioned = len(split(rendered.text, CAPTION_LIMIT)) == 1
        sent = await self.bot.send_document(
            chat_id,
            await self.blob(file["key"]),
            filename=file["name"],
            caption=rendered.text if captioned else None,
            parse_mode="HTML",
            reply_markup=_markup(rendered) if captioned else None,
        )
        return sent.message_id if captioned else await self._send_text(chat_id, rendered)


def _markup(rendered: Rendered) -> Markup:
    raw: dict[str, Any] | None = rendered.markup
    if raw is None:
        return None
    if "inline_keyboard" in raw:
        return InlineKeyboardMarkup.de_json(raw)
    if "keyboard" in raw:
        return ReplyKeyboardMarkup.de_json(raw)
    return ReplyKeyboardRemove()
