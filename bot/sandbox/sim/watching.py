"""/sim/events, /sim/files, /sim/ledger, /sim/bots, and the page: what can be watched from outside."""

import asyncio
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.sandbox.sim.answers import answering
from bot.sandbox.wire import SimError
from bot.sandbox.world import World

PAGE = Path(__file__).resolve().parent.parent / "page"
HEARTBEAT_S = 15.0


class WatchingRoutes:
    """Everything that only looks."""

    def __init__(self, world: World) -> None:
        self._world = world

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Register all of them."""
        router.add_get("/", answering(self.page))
        router.add_get("/page/{path:.+}", answering(self.page))
        router.add_get("/sim/events", self.events, allow_head=False)
        router.add_get("/sim/bots", answering(self.bots))
        router.add_get("/sim/files/{file_id}", answering(self.file))
        router.add_get("/sim/ledger", answering(self.ledger))
        router.add_post("/sim/ledger/reset", answering(self.reset_ledger))

    async def page(self, request: web.Request) -> Any:
        """The chat page and its parts; revalidated each time, so that a new version shows at once."""
        wanted = (PAGE / request.match_info.get("path", "index.html")).resolve()
        if not wanted.is_relative_to(PAGE) or not wanted.is_file():
            raise SimError(404, "there is no such page")
        return web.FileResponse(wanted, headers={"Cache-Control": "no-cache"})

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: one line of JSON {person_id, kind, version, …} for every change."""
        answer = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        # A page that was closed is noticed only when something is written to it.
        with self._world.events.listening() as events, suppress(ConnectionResetError):
            await answer.prepare(request)
            await answer.write(b": watching\n\n")
            while True:
                try:
                    async with asyncio.timeout(HEARTBEAT_S):
                        text = await events.get()
                except TimeoutError:
                    await answer.write(b": still here\n\n")
                    continue
                if text is None:
                    break
                await answer.write(f"data: {text}\n\n".encode())
        return answer

    async def bots(self, request: web.Request) -> Any:
        """The bots seen so far; `last` is the one that /sim speaks for."""
        bots = self._world.bots
        return [{**bot.user, "last": bot is bots.last, "waiting": len(bot.queue)} for bot in bots.all()]

    async def file(self, request: web.Request) -> Any:
        """The bytes of a file with its content type."""
        file = self._world.files.find(request.match_info["file_id"])
        if file is None or not file.unique_id:
            raise SimError(404, "there is no such file")
        # Shown in the page's own origin: a person's HTML file must not run there.
        headers = {"Content-Type": file.mime_type, "X-Content-Type-Options": "nosniff"}
        if not file.mime_type.startswith(("image/jpeg", "image/png", "image/webp", "audio/", "video/")):
            headers["Content-Disposition"] = "attachment"
        if file.place is not None:
            return web.FileResponse(file.place, headers=headers)
        return web.Response(body=file.content, headers=headers)

    async def ledger(self, request: web.Request) -> Any:
        """Everything that was sent and shown, as a list or (`?format=jsonl`) a line each."""
        rows = self._world.ledger.rows()
        if request.query.get("format") == "jsonl":
            lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            return web.Response(text=lines, content_type="application/x-ndjson")
        return list(rows)

    async def reset_ledger(self, request: web.Request) -> Any:
        """Empty the ledger."""
        self._world.ledger.reset()
        return {"reset": True}
