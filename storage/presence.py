"""A process among others on one database: what it leads, what it hears of them, and what it tells them."""

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import URL, make_url

from storage.leadership import LOCKS, Leadership
from storage.sole_process import Alone

if TYPE_CHECKING:
    from psycopg import AsyncConnection

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0  # seconds between signs of life, and between tries to lead
ANSWER_WITHIN = 3.0  # seconds; a database that is silent for so long may have given our locks to others
# The server ends our session when it hears nothing for so long, even if this process was stopped or its cable cut
SILENT_FOR = "10s"
INBOX, OUTBOX, JOBS = "rounds_inbox", "rounds_outbox", "rounds_jobs"  # what others may have put there
_LEADERSHIP = "rounds_leadership"  # somebody has just let go of one


class AmongOthers:
    """On PostgreSQL: one standing connection, whose session holds the locks and hears what others notify."""

    def __init__(self, url: URL, *, look_every: float = LOOK_EVERY, answer_within: float = ANSWER_WITHIN) -> None:
        self._url = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._look_every = look_every
        self._answer_within = answer_within
        self._leaderships: list[Leadership] = []
        self._rings: dict[str, list[Callable[[], None]]] = {}
        self._to_tell: set[str] = set()
        self._heard: set[str] = set()
        self._stirred = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self.session: int | None = None  # the server's number of our session

    def leadership(self, name: str) -> Leadership:
        """Ours as soon as nobody else has it, until the connection is lost."""
        wanted = Leadership(name)
        self._leaderships.append(wanted)
        self._stirred.set()
        return wanted

    def hear(self, channel: str, ring: Callable[[], None]) -> None:
        """Call `ring` when another process tells of this channel, and when we may have missed it."""
        self._rings.setdefault(channel, []).append(ring)
        self._stirred.set()

    def tell(self, channel: str) -> None:
        """Wake the others. A word that is lost with this process costs them no more than their next look.

        Not in the transaction itself: PostgreSQL lets those that notify commit only one after the other.
        """
        self._to_tell.add(channel)
        self._stirred.set()

    async def start(self) -> None:
        """Connect, and stay connected."""
        self._running = asyncio.create_task(self._run(), name="presence")

    async def stop(self) -> None:
        """Let others lead at once."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def _run(self) -> None:
        import psycopg

        connect = psycopg.AsyncConnection.connect
        while True:
            connection: AsyncConnection[Any] | None = None
            try:
                async with asyncio.timeout(self._answer_within * 2):
                    connection = await connect(self._url, autocommit=True, application_name="rounds presence")
                await self._stay(connection)
            except (psycopg.Error, OSError, TimeoutError) as error:
                log.warning("the connection to the other processes is lost: %s", type(error).__name__)
            finally:
                for leadership in self._leaderships:
                    leadership.lose()
                if connection is not None:
                    await self._leave(connection)
            await asyncio.sleep(self._look_every)

    async def _leave(self, connection: "AsyncConnection[Any]") -> None:
        """Closed without waiting for an answer; the lock's next holder need not wait for his next look."""
        import psycopg

        if not connection.closed and not connection.broken:
            try:
                connection.pgconn.send_query(f"SELECT pg_advisory_unlock_all(); NOTIFY {_LEADERSHIP}".encode())
                connection.pgconn.flush()
            except psycopg.Error as error:
                log.debug("no farewell: %s", type(error).__name__)
        await connection.close()

    async def _stay(self, connection: "AsyncConnection[Any]") -> None:
        loop = asyncio.get_running_loop()
        self.session = connection.pgconn.backend_pid
        connection.add_notify_handler(lambda notify: self._note(notify.channel, notify.pid))
        await self._ask(connection, f"SET idle_session_timeout = '{SILENT_FOR}'")
        await self._ask(connection, f"LISTEN {_LEADERSHIP}")
        listening: set[str] = set()
        looked_at = 0.0
        while True:
            for channel in self._rings.keys() - listening:
                await self._ask(connection, f"LISTEN {channel}")
                listening.add(channel)
                self._ring(channel)  # what was told while we did not listen
            if loop.time() - looked_at >= self._look_every:
                looked_at = loop.time()
                await self._look(connection)
            await self._wait(connection, looked_at + self._look_every - loop.time())
            if _LEADERSHIP in self._hear(connection):
                looked_at = 0.0
            if self._to_tell:
                told, self._to_tell = sorted(self._to_tell), set()
                await self._ask(connection, "SELECT pg_notify(each, '') FROM unnest(%s::text[]) AS each", told)

    async def _look(self, connection: "AsyncConnection[Any]") -> None:
        """A sign of life, and a try for everything that we do not lead yet."""
        wanted = [leadership for leadership in self._leaderships if not leadership.is_held]
        if not wanted:
            await self._ask(connection, "SELECT 1")
        for leadership in wanted:
            if await self._ask(connection, f"SELECT pg_try_advisory_lock({LOCKS}, {leadership.key})"):
                leadership.win()

    async def _wait(self, connection: "AsyncConnection[Any]", seconds: float) -> None:
        """Until the server says something, we have something to tell, or the time has come."""
        loop, descriptor = asyncio.get_running_loop(), connection.fileno()
        loop.add_reader(descriptor, self._stirred.set)
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                await self._stirred.wait()
        except TimeoutError:
            pass
        finally:
            loop.remove_reader(descriptor)
        self._stirred.clear()

    def _hear(self, connection: "AsyncConnection[Any]") -> set[str]:
        """Ring for what others told; raises OperationalError as soon as the server has gone."""
        connection.pgconn.consume_input()
        while (notify := connection.pgconn.notifies()) is not None:
            self._note(notify.relname.decode(), notify.be_pid)
        heard, self._heard = self._heard, set()
        for channel in heard:
            self._ring(channel)
        return heard

    def _ring(self, channel: str) -> None:
        for ring in self._rings.get(channel, ()):
            ring()

    def _note(self, channel: str, pid: int) -> None:
        if pid != self.session:
            self._heard.add(channel)
            self._stirred.set()

    async def _ask(self, connection: "AsyncConnection[Any]", statement: str, *values: Any) -> Any:
        """The first value of the answer; TimeoutError as soon as it is late, whatever the driver still waits for."""
        asking = asyncio.ensure_future(_first(connection, statement, values))
        try:
            done, _ = await asyncio.wait({asking}, timeout=self._answer_within)
        finally:
            if not asking.done():
                asking.add_done_callback(lambda late: late.cancelled() or late.exception())
                asking.cancel()
        if not done:
            for leadership in self._leaderships:
                leadership.lose()
            raise TimeoutError
        return asking.result()


async def _first(connection: "AsyncConnection[Any]", statement: str, values: tuple[Any, ...]) -> Any:
    cursor = await connection.execute(statement, values or None)
    row = await cursor.fetchone() if cursor.description else None
    return row[0] if row is not None else None


Presence = Alone | AmongOthers


def presence_on(database_url: str) -> Presence:
    """How processes on this database know of each other."""
    url = make_url(database_url)
    return Alone(url) if url.get_backend_name() == "sqlite" else AmongOthers(url)
