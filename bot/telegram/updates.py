"""Decodes: a raw update into who, when and what was given. Everything odd about Telegram's shapes ends here."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from telegram import Document, Message, Update

from bot.domain.conversation import (
    ContactShared,
    Input,
    Located,
    Origin,
    Photographed,
    Pressed,
    Recorded,
    Said,
    Unexpected,
    Uploaded,
)
from bot.domain.geography import Point
from bot.rendering import pressed

KINDS = ("message", "edited_message", "callback_query", "my_chat_member")  # what we ask Telegram for
HUSHED = "rounds_hushed"  # set in a stored update that is part of a flood
STAMP = "rounds"  # where the inbox row's facts travel inside the raw update
TEXT_LIMIT = 4096
_KINDS = ("sticker", "video", "audio", "animation", "poll", "dice", "story", "game", "checklist")
PICTURE_TYPES = ("image/",)
# What a phone's file manager says of a file that it does not know, HEIC often: then its name tells
UNTOLD_TYPES = ("", "application/octet-stream")
PICTURE_NAMES = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif")


@dataclass(frozen=True)
class Stamp:
    """What our inbox knows of an update; `hushed` when its sender cannot be answered as fast as he sends."""

    seq: int
    received_at: datetime
    hushed: bool = False


def lane_of(raw: dict[str, Any]) -> int:
    """The chat whose order an update keeps; 0 for none. It trusts no shape, for it runs before the inbox."""
    for value in raw.values():
        if isinstance(value, dict):
            message = value.get("message")
            of_message = message.get("chat") if isinstance(message, dict) else None
            for chat in (value.get("chat"), of_message, value.get("from")):
                if isinstance(chat, dict) and is_id(chat.get("id")):
                    return int(chat["id"])
    return 0


def is_id(value: object) -> bool:
    """Whether a store can keep it as an id."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63


def stamped(raw: dict[str, Any], stamp: Stamp) -> dict[str, Any]:
    """The raw update with its stamp, which PTB carries along untouched."""
    return {**raw, STAMP: stamp}


def origin_of(update: Update) -> Origin:
    """Who sent a stamped update, where and when; a message keeps Telegram's own date."""
    stamp: Stamp = update.api_kwargs[STAMP]
    user, chat = update.effective_user, update.effective_chat
    if user is None or chat is None:
        raise ValueError("an update without a person")
    message = update.edited_message or update.message
    at = stamp.received_at
    if message is not None:
        # Telegram's clock, but never later than ours: a clock ahead must not move a visit into the future
        at = min((message.edit_date or message.date).astimezone(UTC), stamp.received_at)
    return Origin(
        inbox_seq=stamp.seq,
        telegram_id=user.id,
        chat_id=chat.id,
        at=at,
        received_at=stamp.received_at,
        name=clean(user.full_name)[:80],
        language_code=user.language_code,
        message_id=update.effective_message.message_id if update.effective_message else None,
        hushed=stamp.hushed,
    )


def given_of(update: Update) -> Input:
    """What the person gave."""
    query = update.callback_query
    if query is not None:
        place = pressed(query.data or "")
        if place is None or query.message is None:
            return Unexpected("button")
        return Pressed(*place, message_id=query.message.message_id)
    if update.edited_message is not None:
        return Unexpected("edited")
    return _message_input(update.message) if update.message is not None else Unexpected("other")


def _message_input(message: Message) -> Input:
    if message.venue is not None or message.location is not None:
        return located_of(message)
    if message.photo:
        largest = message.photo[-1]
        return Photographed(
            largest.file_id,
            largest.file_unique_id,
            largest.file_size,
            caption=clean(message.caption or ""),
            album=message.media_group_id,
        )
    if message.document is not None and message.animation is None:
        return _document(message)
    if message.contact is not None:
        user = message.from_user
        own = user is not None and message.contact.user_id == user.id
        name = clean(f"{message.contact.first_name} {message.contact.last_name or ''}")[:80]
        return ContactShared(message.contact.phone_number, own, name)
    if message.voice is not None:
        return Recorded(message.voice.file_id, _seconds(message.voice.duration), message.voice.file_size)
    if message.video_note is not None:
        note = message.video_note
        return Recorded(note.file_id, _seconds(note.duration), note.file_size, is_round=True)
    if message.text is not None:
        return Said(clean(message.text))
    return Unexpected(next((kind for kind in _KINDS if getattr(message, kind, None) is not None), "other"))


def _seconds(duration: int | timedelta) -> int:
    """PTB is on its way from the one to the other."""
    return int(duration.total_seconds()) if isinstance(duration, timedelta) else duration


def located_of(message: Message) -> Input:
    """Where a message says that its sender is."""
    location = message.venue.location if message.venue is not None else message.location
    if location is None or not (abs(location.latitude) <= 90 and abs(location.longitude) <= 180):
        return Unexpected("other")
    return Located(
        point=Point(location.latitude, location.longitude),
        accuracy=location.horizontal_accuracy,
        live=location.live_period is not None,
        forwarded=message.forward_origin is not None,
        venue=message.venue is not None,
        inline=message.via_bot is not None,
    )


def _document(message: Message) -> Input:
    document = message.document
    assert document is not None
    if _is_picture(document):
        return Photographed(
            document.file_id,
            document.file_unique_id,
            document.file_size,
            as_file=True,
            caption=clean(message.caption or ""),
            album=message.media_group_id,
        )
    return Uploaded(
        document.file_id, document.file_unique_id, clean(document.file_name or "")[:200], document.file_size
    )


def _is_picture(document: Document) -> bool:
    kind, name = document.mime_type or "", (document.file_name or "").lower()
    return kind.startswith(PICTURE_TYPES) or (kind in UNTOLD_TYPES and name.endswith(PICTURE_NAMES))


def clean(text: str) -> str:
    """Text that every store can hold: no NUL, no lone surrogates; line ends are \\n; otherwise as it was typed."""
    text = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    return text.encode("utf-8", "ignore").decode("utf-8").strip()
