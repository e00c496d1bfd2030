"""What a person sees now: the chat with its messages, keyboards, notices, and the bot's introduction."""

from bot.sandbox.bots import BotAccount
from bot.sandbox.chats import Chat
from bot.sandbox.methods.account import menu_button
from bot.sandbox.people import Person
from bot.sandbox.wire import JSON
from bot.sandbox.world import World


def chat_view(world: World, person: Person, bot: BotAccount, chat: Chat, limit: int | None = None) -> JSON:
    """The chat as JSON; of the messages the newest `limit`, or all."""
    messages = list(chat.messages.values())
    if limit is not None:
        messages = messages[-limit:] if limit > 0 else []
    language = person.language_code[:2].lower()
    action = chat.action
    typing = action.action if action is not None and action.until > world.clock.timestamp() else None
    profile = bot.profile
    return {
        "person": person.described(),
        "bot": {
            "id": bot.id,
            "username": bot.username,
            "first_name": _in(profile.names, language) or bot.user["first_name"],
            "description": _in(profile.descriptions, language),
            "short_description": _in(profile.short_descriptions, language),
        },
        "chat": chat.public,
        "messages": [{**message, "outgoing": chat.is_outgoing(message)} for message in messages],
        "keyboard": chat.keyboard,
        "commands": commands_for(bot, chat, language),
        "menu_button": menu_button(profile.menu_buttons, chat.id),
        "notices": list(chat.notices),
        "typing": typing,
        "pinned": chat.pinned,
        "blocked": bot.id in person.blocked,
        "version": chat.version,
    }


def _in(texts: dict[str, str], language: str) -> str:
    return texts.get(language) or texts.get("", "")


def commands_for(bot: BotAccount, chat: Chat, language: str) -> list[JSON]:
    """The commands of the narrowest scope that has any, as the documentation of BotCommandScope orders them."""
    general = "all_private_chats" if chat.person is not None else "all_group_chats"
    for scope in (f"chat:{chat.id}", general, "default"):
        for code in (language, ""):
            commands = bot.profile.commands.get((scope, code))
            if commands:
                return commands
    return []
