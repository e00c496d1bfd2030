"""What passes between a person and the rules: who spoke, what he gave, and a refusal."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.geography import Point


@dataclass(frozen=True)
class Origin:
    """Where an input came from.

    `at` is when the person did it (Telegram's own date where the update has one), so that
    what arrives after an outage keeps its time; `received_at` is when we stored it. `hushed` when he
    sends faster than he can be answered: he is shown where he stands, and each word is not replied to.
    """

    inbox_seq: int
    telegram_id: int
    chat_id: int
    at: datetime
    received_at: datetime
    name: str = ""
    language_code: str | None = None
    message_id: int | None = None
    hushed: bool = False


@dataclass(frozen=True)
class Said:
    """Text typed by the person, cleaned of characters that no store can hold."""

    text: str


@dataclass(frozen=True)
class Chose:
    """A key of the reply keyboard, by its name in `templates/messages/keys.html`."""

    key: str


@dataclass(frozen=True)
class Pressed:
    """An inline button: which flow it belongs to, about what, as of which revision, and the choice."""

    flow: str
    subject: int
    revision: int
    choice: str
    message_id: int


@dataclass(frozen=True)
class Located:
    """A location as Telegram tells it; `accuracy` in metres, None where the phone did not say."""

    point: Point
    accuracy: float | None = None
    live: bool = False
    forwarded: bool = False
    venue: bool = False
    inline: bool = False


@dataclass(frozen=True)
class Photographed:
    """One photo, compressed by Telegram or sent as a file; `size` in bytes where Telegram tells it."""

    file_id: str
    unique_id: str
    size: int | None
    as_file: bool = False
    caption: str = ""
    album: str | None = None


@dataclass(frozen=True)
class Uploaded:
    """A file that is not a picture; `size` in bytes where Telegram tells it."""

    file_id: str
    unique_id: str
    name: str
    size: int | None


@dataclass(frozen=True)
class ContactShared:
    """A contact card; `own` only when Telegram says that it is the sender's."""

    phone: str
    own: bool
    name: str = ""


@dataclass(frozen=True)
class CodesRead:
    """What codes a photo for an item holds; it comes from a job, not from the person."""

    item: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Recorded:
    """A voice message or a round video, so many `seconds` long; `size` in bytes where Telegram tells it."""

    file_id: str
    seconds: int
    size: int | None
    is_round: bool = False


@dataclass(frozen=True)
class Unexpected:
    """Something that no step takes: a sticker, an edited message …"""

    kind: str


Input = Said | Chose | Pressed | Located | Photographed | Uploaded | ContactShared | CodesRead | Recorded | Unexpected


class Refusal(Exception):  # noqa: N818 - it is not an error: it is an answer
    """Says no to a person and changes nothing: a message's name and what it speaks of."""

    def __init__(self, message: str, **context: Any) -> None:
        super().__init__(message)
        self.message = message
        self.context = context
