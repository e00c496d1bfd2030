"""Tells Telegram where our webhook is."""

import asyncio
import logging

from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.telegram.polling import seconds_of
from bot.telegram.updates import KINDS

log = logging.getLogger(__name__)

CONNECTIONS = 40  # deliveries at once; the lanes behind them run side by side, and one COMMIT takes many
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds after a failure; doubled each time


class HookRefused(Exception):  # noqa: N818 - the operator has to choose another address
    """Telegram will not call this address; the message is Telegram's reason."""


async def point_at(bot: ExtBot[None], url: str, secret: str) -> None:
    """Have updates sent to `url` with `secret`, waiting while Telegram is away. Raises HookRefused, InvalidToken."""
    pause = FIRST_PAUSE
    while True:
        try:
            await bot.set_webhook(url, secret_token=secret, allowed_updates=KINDS, max_connections=CONNECTIONS)
            return
        except BadRequest as error:
            raise HookRefused(error.message) from None
        except InvalidToken:
            raise
        except RetryAfter as error:
            await asyncio.sleep(seconds_of(error))
        except TelegramError as error:
            log.warning("the webhook is not set yet, trying again in %.0f s: %s", pause, type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
