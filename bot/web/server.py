"""Opens a port for a process: which routes it gets, its roles decide."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from aiohttp import web

from bot.settings import WrongSettings

STOP_WITHIN = 0.5  # seconds for calls under way, of the five that an end takes; what we did not answer comes again
LARGEST = 1024 * 1024  # bytes of a body; Telegram's updates stay far below


@asynccontextmanager
async def opened(
    routes: Sequence[web.AbstractRouteDef], host: str, port: int, *, variables: str
) -> AsyncIterator[web.AppRunner]:
    """Serve the routes while it is entered. Raises WrongSettings, which names `variables`, where that cannot be."""
    app = web.Application(client_max_size=LARGEST)
    app.router.add_routes(routes)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=STOP_WITHIN)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise WrongSettings(f"{variables}: {host}:{port} is not free ({error.strerror})") from None
        yield runner
    finally:
        await runner.cleanup()


def alive() -> web.RouteDef:
    """/healthz: whoever gets an answer knows that the event loop turns. It asks nothing of database or store.

    To restart a process because its database is away would only add to the trouble.
    """
    return web.get("/healthz", _alive)


async def _alive(_request: web.Request) -> web.Response:
    return web.json_response({"alive": True})
