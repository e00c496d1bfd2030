"""The sandbox as one thing: builds its parts, listens, and stops."""

import asyncio
import logging
from datetime import datetime

from aiohttp import web

from bot.sandbox.acts import Acts, Start
from bot.sandbox.botapi import BotApi
from bot.sandbox.clock import SandboxClock
from bot.sandbox.ledger import Ledger
from bot.sandbox.limits import Limits
from bot.sandbox.sim.people import PeopleRoutes
from bot.sandbox.sim.surroundings import SurroundingsRoutes
from bot.sandbox.sim.uploads import UploadRoutes
from bot.sandbox.sim.watching import WatchingRoutes
from bot.sandbox.world import Check, World

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8081

# A person may send up to 2 GB; a bot's upload is refused beyond 50 MB by the method itself.
LARGEST_REQUEST = 2 * 1024**3
STOP_WITHIN_S = 2.0

_log = logging.getLogger(__name__)


class Sandbox:
    """A local Telegram: a Bot API server for any number of bots, and people to play with them.

    `time_zone` is that of the clock's control; `check` sees everything that is emitted and accepted (world.Check);
    `limits` turns Telegram's rate limits on; `start_at` sets the clock, which may stand; `webhook_pause_s` is the
    pause before an undelivered update is tried again (it doubles).
    """

    def __init__(
        self,
        *,
        time_zone: str = "Asia/Shanghai",
        check: Check | None = None,
        limits: bool = False,
        start_at: datetime | None = None,
        clock_stands: bool = False,
        webhook_pause_s: float = 1.0,
    ) -> None:
        self.clock = SandboxClock(time_zone, start_at, stands=clock_stands)
        self.world = World(self.clock, Limits(limits), check, webhook_pause_s)
        self._acts = Acts(self.world.events)
        self._api = BotApi(self.world)
        self.world.on_webhook_reply = self._api.reply_call
        self._runner: web.AppRunner | None = None
        self.clock.subscribe(self._clock_jumped)

    @property
    def ledger(self) -> Ledger:
        """What the people sent and were shown."""
        return self.world.ledger

    def add_act(self, act_id: str, title: dict[str, str], start: Start) -> None:
        """Offer a scene on the page; `title` by language (`en`, `zh`)."""
        self._acts.add(act_id, title, start)

    def application(self) -> web.Application:
        """The aiohttp application with all routes."""
        app = web.Application(client_max_size=LARGEST_REQUEST)
        router = app.router
        for verb in ("GET", "POST"):
            router.add_route(verb, "/bot{token}/{method}", self._api.call)
        router.add_get("/file/bot{token}/{path:.+}", self._api.file)
        PeopleRoutes(self.world).add_to(router)
        UploadRoutes(self.world).add_to(router)
        SurroundingsRoutes(self.world, self._acts).add_to(router)
        WatchingRoutes(self.world).add_to(router)
        app.on_shutdown.append(self._release)
        app.on_cleanup.append(self._clean_up)
        return app

    async def start(self, host: str = DEFAULT_HOST, port: int = 0) -> int:
        """Listen; returns the port (that of the system's choice for 0)."""
        runner = web.AppRunner(self.application(), access_log=None, shutdown_timeout=STOP_WITHIN_S)
        await runner.setup()
        await web.TCPSite(runner, host, port, backlog=1024).start()
        self._runner = runner
        return int(runner.addresses[0][1])

    async def stop(self) -> None:
        """Answer what waits, stop listening, and remove the files."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def _clock_jumped(self) -> None:
        self.world.events.announce({"kind": "clock", "person_id": None, "version": 0})

    async def _release(self, app: web.Application) -> None:
        """Let go of those who wait, so that stopping takes no time."""
        self.world.closing.set()
        self.world.events.close()
        await self._acts.stop()
        for bot in self.world.bots.all():
            bot.queue.end_poll()
            if bot.courier is not None:
                await bot.courier.stop()

    async def _clean_up(self, app: web.Application) -> None:
        self.world.files.remove()


async def serve(host: str = DEFAULT_HOST, port: int = DEFAULT_PORT, *, time_zone: str = "Asia/Shanghai") -> None:
    """Run a sandbox until the task is cancelled (`rounds sandbox`)."""
    sandbox = Sandbox(time_zone=time_zone)
    listening = await sandbox.start(host, port)
    _log.info("sandbox listening on http://%s:%s", host, listening)
    try:
        await asyncio.Event().wait()
    finally:
        await sandbox.stop()
