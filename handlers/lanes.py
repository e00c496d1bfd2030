"""Runs one update of a person's lane through the handlers."""

import asyncio
import logging
from typing import Any

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import Application

import handlers
from bot.services import flows
from bot.services.desk import Desk
from bot.telegram.updates import HUSHED, Stamp, origin_of, stamped
from handlers.taps import Taps
from storage.inbox import Received

log = logging.getLogger(__name__)
Ptb = Application[Any, Any, Any, Any, Any, Any]


class Lanes:
    """Runs one update through PTB's handlers, and brings back what they raise: PTB itself would swallow it."""

    def __init__(self, application: Ptb, desk: Desk) -> None:
        self._application = application
        self._desk = desk
        self._raised: dict[int, Exception] = {}
        self._spinners: set[asyncio.Task[None]] = set()
        self._taps = Taps()
        for module in handlers.MODULES:  # one group: the first handler that matches is the only one, even if it fails
            application.add_handlers(module.routes())
        application.add_error_handler(self._on_error)

    async def handle(self, row: Received, raw: dict[str, Any]) -> bool:
        stamp = Stamp(row.seq, row.received_at, hushed=HUSHED in raw)
        update = Update.de_json(stamped(raw, stamp), self._application.bot)
        query = update.callback_query
        if query is not None:
            task = asyncio.create_task(self._stop_spinner(query.id))
            self._spinners.add(task)
            task.add_done_callback(self._spinners.discard)
        if query is not None and self._taps.is_again(row.lane, query, row.received_at):
            await self._desk.take(origin_of(update), flows.nothing)
            return self._desk.has_closed(row.seq)
        await self._application.process_update(update)
        raised = self._raised.pop(row.seq, None)
        if raised is not None:
            raise raised
        self._taps.note(row.lane, query, row.received_at)
        return self._desk.has_closed(row.seq)

    async def give_up(self, row: Received) -> None:
        await self._desk.act(f"failed:{row.seq}", flows.tell_failed, row.lane)

    async def _on_error(self, update: object, context: Any) -> None:
        if isinstance(update, Update) and context.error is not None:
            self._raised[update.api_kwargs["rounds"].seq] = context.error

    async def _stop_spinner(self, query_id: str) -> None:
        """A tap is answered at once, beside the work; when that fails the spinner ends by itself."""
        try:
            await self._application.bot.answer_callback_query(query_id)
        except TelegramError as error:
            log.debug("a spinner was not stopped: %s", type(error).__name__)
