"""Long polling: an offset moves only after what it acknowledges was committed."""

import asyncio
import json
import logging
from typing import Any
from urllib.parse import urlencode

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.telegram.intake import Intake
from bot.telegram.updates import KINDS
from storage.database import DatabaseAway

log = logging.getLogger(__name__)

WAIT = 25  # seconds that Telegram holds a poll open; below the proxies' usual 30
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds after a failure; doubled each time
OTHER_POLLER = 3.0  # seconds until we look whether the other process has ended


class Polling:
    """Asks for updates for ever; any failure waits and asks again."""

    def __init__(self, bot: ExtBot[None], intake: Intake) -> None:
        self._bot = bot
        self._intake = intake
        self._offset: int | None = None
        self._webhook_gone = False

    async def run(self) -> None:
        """Poll until cancelled. A wrong token ends it: no waiting mends that."""
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
                await asyncio.sleep(OTHER_POLLER)
            except (TelegramError, DatabaseAway) as error:
                log.warning("polling failed, trying again in %.1f s: %s", pause, type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _poll_once(self) -> None:
        if not self._webhook_gone:
            self._webhook_gone = await self._bot.delete_webhook()
        updates = await self._fetch()
        if not updates:
            return
        await self._intake.accept(updates)
        ids = [raw["update_id"] for raw in updates if isinstance(raw.get("update_id"), int)]
        if not ids:
            raise TelegramError("updates without an id")  # the pause keeps us from asking for them in a hot loop
        self._offset = ids[-1] + 1

    async def _fetch(self) -> list[dict[str, Any]]:
        """Raw updates: `Bot.get_updates` would parse them all at once, and one that it cannot parse would stop all."""
        query: dict[str, Any] = {"timeout": WAIT, "limit": 100, "allowed_updates": json.dumps(KINDS)}
        if self._offset is not None:
            query["offset"] = self._offset
        url = f"{self._bot.base_url}/getUpdates?{urlencode(query)}"
        found = await self._bot.request.post(url, read_timeout=WAIT + 10)
        return [raw for raw in found if isinstance(raw, dict)] if isinstance(found, list) else []


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram asks us to wait."""
    wait = error.retry_after
    return wait if isinstance(wait, int | float) else wait.total_seconds()
