"""The photos of the invented past: drawn, marked like any photo, and kept."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.demo.shelf import draw_shelf
from bot.media.evidence_photo import develop_photo
from bot.rendering import Renderer
from bot.services import photo_marks
from storage import visits
from storage.blobs import Blobs
from storage.database import Connection, Database

SIZE = (960, 720)


@dataclass(frozen=True)
class Darkroom:
    """Develops photos whose rows are stored already."""

    database: Database
    blobs: Blobs
    renderer: Renderer
    now: datetime
    bot_name: str

    async def develop(self, photo_ids: Sequence[int]) -> None:
        """Draw and keep them all; the rows then say so."""
        kept = [await self._keep(photo_id) for photo_id in photo_ids]

        def write_down(connection: Connection) -> None:
            for photo_id, columns in zip(photo_ids, kept, strict=True):
                visits.change_photo(connection, photo_id, state="kept", kept_at=self.now, **columns)

        await self.database.write(write_down)

    async def _keep(self, photo_id: int) -> dict[str, str | int]:
        original = await asyncio.to_thread(draw_shelf, photo_id, SIZE)
        sha256 = hashlib.sha256(original).hexdigest()
        mark = await self.database.read(
            lambda connection: photo_marks.word(
                connection, self.renderer, photo_id, self.now, sha256=sha256, bot_name=self.bot_name
            )
        )
        developed = await asyncio.to_thread(develop_photo, original, mark)
        marked = await self.blobs.keep(developed.marked, "jpg")
        return {
            "sha256": sha256,
            "original": await self.blobs.keep(original, developed.suffix),
            "marked": marked,
            "sendable": marked,
            "width": developed.picture.width,
            "height": developed.picture.height,
        }
