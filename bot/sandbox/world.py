"""Everything that exists in the sandbox, and the few deeds that change it: a message comes, changes, goes."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from bot.sandbox.bots import BotAccount, Bots
from bot.sandbox.chats import Chat
from bot.sandbox.clock import SandboxClock
from bot.sandbox.events import Events
from bot.sandbox.faults import Faults
from bot.sandbox.files import FileStore
from bot.sandbox.ledger import Ledger
from bot.sandbox.limits import Limits
from bot.sandbox.people import People, Person
from bot.sandbox.updates import KEPT_S, Pending
from bot.sandbox.webhooks import Courier, Webhook
from bot.sandbox.wire import JSON, SimError, encode

Check = Callable[[str, Any], None]
"""Sees ("update", object), ("call:METHOD", params) and ("result:METHOD", result); raises when one is not in order."""

FIRST_GROUP_ID = -500_000_001
FIRST_SUPERGROUP_ID = -1_001_000_000_001


class World:
    """The state of one sandbox. Its deeds are synchronous, so that nothing is ever seen half done."""

    def __init__(self, clock: SandboxClock, limits: Limits, check: Check | None, webhook_pause_s: float) -> None:
        self.webhook_pause_s = webhook_pause_s
        self.clock = clock
        self.limits = limits
        self.check = check
        self.people = People()
        self.bots = Bots()
        self.files = FileStore()
        self.faults = Faults()
        self.ledger = Ledger()
        self.events = Events()
        self.places: list[JSON] = []
        self.closing = asyncio.Event()
        self.on_webhook_reply: Callable[[BotAccount, JSON], Awaitable[None]] | None = None
        self._groups = 0

    async def pause(self, seconds: float) -> None:
        """Wait for real seconds, or until the sandbox stops."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.closing.wait()

    def new_courier(self, bot: BotAccount, webhook: Webhook) -> Courier:
        """What delivers to a bot's webhook."""

        async def on_reply(body: JSON) -> None:
            if self.on_webhook_reply is not None:
                await self.on_webhook_reply(bot, body)

        return Courier(webhook, bot.queue, self.clock, on_reply, self.webhook_pause_s)

    def private_chat(self, bot: BotAccount, person: Person) -> Chat:
        """The chat of a bot and a person, opened when there is none."""
        chat = bot.chats.get(person.id)
        if chat is None:
            chat = bot.chats[person.id] = Chat(bot.id, person.chat, person)
        return chat

    def new_group(self, bot: BotAccount, title: str, members: list[Person]) -> Chat:
        """A basic group of people and one bot."""
        public: JSON = {
            "id": FIRST_GROUP_ID - self._groups,
            "type": "group",
            "title": title,
        }
        self._groups += 1
        chat = bot.chats[public["id"]] = Chat(bot.id, public, None)
        chat.members = {person.id: person for person in members}
        return chat

    def upgrade_group(self, bot: BotAccount, chat: Chat) -> Chat:
        """Turn a basic group into a supergroup with another id, as Telegram does when a group grows."""
        public = {**chat.public, "id": FIRST_SUPERGROUP_ID - self._groups, "type": "supergroup"}
        self._groups += 1
        upgraded = bot.chats[public["id"]] = Chat(bot.id, public, None)
        upgraded.members = dict(chat.members)
        chat.migrated_to = upgraded.id
        sender = next(iter(chat.members.values())).user
        for place, field, other in ((chat, "migrate_to_chat_id", upgraded), (upgraded, "migrate_from_chat_id", chat)):
            notice = self.message(place, bot, sender)
            notice[field] = other.id
            self.add(place, notice, "sent")
            self.emit(bot, place, "message", notice)
        return upgraded

    def message(self, chat: Chat, bot: BotAccount, sender: JSON) -> JSON:
        """A new message object with its id, sender, chat and date; the caller adds the content."""
        return {
            "message_id": bot.new_message_id(),
            "from": sender,
            "chat": chat.public,
            "date": int(self.clock.timestamp()),
        }

    def add(self, chat: Chat, message: JSON, what: str, **more: Any) -> None:
        """A message comes into the chat. `what` is `sent` (by a person) or `shown` (by the bot)."""
        chat.messages[message["message_id"]] = message
        chat.action = None
        self.record(chat, what, message, **more)
        self.changed(chat, "message")

    def replace(self, chat: Chat, message: JSON, by: str, **more: Any) -> None:
        """A message is edited by a `person` or a `bot`: the new object takes the place of the old one."""
        message_id = message["message_id"]
        old = chat.messages[message_id]
        if old.get("reply_markup") != message.get("reply_markup"):
            chat.remember_keyboard(message_id, old.get("reply_markup"))
        chat.messages[message_id] = message
        self.record(chat, "edited", message, by=by, **more)
        self.changed(chat, "edit")

    def remove(self, chat: Chat, message_id: int) -> None:
        """The bot deletes a message for everybody."""
        message = chat.messages.pop(message_id)
        chat.deleted.add(message_id)
        chat.remember_keyboard(message_id, message.get("reply_markup"))
        if chat.keyboard_message_id == message_id:
            chat.keyboard = None
        if chat.pinned == message_id:
            chat.pinned = None
        self.record(chat, "deleted", message)
        self.changed(chat, "delete")

    def record(self, chat: Chat, what: str, message: JSON, **more: Any) -> None:
        """Write a message into the ledger."""
        content = message_kind(message)
        if content != "text":
            more["kind"] = content
        if "reply_markup" in message:
            more["reply_markup"] = message["reply_markup"]
        sender = message.get("from")
        person_id = chat.person_id
        if person_id is None and sender is not None and sender["id"] != chat.bot_id:
            person_id = sender["id"]
        self.ledger.add(
            self.clock.timestamp(),
            chat.bot_id,
            what,
            chat_id=chat.id,
            person_id=person_id,
            message_id=message["message_id"],
            text=message.get("text") or message.get("caption"),
            more=more or None,
        )

    def changed(self, chat: Chat, kind: str) -> None:
        """Tell the pages that a chat looks different now."""
        chat.version += 1
        if self.events.listened:
            self.events.announce(
                {
                    "person_id": chat.person_id,
                    "chat_id": chat.id,
                    "bot_id": chat.bot_id,
                    "kind": kind,
                    "version": chat.version,
                }
            )

    def emit(self, bot: BotAccount, chat: Chat, kind: str, payload: JSON, kept_s: float = KEPT_S) -> int | None:
        """Queue an update for the bot; returns its id, or None when the bot does not want this kind."""
        if not bot.queue.wants(kind):
            return None
        update_id = bot.queue.next_id
        bot.queue.next_id += 1
        update = {"update_id": update_id, kind: payload}
        if self.check is not None:
            self.check("update", update)
        bot.queue.put(Pending(update_id, self.clock.timestamp() + kept_s, chat.id, encode(update)))
        if bot.courier is not None:
            bot.courier.collect()
        return update_id

    def spoken_for(self, bot_id: str | None) -> BotAccount:
        """The bot that /sim means: the one named, else the one that asked last."""
        if bot_id is not None:
            if not bot_id.isdecimal():
                raise SimError(400, "bot must be the number before the colon of its token")
            return self.bots.by_id(int(bot_id))
        if self.bots.last is None:
            raise SimError(409, "no bot has asked for anything yet; start one, or name it with ?bot=<id>")
        return self.bots.last


_CONTENT = (
    "text",
    "photo",
    "document",
    "location",
    "contact",
    "sticker",
    "video_note",
    "voice",
    "new_chat_members",
    "pinned_message",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
)


def message_kind(message: JSON) -> str:
    """The name of the field that holds a message's content; `venue` goes before its own location."""
    if "venue" in message:
        return "venue"
    return next((name for name in _CONTENT if name in message), "other")
