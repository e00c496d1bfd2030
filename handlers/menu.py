"""Commands, typed or picked from Telegram's menu: each is one use case of the same name."""

from telegram import Update
from telegram.ext import CommandHandler, MessageHandler, filters

from bot.services import menus
from bot.telegram.updates import origin_of
from handlers.calls import Context, Route, command_of, front_of

# An edited message is no new command
NEW = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE


async def on_command(update: Update, context: Context) -> None:
    front = front_of(context)
    name, argument = command_of(update)
    await front.desk.take(origin_of(update), front.conversations.command, name, argument)


async def on_group(update: Update, context: Context) -> None:
    """Rounds speaks to one person at a time: a group would read phones and places."""
    await front_of(context).desk.take(origin_of(update), menus.private_only)


def routes() -> list[Route]:
    return [
        CommandHandler(menus.every_command(), on_command, NEW),
        MessageHandler(NEW & filters.COMMAND, on_command),
        MessageHandler(filters.ChatType.GROUPS & filters.COMMAND, on_group),
    ]
