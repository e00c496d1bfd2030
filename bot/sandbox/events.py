"""Announcements of every change, for the pages that show the chats."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from bot.sandbox.wire import JSON, encode

# A page that has fallen this far behind reads the chat again anyway, so older announcements may go.
BACKLOG = 1000


class Events:
    """Hands every announcement to each listening page; costs nothing while nobody listens."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[str | None]] = set()

    @property
    def listened(self) -> bool:
        """Whether anybody listens, so that an announcement is worth making."""
        return bool(self._listeners)

    def announce(self, event: JSON) -> None:
        """Tell all listeners; `event` has at least a `kind`."""
        if not self._listeners:
            return
        text = encode(event)
        for listener in self._listeners:
            if listener.full():
                listener.get_nowait()
            listener.put_nowait(text)

    @contextmanager
    def listening(self) -> Iterator[asyncio.Queue[str | None]]:
        """A queue of announcements as JSON text; None means that the sandbox stops."""
        listener: asyncio.Queue[str | None] = asyncio.Queue(BACKLOG)
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    def close(self) -> None:
        """End all listening."""
        for listener in self._listeners:
            if listener.full():
                listener.get_nowait()
            listener.put_nowait(None)
