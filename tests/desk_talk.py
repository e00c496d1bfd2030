"""Talks with the services across the real desk and database, without Telegram: what is typed, tapped and shown."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection

from bot.domain.conversation import Input, Origin, Pressed, Said
from bot.rendering import Rendered, Renderer, pressed
from bot.services import flows
from bot.services.conversations import Conversations
from bot.services.desk import Bells, Desk
from bot.services.turn import Turn
from storage import claiming, inbox, people
from storage.database import Database

ZONE = "Asia/Shanghai"
STARTS_AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # a Monday, 09:00 in Shanghai


@dataclass
class Office:
    """The services on one database, and the clock on their wall."""

    database: Database
    admin_ids: frozenset[int] = frozenset()
    now: datetime = STARTS_AT
    renderer: Renderer = field(default_factory=Renderer)
    _updates: int = 0
    _messages: int = 0

    def __post_init__(self) -> None:
        commands = flows.commands(admin_ids=self.admin_ids, bot_name="rounds_bot", again=lambda turn: self._again(turn))
        self.conversations = Conversations(flows.FLOWS, commands, flows.idle)
        bells = Bells(posted=lambda *_: None, queued=lambda: None)
        self.desk = Desk(self.database, lambda: self.now, bells, ZONE, self._again)
        self.guests: dict[int, Guest] = {}

    def _again(self, turn: Turn) -> bool:
        return self.conversations.show_current(turn)

    def pass_time(self, **duration: float) -> None:
        self.now += timedelta(**duration)

    async def member(self, telegram_id: int, name: str, roles: str = "admin", *, language: str = "en") -> "Guest":
        """Somebody who has joined before."""

        def store(connection: Connection) -> int:
            values = {"telegram_id": telegram_id, "name": name, "language": language, "time_zone": ZONE}
            return people.add(connection, **values, roles=roles, status="active")

        guest = self.stranger(telegram_id, name)
        guest.person_id = await self.database.write(store)
        return guest

    def stranger(self, telegram_id: int, name: str) -> "Guest":
        """Somebody whom the bot has not seen."""
        self.guests[telegram_id] = Guest(self, telegram_id, name)
        return self.guests[telegram_id]

    def next_update(self) -> int:
        """Telegram's number of the next update."""
        self._updates += 1
        return self._updates

    async def take_update(self, guest: "Guest", given: Input) -> None:
        """What a handler does with an update, and the sender with what came of it."""
        update = {"update_id": self.next_update(), "lane": guest.telegram_id, "raw": "{}", "received_at": self.now}
        (row,) = await self.database.write(lambda connection: inbox.keep(connection, [update]))
        origin = Origin(row.seq, guest.telegram_id, guest.telegram_id, self.now, self.now, guest.name, "en")
        if isinstance(given, Said) and given.text.startswith("/"):
            command, _, argument = given.text[1:].partition(" ")
            await self.desk.take(origin, self.conversations.command, command, argument.strip())
        else:
            await self.desk.take(origin, self.conversations.resume, given)
        await self.deliver()

    async def deliver(self) -> None:
        """Whatever waits to be said is said."""
        while await self.database.write(self._send):
            pass

    def _send(self, connection: Connection) -> int:
        claimed = claiming.claim_due(connection, self.now, busy=(), limit=100, spare=lambda chat: True)
        for message in claimed:
            # By these names the delivery finds pictures and files: a count of photos would never arrive
            assert isinstance(message.context.get("photos", []), list), message.message
            assert isinstance(message.context.get("file", {}), dict), message.message
            said = self.renderer.render(
                message.message,
                message.context,
                language=message.language or "en",
                zone=message.time_zone or ZONE,
                now=self.now,
            )
            self._messages += message.edits is None
            message_id = message.edits or self._messages
            self.guests[message.chat_id].screen[message_id] = said
            claiming.mark_sent(connection, message, message_id, self.now)
        return len(claimed)

    async def change_person(self, guest: "Guest", **values: Any) -> None:
        await self.database.write(partial(people.change, person_id=guest.person_id, **values))


@dataclass
class Guest:
    """One side of the talk: `screen` holds the bot's messages by their ids, edited ones in their old place."""

    office: Office
    telegram_id: int
    name: str
    person_id: int = 0
    screen: dict[int, Rendered] = field(default_factory=dict)

    async def says(self, text: str) -> str:
        """Type, and read the newest message."""
        await self.office.take_update(self, Said(text))
        return self.last

    async def gives(self, given: Input) -> str:
        """Anything that is not text."""
        await self.office.take_update(self, given)
        return self.last

    async def taps(self, label: str, *, on: int | None = None) -> str:
        """Tap the newest button (or the one of message `on`) with these words; reads what that message says now."""
        message_id, data = self.button(label, on=on)
        return await self.taps_data(message_id, data)

    async def taps_data(self, message_id: int, data: str) -> str:
        """Tap a button that may not be shown any more."""
        read = pressed(data)
        assert read is not None
        await self.office.take_update(self, Pressed(*read, message_id))
        return self.screen[message_id].text

    def button(self, label: str, *, on: int | None = None) -> tuple[int, str]:
        """The newest button with these words: its message and data."""
        for message_id in sorted(self.screen if on is None else [on], reverse=True):
            for button in self.buttons(message_id):
                if label in button["text"]:
                    return message_id, button["callback_data"]
        raise AssertionError(f"no button {label!r}; there is {self.labels}")

    def buttons(self, message_id: int) -> list[dict[str, str]]:
        markup = self.screen[message_id].markup or {}
        return [button for row in markup.get("inline_keyboard", []) for button in row]

    @property
    def newest(self) -> int:
        return max(self.screen)

    @property
    def last(self) -> str:
        return self.screen[self.newest].text

    @property
    def labels(self) -> list[str]:
        """What the buttons of the newest message say."""
        return [button["text"] for button in self.buttons(self.newest)]
