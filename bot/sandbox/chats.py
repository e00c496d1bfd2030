"""A chat of one bot: its messages as they are visible now, and what the phone shows around them."""

from collections import deque
from typing import NamedTuple

from bot.sandbox.people import Person
from bot.sandbox.wire import JSON

FORMER_KEYBOARDS = 4
"""How many earlier inline keyboards of a message are remembered, for taps from an outdated view."""
NOTICES = 20
ACTION_SHOWN_S = 5.0
"""Telegram shows "typing…" for five seconds or until a message comes."""


class ShownAction(NamedTuple):
    """A chat action such as `typing`, and the instant (seconds) until which it is shown."""

    action: str
    until: float


class Chat:
    """Messages are stored as Bot API objects that are replaced and never changed, so that updates may share them."""

    __slots__ = (
        "action",
        "bot_id",
        "deleted",
        "former",
        "id",
        "keyboard",
        "keyboard_message_id",
        "members",
        "messages",
        "migrated_to",
        "notices",
        "person",
        "pinned",
        "public",
        "unchangeable",
        "version",
    )

    def __init__(self, bot_id: int, public: JSON, person: Person | None) -> None:
        self.id: int = public["id"]
        self.bot_id = bot_id
        self.public = public
        """The Chat object that messages carry."""
        self.person = person
        """The one person of a private chat; None for a group."""
        self.members: dict[int, Person] = {} if person is None else {person.id: person}
        self.messages: dict[int, JSON] = {}
        self.deleted: set[int] = set()
        self.former: dict[int, list[JSON]] = {}
        self.unchangeable: set[int] = set()
        """Messages that came with a reply keyboard: Telegram lets no bot edit them."""
        self.keyboard: JSON | None = None
        self.keyboard_message_id = 0
        self.notices: deque[JSON] = deque(maxlen=NOTICES)
        self.action: ShownAction | None = None
        self.pinned: int | None = None
        self.migrated_to: int | None = None
        self.version = 0

    @property
    def person_id(self) -> int | None:
        """The person of a private chat."""
        return None if self.person is None else self.person.id

    def is_outgoing(self, message: JSON) -> bool:
        """Whether a person wrote it (and not the bot)."""
        sender = message.get("from")
        return sender is not None and sender["id"] != self.bot_id

    def show_keyboard(self, message_id: int, markup: JSON) -> None:
        """Apply the reply keyboard (or its removal) that came with a message."""
        self.unchangeable.add(message_id)
        if "keyboard" in markup:
            self.keyboard = markup
            self.keyboard_message_id = message_id
        elif "remove_keyboard" in markup:
            self.keyboard = None

    def use_keyboard(self) -> None:
        """A button of the reply keyboard was pressed: a one-time keyboard goes."""
        if self.keyboard is not None and self.keyboard.get("one_time_keyboard"):
            self.keyboard = None

    def remember_keyboard(self, message_id: int, markup: JSON | None) -> None:
        """Keep the inline keyboard that an edit or deletion takes away."""
        if markup is not None:
            former = self.former.setdefault(message_id, [])
            former.append(markup)
            del former[:-FORMER_KEYBOARDS]
