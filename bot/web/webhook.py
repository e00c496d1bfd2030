"""The way in by webhook: Telegram calls us, and hears 200 only after the COMMIT."""

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from bot.settings import Settings, WrongSettings
from bot.telegram.intake import Intake
from bot.telegram.updates import is_id
from storage.database import DatabaseAway

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
LARGEST = 1024 * 1024  # bytes of one update; Telegram's own stay far below
AWAY_S = "5"  # Retry-After while the database is away
STOP_WITHIN = 5.0  # seconds for calls under way
DEFAULT_PATH = "/telegram"


async def listen(settings: Settings, intake: Intake, announce: Callable[[str, str], Awaitable[None]]) -> None:
    """Serve until cancelled; `announce(url, secret)` tells Telegram of it, once we can be reached."""
    secret, url = settings.secret(), address(settings.webhook_url)
    door = application(urlsplit(url).path, secret, intake)
    runner = web.AppRunner(door, access_log=None, shutdown_timeout=STOP_WITHIN)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, settings.web_host, settings.web_port).start()
        except OSError as error:
            where = f"{settings.web_host}:{settings.web_port}"
            raise WrongSettings(
                f"ROUNDS_WEB_HOST and ROUNDS_WEB_PORT: {where} is not free ({error.strerror})"
            ) from None
        await announce(url, secret)
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()


def address(webhook_url: str) -> str:
    """What Telegram calls: a bare host gets a path of its own, so that whoever strolls by finds nothing."""
    return webhook_url if urlsplit(webhook_url).path.strip("/") else webhook_url.rstrip("/") + DEFAULT_PATH


def application(path: str, secret: str, intake: Intake) -> web.Application:
    """The webhook at `path`, and /healthz."""
    door = _Door(secret.encode(), intake)
    app = web.Application(client_max_size=LARGEST)
    app.router.add_post(path, door.take)
    app.router.add_get("/healthz", door.health)
    return app


class _Door:
    def __init__(self, secret: bytes, intake: Intake) -> None:
        self._secret = secret
        self._intake = intake

    async def take(self, request: web.Request) -> web.Response:
        """One update. 200 and it is ours; anything else and Telegram brings it again."""
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._secret):
            return web.Response(status=404)  # the same as for any other address
        try:
            update = await request.json()
        except ValueError:
            return web.Response(status=400)
        if not isinstance(update, dict) or not is_id(update.get("update_id")):
            return web.Response(status=400)
        try:
            await self._intake.accept([update])
        except DatabaseAway as error:
            log.warning("an update was not taken: %s", error)
            return web.Response(status=503, headers={"Retry-After": AWAY_S})
        return web.Response()

    async def health(self, _request: web.Request) -> web.Response:
        """200 while updates can be taken."""
        is_open = await self._intake.is_open()
        return web.json_response({"database": "ok" if is_open else "away"}, status=200 if is_open else 503)
