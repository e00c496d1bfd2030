"""What becomes of a message after a try: what is written down of it, and how it is counted."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError, TimedOut

from bot.telegram.delivery import Gone
from bot.telegram.polling import seconds_of
from bot.telegram.request import NotSent
from bot.telegram.weather import Weather
from storage import claiming, outbox
from storage.blobs import StoreAway
from storage.database import Connection
from storage.outbox import Outgoing

log = logging.getLogger(__name__)

SERVER_AWAY = timedelta(seconds=2)  # until the next try of a message that Telegram's server failed on, then doubled …
LONGEST_AWAY = timedelta(seconds=30)  # … up to this: when the server is back, nobody waits for longer
Outcome = Callable[[Connection], Any]


def sent(message: Outgoing, message_id: int | None, now: datetime) -> Outcome:
    """Telegram took it."""
    return lambda connection: claiming.mark_sent(connection, message, message_id, now)


def of(message: Outgoing, error: Exception, now: datetime, weather: Weather) -> Outcome:
    """Telegram did not, or may not have."""
    reason = str(error)
    match error:
        case RetryAfter():
            wait = seconds_of(error)
            weather.limited(message.chat_id, wait)
            return lambda c: claiming.put_back(c, message, not_before=now + timedelta(seconds=wait), error="429")
        case ChatMigrated():
            new = error.new_chat_id
            return lambda c: _follow(c, message, new, now)
        case Forbidden():
            return lambda c: _park(c, message, reason)
        case Gone():
            return lambda c: claiming.show_anew(c, message)
        case BadRequest():
            log.error("message %d (%s) was refused: %s", message.id, message.message, error)
            return lambda c: claiming.mark_refused(c, message, reason)
        case TelegramError():
            weather.failed(message.id)
            return _again(message, error, now)
        case StoreAway():
            return _again(message, error, now)
        case _:
            log.error("message %d (%s) cannot be said", message.id, message.message, exc_info=error)
            return lambda c: claiming.mark_refused(c, message, type(error).__name__)


def _again(message: Outgoing, error: Exception, now: datetime) -> Outcome:
    """Later once more; but a digest whose answer was lost twice has arrived rather than not."""
    reason = type(error).__name__
    if message.bulk and isinstance(error, TimedOut) and message.last_error == reason:
        return lambda c: claiming.mark_refused(c, message, f"uncertain: {reason}")
    wait = min(SERVER_AWAY * 2 ** min(message.attempts - 1, 8), LONGEST_AWAY)
    return lambda c: claiming.put_back(c, message, not_before=now + wait, error=reason)


def _follow(connection: Connection, message: Outgoing, chat_id: int, now: datetime) -> None:
    claiming.put_back(connection, message, not_before=now, error="migrated")
    outbox.move_chat(connection, message.chat_id, chat_id)


def _park(connection: Connection, message: Outgoing, reason: str) -> None:
    if message.person_id is None:
        claiming.mark_refused(connection, message, reason)
    else:
        outbox.park(connection, message.person_id)


def named(error: Exception) -> str:
    """What became of a try, as a label."""
    match error:
        case RetryAfter():
            return "429"
        case Forbidden():
            return "403"
        case ChatMigrated():
            return "migrated"
        case Gone():
            return "gone"
        case BadRequest():
            return "refused"
        case TimedOut():
            return "uncertain"
        case NotSent():
            return "unreachable"
        case TelegramError():
            return "5xx"
        case StoreAway():
            return "store_away"
        case _:
            return "fault"
