"""One call of a Bot API method: who calls, with what, and the chat or message that is meant."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.bots import BotAccount
from bot.sandbox.chats import Chat
from bot.sandbox.requests import string, structure, whole
from bot.sandbox.text import TEXT_LIMIT, formatted
from bot.sandbox.wire import JSON, ApiError, bad_request, forbidden
from bot.sandbox.world import World

MIGRATED = "group chat was upgraded to a supergroup chat"


@dataclass(slots=True)
class Call:
    """`params` holds strings (form), JSON values (JSON body) and `Upload`s (multipart)."""

    world: World
    bot: BotAccount
    params: JSON

    def chat(self, name: str = "chat_id") -> Chat:
        """The chat that is addressed; ApiError when there is none, or the bot may not enter it."""
        value = self.params.get(name)
        if value is None or value == "":
            raise bad_request(f"{name} is empty")
        try:
            chat_id = int(value)
        except (TypeError, ValueError) as error:
            raise bad_request("chat not found") from error
        chat = self.bot.chats.get(chat_id)
        if chat is None:
            if self.world.people.find(chat_id) is not None:
                raise forbidden("bot can't initiate conversation with a user")
            raise bad_request("chat not found")
        if chat.migrated_to is not None:
            raise ApiError(400, f"Bad Request: {MIGRATED}", {"migrate_to_chat_id": chat.migrated_to})
        return chat

    def chat_to_write(self) -> Chat:
        """The chat for a new message; counts it against the limits, and refuses where the bot was blocked."""
        chat = self.chat()
        person = chat.person
        if person is not None and self.bot.id in person.blocked:
            raise forbidden("bot was blocked by the user")
        self.world.limits.spend(self.bot.id, chat.id)
        return chat

    def message(self, chat: Chat, deed: str) -> JSON:
        """The message that `message_id` names; `deed` completes "message to … not found"."""
        message_id = whole(self.params, "message_id")
        message = chat.messages.get(message_id or 0)
        if message is None:
            raise bad_request(f"message to {deed} not found" if message_id else "message identifier is not specified")
        return message

    def text(self, name: str, limit: int = TEXT_LIMIT) -> tuple[str, list[JSON]]:
        """Plain text and entities of `text` or `caption`, from parse_mode or the entities given."""
        params = self.params
        source = string(params, name)
        parse_mode = string(params, "parse_mode")
        entities = None
        if not parse_mode:
            entities = structure(params, "entities" if name == "text" else "caption_entities")
        return formatted(source, parse_mode, entities, limit)


Handler = Callable[[Call], Awaitable[Any]]
