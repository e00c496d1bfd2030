"""The operator's port of a process: /healthz, /readyz and /metrics. It is opened before the start is over."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict
from datetime import datetime

from aiohttp import web

from bot.lifetime import Ending
from bot.services.readiness import Readiness
from bot.settings import Settings
from bot.telemetry.meters import Meters
from bot.web.exposition import CONTENT_TYPE, Exposition
from bot.web.server import alive, opened
from storage.blobs import Blobs
from storage.database import Database

LOOK_EVERY = 0.25  # seconds between two looks at how late the event loop is


@asynccontextmanager
async def watched(
    settings: Settings,
    meters: Meters,
    clock: Callable[[], datetime],
    is_at_work: Callable[[], bool],
    ending: Ending,
) -> AsyncIterator[None]:
    """Serve the operator's port while it is entered, if ROUNDS_STATUS_PORT is set; else nothing is done.

    It has a way to the database of its own, so that a scrape takes nothing from those who write to the bot. Raises
    WrongSettings, StoreAway.
    """
    if settings.status_port is None:
        yield
        return
    async with AsyncExitStack() as stack:
        database = Database(settings.database)
        stack.push_async_callback(lambda: database.close(ending.by))
        readiness = Readiness(database, Blobs(settings.photos, settings.store_access()).check, clock, is_at_work)
        stack.callback(readiness.close)
        variables = "ROUNDS_STATUS_HOST and ROUNDS_STATUS_PORT"
        routes_here = routes(readiness, Exposition(meters))
        await stack.enter_async_context(
            opened(routes_here, settings.status_host, settings.status_port, variables=variables)
        )
        watching = asyncio.create_task(watch_loop(meters), name="loop lag")
        stack.callback(watching.cancel)
        yield


def routes(readiness: Readiness, exposition: Exposition) -> list[web.AbstractRouteDef]:
    """The three pages."""

    async def ready(_request: web.Request) -> web.Response:
        troubles = await readiness.examine()
        body = {"ready": not troubles, "troubles": [asdict(trouble) for trouble in troubles]}
        return web.json_response(body, status=503 if troubles else 200)

    async def metrics(_request: web.Request) -> web.Response:
        queues = await readiness.queues()
        seen = None
        if queues is not None:
            seen = {name: (queue.depth, readiness.age(queue.oldest_at)) for name, queue in queues.items()}
        return web.Response(body=exposition.text(seen), headers={"Content-Type": CONTENT_TYPE})

    return [alive(), web.get("/readyz", ready), web.get("/metrics", metrics)]


async def watch_loop(meters: Meters) -> None:
    """Measure for ever how much later than asked the event loop comes back."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + LOOK_EVERY
        await asyncio.sleep(LOOK_EVERY)
        meters.loop_lag.note(loop.time() - due)
