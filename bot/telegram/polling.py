"""Long polling: an offset moves only after what it acknowledges was committed."""

import asyncio
import json
import logging
from typing import Any
from urllib.parse import urlencode

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.telegram.contact import Unfetched
from bot.telegram.intake import Intake
from bot.telegram.updates import KINDS
from storage.database import DatabaseAway

log = logging.getLogger(__name__)

WAIT = 25.0  # seconds that Telegram holds a poll open; below the proxies' usual 30
MOST = 100  # updates that Telegram gives at once
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds after a failure; doubled each time
STORE_AWAY = 2.0  # seconds between tries while the database is away; who wrote is waiting for its return
LOOK_EVERY = 3.0  # seconds between looks whether the process that polls instead of us has ended


class Polling:
    """Asks for updates for ever; any failure waits and asks again.

    Of two processes with one token the one that began last polls: Telegram ends the other's poll with a 409. That
    one does not ask again, for it would end the first one's poll in turn, and both would have updates of one person
    in hand. It looks how many updates wait at Telegram, which disturbs nobody, and polls again once nobody fetches.
    """

    def __init__(
        self, bot: ExtBot[None], intake: Intake, *, wait: float = WAIT, look_every: float = LOOK_EVERY
    ) -> None:
        self._bot = bot
        self._intake = intake
        self._wait = wait
        self._look_every = look_every
        self._offset: int | None = None
        self._webhook_gone = False
        self._is_first = True

    async def run(self) -> None:
        """Poll until cancelled. A wrong token ends it: no waiting mends that."""
        self._intake.contact.expect()
        pause = FIRST_PAUSE
        while True:
            try:
                await self._poll_once()
                pause = FIRST_PAUSE
            except InvalidToken:
                raise
            except RetryAfter as error:
                await asyncio.sleep(seconds_of(error))
            except Conflict:
                log.warning("another process polls with this token, or has set a webhook; waiting for it to end")
                await self._wait_until_nobody_fetches()
            except DatabaseAway as error:
                log.warning("updates are not saved yet, and stay at Telegram: %s", error)
                await asyncio.sleep(STORE_AWAY)
            except TelegramError as error:
                log.warning("polling failed, trying again in %.1f s: %s", pause, type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _poll_once(self) -> None:
        if not self._webhook_gone:
            self._webhook_gone = await self._bot.delete_webhook()
        updates = await self._fetch()
        if not updates:
            # Nothing is left below the offset. After a quiet week ids start anywhere, also below it, and an offset
            # that we kept would then tell Telegram to forget what we have never seen
            self._offset = None
        else:
            await self._intake.accept(updates)
            ids = [raw["update_id"] for raw in updates if isinstance(raw.get("update_id"), int)]
            if not ids:
                raise TelegramError("updates without an id")  # the pause keeps us from asking for them in a hot loop
            self._offset = ids[-1] + 1
        self._is_first = False
        self._intake.contact.heard(more=len(updates) >= MOST)

    async def _fetch(self) -> list[dict[str, Any]]:
        """Raw updates: `Bot.get_updates` would parse them all at once, and one that it cannot parse would stop all."""
        wait = 0 if self._is_first else self._wait  # the first answer tells at once whether there is something
        query: dict[str, Any] = {"timeout": int(wait), "limit": MOST, "allowed_updates": json.dumps(KINDS)}
        if self._offset is not None:
            query["offset"] = self._offset
        url = f"{self._bot.base_url}/getUpdates?{urlencode(query)}"
        found = await self._bot.request.post(url, read_timeout=wait + 10)
        return [raw for raw in found if isinstance(raw, dict)] if isinstance(found, list) else []

    async def _wait_until_nobody_fetches(self) -> None:
        unfetched = Unfetched()
        while True:
            await asyncio.sleep(self._look_every)
            try:
                info = await self._bot.get_webhook_info()
            except InvalidToken:
                raise
            except TelegramError as error:
                log.warning("Telegram does not say whether somebody polls: %s", type(error).__name__)
                continue
            if unfetched.seen(info.pending_update_count):
                log.warning("nobody fetches %d updates: polling again", info.pending_update_count)
                self._webhook_gone, self._is_first = False, True
                return


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram asks us to wait."""
    wait = error.retry_after
    return wait if isinstance(wait, int | float) else wait.total_seconds()
