"""Everything that is no command goes to the conversation that the person is in."""

from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot.domain.conversation import Chose, Said
from bot.telegram.updates import given_of, origin_of
from handlers.calls import Context, Route, front_of


async def on_anything(update: Update, context: Context) -> None:
    """A message, a tap or an edit; a key below the input is known by its wording, in any language."""
    front = front_of(context)
    given = given_of(update)
    if isinstance(given, Said) and given.text in front.named_keys:
        given = Chose(front.named_keys[given.text])
    await front.desk.take(origin_of(update), front.conversations.resume, given)


def routes() -> list[Route]:
    return [
        MessageHandler(filters.UpdateType.MESSAGES & filters.ChatType.PRIVATE, on_anything),
        CallbackQueryHandler(on_anything),
    ]
