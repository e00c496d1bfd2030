"""The way in by webhook: Telegram calls us, and hears 200 only after the COMMIT."""

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from bot.settings import Settings
from bot.telegram.intake import Intake
from bot.telegram.updates import is_id
from bot.web.server import alive, opened
from storage.database import DatabaseAway

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
AWAY_S = "5"  # Retry-After while the database is away
DEFAULT_PATH = "/telegram"


async def listen(settings: Settings, intake: Intake, announce: Callable[[str, str], Awaitable[None]]) -> None:
    """Serve until cancelled; `announce(url, secret)` tells Telegram of it, once we can be reached.

    This port is the one that the world may reach, so nothing is on it but the webhook and /healthz.
    """
    secret, url = settings.secret(), address(settings.webhook_url)
    routes = [hook(urlsplit(url).path, secret, intake), alive()]
    variables = "ROUNDS_WEB_HOST and ROUNDS_WEB_PORT"
    async with opened(routes, settings.web_host, settings.web_port, variables=variables):
        await announce(url, secret)
        await asyncio.Event().wait()


def address(webhook_url: str) -> str:
    """What Telegram calls: a bare host gets a path of its own, so that whoever strolls by finds nothing."""
    return webhook_url if urlsplit(webhook_url).path.strip("/") else webhook_url.rstrip("/") + DEFAULT_PATH


def hook(path: str, secret: str, intake: Intake) -> web.RouteDef:
    """The webhook at `path`."""
    return web.post(path, _Door(secret.encode(), intake).take)


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
