"""A cable between a bot and what it stands on: it can be pulled, be slow, and break at PostgreSQL's COMMIT."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Literal

from sqlalchemy.engine import URL, make_url

Side = Literal["before", "after"]
Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Cable:
    """Carries bytes; `delay` holds up each piece that the client sends, in seconds."""

    def __init__(self, reach: Callable[[], Awaitable[Ends]]) -> None:
        self._reach = reach
        self._server: asyncio.Server | None = None
        self._lines: set[asyncio.Task[None]] = set()
        self.port = 0
        self.delay = 0.0
        self.carried = 0  # bytes that the client has sent
        self.breaks = 0  # how often it broke at a COMMIT
        self._break: tuple[Side, int] | None = None

    def break_at_commit(self, side: Side, number: int = 1) -> None:
        """Break once at the next COMMIT (or the one `number` later): before the server sees it, or its answer us."""
        self._break = side, number

    async def pull(self) -> None:
        """As if the server were stopped: every connection ends, and new ones are refused."""
        assert self._server is not None
        self._server.close()
        for line in list(self._lines):
            line.cancel()
        await asyncio.gather(*self._lines, return_exceptions=True)
        await self._server.wait_closed()

    async def plug_in(self) -> None:
        """The server can be reached, at the same address as before."""
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    def url_of(self, database: URL) -> str:
        """The database's address through this cable."""
        through = database.set(host="127.0.0.1", port=self.port, password=None, query={})
        return through.render_as_string(hide_password=False)

    def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._carry(reader, writer))
        self._lines.add(task)
        task.add_done_callback(self._lines.discard)
        task.add_done_callback(lambda _task: writer.transport.abort())

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, over = await self._reach()
        swallow = asyncio.Event()
        ways = [
            asyncio.create_task(self._to_server(reader, over, swallow)),
            asyncio.create_task(self._to_client(there, writer, swallow)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            over.transport.abort()
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def _to_server(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, swallow: asyncio.Event
    ) -> None:
        while data := await reader.read(65536):
            self.carried += len(data)
            if self.delay:
                await asyncio.sleep(self.delay)
            if b"COMMIT\x00" in data and self._break is not None:
                side, number = self._break
                self._break = (side, number - 1) if number > 1 else None
                if self._break is None:
                    self.breaks += 1
                    if side == "before":
                        return
                    swallow.set()
            writer.write(data)
            await writer.drain()
        if swallow.is_set():
            await asyncio.sleep(1)  # the server's answer ends the line

    async def _to_client(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, swallow: asyncio.Event
    ) -> None:
        while data := await reader.read(65536):
            if swallow.is_set():
                return
            writer.write(data)
            await writer.drain()


@asynccontextmanager
async def cable_to(database_url: str) -> AsyncIterator[tuple[Cable, str]]:
    """A cable that is plugged in, and the database's address through it."""
    url = make_url(database_url)
    socket_path = f"{url.query['host']}/.s.PGSQL.{url.port or 5432}"
    cable = Cable(lambda: asyncio.open_unix_connection(socket_path))
    await cable.plug_in()
    try:
        yield cable, cable.url_of(url)
    finally:
        with suppress(AssertionError):
            await cable.pull()
