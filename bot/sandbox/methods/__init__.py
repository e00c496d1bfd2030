"""The methods of the Bot API that the sandbox knows, by name."""

from bot.sandbox.methods import account, chats, editing, intake, media, sending
from bot.sandbox.methods.call import Call, Handler

BY_NAME: dict[str, Handler] = {
    **account.METHODS,
    **chats.METHODS,
    **editing.METHODS,
    **intake.METHODS,
    **media.METHODS,
    **sending.METHODS,
}

BY_LOWER_NAME: dict[str, tuple[str, Handler]] = {name.lower(): (name, handler) for name, handler in BY_NAME.items()}
"""Telegram takes names in any case: the name as it is documented, and its handler."""

__all__ = ["BY_LOWER_NAME", "BY_NAME", "Call", "Handler"]
