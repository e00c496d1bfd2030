"""One message of the outbox to one or more Bot API calls: rendered for its reader, sent or edited in place."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from telegram import (
    InlineKeyboardMarkup,
    InputMediaPhoto,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.error import BadRequest
from telegram.ext import ExtBot

from bot.rendering import CAPTION_LIMIT, TEXT_LIMIT, Rendered, Renderer, plain, split
from bot.telegram.request import AiohttpRequest
from storage.outbox import Outgoing

log = logging.getLogger(__name__)

NO_PREVIEW = {"link_preview_options": {"is_disabled": True}}
AS_HTML = {"parse_mode": "HTML", **NO_PREVIEW}
ALBUM = 10  # photos that Telegram takes at once
# What an edit may meet: the message was deleted, is too old, or holds a picture where text should go
GONE = ("message to edit not found", "can't be edited", "message_id_invalid", "no text in the message to edit")
UNREADABLE = "can't parse entities"  # what a mark-up meets that Telegram does not understand
Part = Callable[[], Awaitable[int]]  # one call of a message, and the id that it got
Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | None


class Gone(Exception):  # noqa: N818 - the sender's cue to say it anew
    """The message that was to be edited is not there any more."""


class Pace(Protocol):
    """Goes beside a message of several parts: each must have room, and each is noted when it has arrived."""

    async def make_room(self) -> None: ...

    async def note(self, parts: int) -> None: ...


@dataclass(frozen=True)
class Delivery:
    """Says messages through a bot; `blob` reads a stored picture or file by its key."""

    bot: ExtBot[None]
    renderer: Renderer
    blob: Callable[[str], Awaitable[bytes]]
    language: str
    time_zone: str

    async def deliver(self, message: Outgoing, now: datetime, pace: Pace) -> int | None:
        """Send or edit; the id of the message that now holds it. Raises Gone and PTB's errors.

        The parts that have arrived in an earlier attempt are not sent again.
        """
        rendered = self.renderer.render(
            message.message,
            message.context,
            language=message.language or message.context.get("language") or self.language,
            zone=message.time_zone or self.time_zone,
            now=now,
        )
        photos, file = message.context.get("photos"), message.context.get("file")
        if photos:
            parts = self._photos(message.chat_id, photos, rendered)
        elif file:
            parts = self._file(message.chat_id, file, rendered)
        elif message.edits is not None and not (rendered.markup and "keyboard" in rendered.markup):
            return await self._edit(message.chat_id, message.edits, rendered)
        else:
            parts = self._texts(message.chat_id, rendered)
        last = None
        for number, part in enumerate(parts[message.parts :], message.parts + 1):
            if number > message.parts + 1:  # room for one was made when the message was claimed
                await pace.make_room()
            last = await part()
            if number < len(parts):
                await pace.note(number)
        return last

    def _texts(self, chat_id: int, rendered: Rendered) -> list[Part]:
        *first, last = split(rendered.text, TEXT_LIMIT)
        parts: list[Part] = [partial(self._send_text, chat_id, text, None) for text in first]
        return [*parts, partial(self._send_text, chat_id, last, rendered.markup)]

    async def _send_text(self, chat_id: int, text: str, markup: dict[str, Any] | None) -> int:
        said = {"chat_id": chat_id, "text": text} | ({"reply_markup": markup} if markup is not None else {})
        try:
            sent = await self._call("sendMessage", {**said, **AS_HTML})
        except BadRequest as error:
            if not _is_unreadable(error):
                raise
            sent = await self._call("sendMessage", {**said, **NO_PREVIEW, "text": plain(text)})
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
        edited = {"chat_id": chat_id, "message_id": message_id, "text": parts[0]}
        if rendered.markup is not None and "inline_keyboard" in rendered.markup:
            edited["reply_markup"] = rendered.markup
        try:
            try:
                await self._call("editMessageText", {**edited, **AS_HTML})
            except BadRequest as error:
                if not _is_unreadable(error):
                    raise
                await self._call("editMessageText", {**edited, **NO_PREVIEW, "text": plain(parts[0])})
        except BadRequest as error:
            text = str(error).lower()
            if "message is not modified" in text:
                return message_id
            if any(reason in text for reason in GONE):
                raise Gone from None
            raise
        return message_id

    def _photos(self, chat_id: int, keys: list[str], rendered: Rendered) -> list[Part]:
        """One photo, or albums; text that is no caption, or has buttons where an album takes none, follows them."""
        markup = _markup(rendered)
        captioned = len(split(rendered.text, CAPTION_LIMIT)) == 1 and (len(keys) == 1 or markup is None)
        parts: list[Part] = []
        for start in range(0, len(keys), ALBUM):
            album = keys[start : start + ALBUM]
            caption = rendered.text if captioned and start == 0 else None
            parts.append(partial(self._send_album, chat_id, album, caption, markup if captioned else None))
        return parts if captioned else [*parts, *self._texts(chat_id, rendered)]

    async def _send_album(self, chat_id: int, keys: list[str], caption: str | None, markup: Markup) -> int:
        pictures = [await self.blob(key) for key in keys]

        async def send(caption: str | None, parse_mode: str | None) -> int:
            if len(pictures) == 1:
                sent = await self.bot.send_photo(
                    chat_id, pictures[0], caption=caption, parse_mode=parse_mode, reply_markup=markup
                )
                return sent.message_id
            group = [
                InputMediaPhoto(picture, caption=None if number else caption, parse_mode=parse_mode)
                for number, picture in enumerate(pictures)
            ]
            return (await self.bot.send_media_group(chat_id, group))[0].message_id

        return await _readably(send, caption)

    def _file(self, chat_id: int, file: dict[str, str], rendered: Rendered) -> list[Part]:
        captioned = len(split(rendered.text, CAPTION_LIMIT)) == 1 and file.get("as") != "video_note"
        caption, markup = (rendered.text, _markup(rendered)) if captioned else (None, None)
        part = partial(self._send_file, chat_id, file, caption, markup)
        return [part] if captioned else [part, *self._texts(chat_id, rendered)]

    async def _send_file(self, chat_id: int, file: dict[str, str], caption: str | None, markup: Markup) -> int:
        content = await self.blob(file["key"])

        async def send(caption: str | None, parse_mode: str | None) -> int:
            words: dict[str, Any] = {"caption": caption, "parse_mode": parse_mode}
            match file.get("as"):
                case "voice":
                    sent = await self.bot.send_voice(chat_id, content, reply_markup=markup, **words)
                case "video_note":  # which takes no words
                    sent = await self.bot.send_video_note(chat_id, content, reply_markup=markup)
                case _:
                    sent = await self.bot.send_document(
                        chat_id, content, filename=file["name"], reply_markup=markup, **words
                    )
            return sent.message_id

        return await _readably(send, caption)


async def _readably(send: Callable[[str | None, str | None], Awaitable[int]], caption: str | None) -> int:
    """Send with mark-up; where Telegram does not understand it, the same words without."""
    try:
        return await send(caption, "HTML")
    except BadRequest as error:
        if caption is None or not _is_unreadable(error):
            raise
        return await send(plain(caption), None)


def _is_unreadable(error: BadRequest) -> bool:
    """A mark-up that Telegram refuses is our mistake, and no reason not to say the words."""
    is_so = UNREADABLE in str(error).lower()
    if is_so:
        log.error("a mark-up was refused, its words are said without: %s", error)
    return is_so


def _markup(rendered: Rendered) -> Markup:
    raw: dict[str, Any] | None = rendered.markup
    if raw is None:
        return None
    if "inline_keyboard" in raw:
        return InlineKeyboardMarkup.de_json(raw)
    if "keyboard" in raw:
        return ReplyKeyboardMarkup.de_json(raw)
    return ReplyKeyboardRemove()
