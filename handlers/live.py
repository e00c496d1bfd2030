"""Live locations: begun by a message, and what its edits say that is more than another place."""

from datetime import timedelta

from telegram import Message, Update
from telegram.ext import MessageHandler, filters

from bot.domain.conversation import Located
from bot.services import live, members
from bot.telegram.moves import period_of
from bot.telegram.updates import given_of, located_of, origin_of
from handlers.calls import Context, Route, front_of


class _IsLive(filters.MessageFilter):
    """A message that shares a live location."""

    def filter(self, message: Message) -> bool:
        return message.location is not None and message.location.live_period is not None


async def on_begun(update: Update, context: Context) -> None:
    """Somebody shares his live location."""
    front, given = front_of(context), given_of(update)
    assert update.message is not None and update.message.location is not None
    period = _period(update.message)
    if isinstance(given, Located) and period is not None:
        await front.desk.take(origin_of(update), live.began, given, period, front.conversations.resume)
    else:
        await front.desk.take(origin_of(update), front.conversations.resume, given)


async def on_moved(update: Update, context: Context) -> None:
    """A live location moved or was stopped."""
    front, message = front_of(context), update.edited_message
    assert message is not None
    located = located_of(message)
    if isinstance(located, Located):
        resume = front.conversations.resume
        await front.desk.take(origin_of(update), live.moved, located, _period(message), resume)
    else:
        await front.desk.take(origin_of(update), members.noticed)


def _period(message: Message) -> timedelta | None:
    """For how long it is shared; None when it was stopped."""
    period = message.location.live_period if message.location is not None else None
    if period is None:
        return None
    return period_of(int(period.total_seconds() if isinstance(period, timedelta) else period))


def routes() -> list[Route]:
    begun = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE & _IsLive()
    return [
        MessageHandler(begun, on_begun),
        MessageHandler(filters.UpdateType.EDITED_MESSAGE & filters.LOCATION, on_moved),
    ]
