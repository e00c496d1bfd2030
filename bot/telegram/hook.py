"""Tells Telegram where our webhook is, and watches whether Telegram gets through to it."""

import asyncio
import logging

from telegram import WebhookInfo
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.telegram.contact import Contact, Unfetched
from bot.telegram.polling import seconds_of
from bot.telegram.updates import KINDS

log = logging.getLogger(__name__)

CONNECTIONS = 40  # deliveries at once; the lanes behind them run side by side, and one COMMIT takes many
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds after a failure; doubled each time
LOOK_EVERY = 30.0  # seconds between looks at what waits at Telegram
LOOK_AGAIN = 1.0  # seconds until the next look while something waits from before the start …
FIRST_LOOKS = 180  # … and after so many looks what still waits is taken for new


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


async def stay_pointed(
    bot: ExtBot[None],
    contact: Contact,
    url: str,
    secret: str,
    *,
    look_every: float = LOOK_EVERY,
    look_again: float = LOOK_AGAIN,
) -> None:
    """Have updates sent to `url`, and watch for ever that they arrive. Raises HookRefused, InvalidToken."""
    contact.expect()
    await point_at(bot, url, secret)
    arriving, unfetched = _Arriving(), Unfetched()
    while True:
        try:
            info = await bot.get_webhook_info()
            if arriving.seen(info):
                contact.heard()
            if info.url != url:
                log.warning("another process has taken the webhook away; waiting for it to end")
                if unfetched.seen(info.pending_update_count):
                    await point_at(bot, url, secret)
        except InvalidToken:
            raise
        except TelegramError as error:
            log.warning("Telegram does not say what waits for us: %s", type(error).__name__)
        await asyncio.sleep(look_every if arriving.has_begun else look_again)


class _Arriving:
    """Whether Telegram gets through: nothing waits there, or little, and no delivery has failed since the last look.

    At the start all that waits must have come, for it is from before; but not for longer than some minutes.
    """

    def __init__(self) -> None:
        self.has_begun = False
        self._looks = 0
        self._failed_at: object = None

    def seen(self, info: WebhookInfo) -> bool:
        self._looks += 1
        has_failed, self._failed_at = info.last_error_date != self._failed_at, info.last_error_date
        few = info.pending_update_count <= CONNECTIONS and not has_failed
        arrives = info.pending_update_count == 0 or (few and (self.has_begun or self._looks > FIRST_LOOKS))
        self.has_begun |= arrives
        return arrives
