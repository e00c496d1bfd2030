"""The bots that talk to the sandbox: any well-formed token is a bot of its own."""

import re
from collections import OrderedDict
from dataclasses import dataclass, field

from bot.sandbox.chats import Chat
from bot.sandbox.updates import UpdateQueue
from bot.sandbox.webhooks import Courier
from bot.sandbox.wire import JSON

_TOKEN = re.compile(r"(\d{1,18}):[\w-]{30,}", re.ASCII)

# Real ids of updates start anywhere. Far apart for different bots, the same for a bot in every run.
_UPDATE_ID_STEP = 7_919
_UPDATE_ID_RANGE = 900_000_000


@dataclass(slots=True)
class Tap:
    """A callback query that was emitted; `expires_at` in seconds of the sandbox's clock."""

    chat: Chat
    person_id: int
    message_id: int
    data: str
    expires_at: float


@dataclass(slots=True)
class Profile:
    """What a bot says about itself, by two-letter language code ("" for everybody else)."""

    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[JSON]] = field(default_factory=dict)
    """By (scope, language); a scope is `default`, `all_private_chats`, `chat:<id>` …"""
    menu_buttons: dict[int | None, JSON] = field(default_factory=dict)
    """By chat id; None is the default."""


class BotAccount:
    """One bot: its queue, its chats and what it says about itself."""

    def __init__(self, bot_id: int) -> None:
        self.id = bot_id
        self.username = f"sandbox_{bot_id}_bot"
        self.user: JSON = {"id": bot_id, "is_bot": True, "first_name": "Sandbox bot", "username": self.username}
        """The User object of the bot's messages."""
        self.queue = UpdateQueue(1 + bot_id * _UPDATE_ID_STEP % _UPDATE_ID_RANGE)
        self.courier: Courier | None = None
        """Delivers to the webhook while one is set."""
        self.chats: dict[int, Chat] = {}
        self.next_message_id = 1
        # Ordered, as a plain dict is slow to lose its oldest entry again and again.
        self.taps: OrderedDict[str, Tap] = OrderedDict()
        self.next_tap = 1
        self.profile = Profile()
        self.next_album = 1

    def rename(self, name: str) -> None:
        """Take a new default name, for messages from now on."""
        self.user = {**self.user, "first_name": name}

    def new_message_id(self) -> int:
        """Private chats and basic groups share one sequence per account."""
        message_id = self.next_message_id
        self.next_message_id += 1
        return message_id

    def new_album_id(self) -> str:
        """A media_group_id."""
        album = self.id * 100_000 + self.next_album
        self.next_album += 1
        return str(album)

    def new_tap(self, tap: Tap, now: float) -> str:
        """Keep a callback query so that it can be answered; what nobody can answer any more is dropped."""
        while self.taps:
            oldest = next(iter(self.taps))
            if self.taps[oldest].expires_at > now:
                break
            self.taps.popitem(last=False)
        query_id = str((self.id << 20) + self.next_tap)
        self.next_tap += 1
        self.taps[query_id] = tap
        return query_id


class Bots:
    """All bots, by token and by id."""

    def __init__(self) -> None:
        self._by_token: dict[str, BotAccount] = {}
        self._by_id: dict[int, BotAccount] = {}
        self.last: BotAccount | None = None
        """The bot that asked last."""

    def by_token(self, token: str) -> BotAccount | None:
        """The bot of a token (made on first sight), or None for a token that is not well-formed."""
        bot = self._by_token.get(token)
        if bot is None:
            match = _TOKEN.fullmatch(token)
            if match is None:
                return None
            bot = self._by_token[token] = self.by_id(int(match[1]))
        return bot

    def by_id(self, bot_id: int) -> BotAccount:
        """The bot of an id, made on first sight."""
        bot = self._by_id.get(bot_id)
        if bot is None:
            bot = self._by_id[bot_id] = BotAccount(bot_id)
        return bot

    def all(self) -> list[BotAccount]:
        """All bots seen so far."""
        return list(self._by_id.values())
