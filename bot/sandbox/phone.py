"""What a person does with the phone: writes, shares places and contacts, forwards, moves, edits, blocks."""

from typing import Any

from bot.sandbox.bots import BotAccount
from bot.sandbox.chats import Chat
from bot.sandbox.html import utf16_length
from bot.sandbox.media import stored_sticker
from bot.sandbox.methods.chats import forward_origin
from bot.sandbox.methods.sending import location_of, without_reply
from bot.sandbox.people import Person
from bot.sandbox.text import TEXT_LIMIT, found_entities, trimmed
from bot.sandbox.wire import JSON, ApiError, SimError, in_utf8
from bot.sandbox.world import World

# The inline bot that a person may share a made-up place through.
INLINE_BOT: JSON = {"id": 600_000_001, "is_bot": True, "first_name": "Pin", "username": "sandbox_pin_bot"}
_ORIGINAL_ONLY = frozenset(
    {"message_id", "from", "chat", "date", "edit_date", "reply_to_message", "reply_markup", "media_group_id", "via_bot"}
)


class Phone:
    """One person's phone with the chat of one bot (or a group with that bot) open."""

    def __init__(self, world: World, person: Person, bot: BotAccount, chat: Chat | None = None) -> None:
        self.world = world
        self.person = person
        self.bot = bot
        self.chat = chat if chat is not None else world.private_chat(bot, person)

    def put(self, content: JSON, reply_to: int | None = None) -> JSON:
        """Send a message with this content; the bot gets it as an update."""
        if self.bot.id in self.person.blocked:
            raise SimError(409, "this person has blocked the bot; unblock it first")
        message = self.world.message(self.chat, self.bot, self.person.user)
        if reply_to is not None:
            message["reply_to_message"] = without_reply(self.seen(reply_to))
        message.update(content)
        self.world.add(self.chat, message, "sent")
        if self.chat.person is not None or self._bot_reads(message):
            self.world.emit(self.bot, self.chat, "message", message)
        return message

    def _bot_reads(self, message: JSON) -> bool:
        """In a group a bot with privacy mode sees commands, replies to itself, and service messages."""
        answered = message.get("reply_to_message")
        if answered is not None:
            return bool(answered["from"]["id"] == self.bot.id)
        return any(entity["type"] == "bot_command" for entity in message.get("entities", ()))

    def seen(self, message_id: Any) -> JSON:
        """A message that the person sees now; SimError 404 if it is not there."""
        message = self.chat.messages.get(message_id) if isinstance(message_id, int) else None
        if message is None:
            raise SimError(404, f"there is no message {message_id} in this chat")
        return message

    def own(self, message_id: Any) -> JSON:
        """A message that the person wrote; SimError 409 for another one's."""
        message = self.seen(message_id)
        if message["from"]["id"] != self.person.id:
            raise SimError(409, f"message {message_id} is not from this person")
        return message

    async def send(self, wanted: JSON) -> JSON:
        """Send what {text | location | venue | contact | sticker | forward_of} describes, with an optional reply_to."""
        return self.put(await self._content(wanted), wanted.get("reply_to"))

    async def _content(self, wanted: JSON) -> JSON:
        if "text" in wanted:
            return text_content(wanted["text"])
        if "location" in wanted:
            content: JSON = {"location": checked_location(wanted["location"])}
            if wanted.get("via_bot"):
                content["via_bot"] = INLINE_BOT
            return content
        if "venue" in wanted:
            if not isinstance(wanted["venue"], dict):
                raise SimError(400, "a venue needs {latitude, longitude, title, address}")
            venue = dict(wanted["venue"])
            venue["location"] = checked_location(venue.get("location", venue))
            venue = {
                "location": venue["location"],
                "title": str(venue.get("title", "")),
                "address": str(venue.get("address", "")),
            }
            return {"location": venue["location"], "venue": venue}
        if "contact" in wanted:
            return {"contact": self._contact(wanted["contact"])}
        if "sticker" in wanted:
            emoji = wanted["sticker"] if isinstance(wanted["sticker"], str) else "🙂"
            return {"sticker": await stored_sticker(self.world.files, emoji)}
        if "forward_of" in wanted:
            return self._forwarded(wanted["forward_of"])
        raise SimError(400, "send needs one of text, location, venue, contact, sticker, forward_of")

    def _contact(self, wanted: Any) -> JSON:
        """The own contact, that of the person {person_id}, or {phone_number, first_name} from the address book."""
        if not isinstance(wanted, dict) or not wanted:
            return self.person.contact()
        if "person_id" in wanted:
            return self.world.people.get(wanted["person_id"]).contact()
        if "phone_number" not in wanted or "first_name" not in wanted:
            raise SimError(400, "a contact needs phone_number and first_name, or person_id, or nothing for the own one")
        return dict(wanted)

    def _forwarded(self, wanted: Any) -> JSON:
        """A forward of {message_id, person_id?, hidden?}: from this chat, or another person's with the same bot."""
        if not isinstance(wanted, dict):
            raise SimError(400, "forward_of needs {message_id, person_id?, hidden?}")
        source = self
        if "person_id" in wanted:
            source = Phone(self.world, self.world.people.get(wanted["person_id"]), self.bot)
        message = source.seen(wanted.get("message_id"))
        content = {name: value for name, value in message.items() if name not in _ORIGINAL_ONLY}
        origin = forward_origin(message)
        if wanted.get("hidden") and "sender_user" in origin:
            name = origin["sender_user"]["first_name"]
            origin = {"type": "hidden_user", "date": origin["date"], "sender_user_name": name}
        content["forward_origin"] = origin
        return content

    def edit(self, message_id: Any, wanted: JSON) -> JSON:
        """Change the text or caption of an own message."""
        message = self.own(message_id)
        if "text" in message:
            content = text_content(wanted.get("text"))
            dropped = ("text", "entities")
        else:
            content = caption_content(wanted.get("caption"))
            dropped = ("caption", "caption_entities")
        return self._replace(message, dropped, content)

    def move(self, message_id: Any, wanted: JSON) -> JSON:
        """Move a live location to another place."""
        message = self._live(message_id)
        old = message["location"]
        location = checked_location(wanted)
        location["live_period"] = old["live_period"]
        return self._replace(message, (), {"location": location})

    def stop(self, message_id: Any) -> JSON:
        """End a live location; the last place stays."""
        message = self._live(message_id)
        location = {
            name: value for name, value in message["location"].items() if name not in ("live_period", "heading")
        }
        return self._replace(message, (), {"location": location})

    def _live(self, message_id: Any) -> JSON:
        message = self.own(message_id)
        live_period = message.get("location", {}).get("live_period")
        if live_period is None or message["date"] + live_period < self.world.clock.timestamp():
            raise SimError(409, f"message {message_id} is not a live location, or it is over")
        return message

    def _replace(self, message: JSON, dropped: tuple[str, ...], content: JSON) -> JSON:
        edited = {name: value for name, value in message.items() if name not in dropped}
        edited.update(content)
        edited["edit_date"] = int(self.world.clock.timestamp())
        self.world.replace(self.chat, edited, "person")
        self.world.emit(self.bot, self.chat, "edited_message", edited)
        return edited

    def block(self, blocked: bool) -> None:
        """Block the bot, or unblock it; the bot learns of it as my_chat_member."""
        was = self.bot.id in self.person.blocked
        if was == blocked:
            return
        (self.person.blocked.add if blocked else self.person.blocked.discard)(self.bot.id)
        member = {"status": "member", "user": self.bot.user}
        kicked = {"status": "kicked", "user": self.bot.user, "until_date": 0}
        now = self.world.clock.timestamp()
        self.world.ledger.add(
            now, self.bot.id, "blocked" if blocked else "unblocked", chat_id=self.chat.id, person_id=self.person.id
        )
        change = {
            "chat": self.chat.public,
            "from": self.person.user,
            "date": int(now),
            "old_chat_member": member if blocked else kicked,
            "new_chat_member": kicked if blocked else member,
        }
        self.world.emit(self.bot, self.chat, "my_chat_member", change)
        self.world.changed(self.chat, "block")


def text_content(text: Any) -> JSON:
    """The text of a person's message with the entities that the phone finds in it."""
    if not isinstance(text, str) or not text.strip():
        raise SimError(400, "a message needs a text")
    text, _ = trimmed(in_utf8(text), [])
    if utf16_length(text) > TEXT_LIMIT:
        raise SimError(400, f"a phone sends at most {TEXT_LIMIT} characters as one message")
    entities = found_entities(text)
    return {"text": text, "entities": entities} if entities else {"text": text}


def caption_content(caption: Any) -> JSON:
    """The caption of a person's photo or file; nothing for an empty one."""
    if not isinstance(caption, str) or not caption.strip():
        return {}
    text = text_content(caption)
    content = {"caption": text["text"]}
    if "entities" in text:
        content["caption_entities"] = text["entities"]
    return content


def checked_location(wanted: Any) -> JSON:
    """A Location from {latitude, longitude, horizontal_accuracy?, live_period?, heading?}."""
    if not isinstance(wanted, dict):
        raise SimError(400, "a location needs {latitude, longitude}")
    try:
        return location_of(wanted)
    except ApiError as error:
        raise SimError(400, error.description) from error
