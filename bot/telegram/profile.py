"""What Telegram itself shows of the bot: commands per person, description, menu button."""

from telegram import BotCommand, BotCommandScopeChat, MenuButtonCommands
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.rendering import LANGUAGES, Renderer

CODES = {"en": "en", "zh_Hans": "zh"}


class Profile:
    """Sets menus and descriptions; wording comes from the renderer."""

    def __init__(self, bot: ExtBot[None], renderer: Renderer) -> None:
        self._bot = bot
        self._renderer = renderer

    async def introduce(self, newcomers: list[str]) -> None:
        """Before anyone joins: what the bot is, and the few commands that a stranger can use."""
        for language in LANGUAGES:
            code = None if language == "en" else CODES[language]
            words = self._renderer.words("profile", language)
            await self._bot.set_my_commands(self._commands(newcomers, language), language_code=code)
            await self._bot.set_my_description(words["description"], language_code=code)
            await self._bot.set_my_short_description(words["short"], language_code=code)
        await self._bot.set_chat_menu_button(menu_button=MenuButtonCommands())

    async def set_menu(self, chat_id: int, commands: list[str], language: str) -> bool:
        """One person's command menu; False when Telegram is away and it should be tried later."""
        try:
            await self._bot.set_my_commands(self._commands(commands, language), scope=BotCommandScopeChat(chat_id))
        except BadRequest:  # a NetworkError to PTB, but one that no waiting mends: there is no such chat
            return True
        except (RetryAfter, NetworkError):
            return False
        except TelegramError:
            return True  # he blocked the bot: his menu is of no use now
        return True

    def _commands(self, names: list[str], language: str) -> list[BotCommand]:
        words = self._renderer.words("commands", language)
        return [BotCommand(name, words[name]) for name in names]
