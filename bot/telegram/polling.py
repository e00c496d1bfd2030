"""Long polling: an offset moves only after what it acknowledges was committed."""

import asyncio
import json
import logging
from typing import Any

from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.telegram.intake import Intake

log = logging.getLogger(__name__)

WAIT = 25  # seconds that Telegram holds a poll open; below the proxies' usual 30
KINDS = ["message", "edited_message", "callback_query", "my_chat_member"]


class Polling:
    """Asks for updates for ever; any failure waits and asks again."""

    def __init__(self, bot: ExtBot[None], intake: Intake) -> None:
        self._bot = bot
        self._intake = intake
        self._offset: int | None = None

    async def run(self) -> None:
        """Poll until cancelled. A wrong token ends it: no waiting mends that."""
        pause = 0.5
        await self._bot.delete_webhook()
        while True:
            try:
                updates = await self._fetch()
                if updates:
                    await self._intake.accept(updates)
                    self._offset = updates[-1]["update_id"] + 1
                pause = 0.5
            except InvalidToken:
                raise
            except RetryAfter as error:
                await asyncio.sleep(_seconds(error))
            except Conflict:
                log.warning("another process is polling with this token; waiting for it to end")
                await asyncio.sleep(3)
            except (NetworkError, TelegramError) as error:
                log.warning("polling failed, trying again in %.1f s: %s", pause, type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 30)

    async def _fetch(self) -> list[dict[str, Any]]:
        """Raw updates: PTB would parse them all at once, and one that it cannot parse would stop all."""
        data: dict[str, Any] = {"timeout": WAIT, "limit": 100, "allowed_updates": json.dumps(KINDS)}
        if self._offset is not None:
            data["offset"] = self._offset
        found = await self._bot._post("getUpdates", data, read_timeout=WAIT + 10)
        return list(found) if isinstance(found, list) else []


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return wait if isinstance(wait, int | float) else wait.total_seconds()
