"""Makes a backup that an admin asked for in the chat: in a process of its own, so that nobody waits for it."""

import asyncio
import errno
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.domain.audit import Area
from bot.domain.people import Role
from bot.media.workers import MediaWorkers, WorkCrashed, WorkTimedOut, one_process
from bot.services import audit, backup_pages
from bot.services.desk import Desk
from bot.services.turn import Turn
from bot.services.worker import Do
from storage import people, wellbeing
from storage.backup.making import Made, facts_of, make
from storage.blobs import Blobs, StoreAway
from storage.jobs import Job

WITHIN = timedelta(hours=6)  # 100 GB of photos from a slow store
NAMED = "rounds-chat-"  # whatever else lies in the folder, such as what `rounds backup` has made, is not ours to drop
FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True)
class Backups:
    """Does the job: an archive in `folder`, which only the server's own people can reach, of `url` and the `photos`."""

    desk: Desk
    url: str
    photos: str
    access: Mapping[str, str]
    folder: Path
    hired: Callable[[], MediaWorkers] = one_process

    @property
    def kinds(self) -> Mapping[str, Do]:
        """What each kind of job does."""
        return {backup_pages.JOB: self.work}

    def lose(self, turn: Turn, job: Job) -> None:
        """Nothing came of it for days."""
        if job.kind == backup_pages.JOB:
            _failed(turn, job.subject, "unknown")

    async def work(self, job: Job) -> None:
        """Make an archive and let go of the oldest. Killed at any line it is made anew, under the same name."""
        path = self.folder / f"{NAMED}{job.created_at:%Y%m%dT%H%M%SZ}.tar"
        workers = self.hired()
        try:
            await asyncio.to_thread(_make_room, path)
            call = (self.url, self.photos, dict(self.access), path, self.desk.clock())
            made = await workers.run(archive, *call, timeout=WITHIN)
            size = await asyncio.to_thread(_let_go, path)
        except OSError as error:
            await self.desk.finish(job, _failed, job.subject, "full" if error.errno in FULL else "disk")
        except StoreAway:
            await self.desk.finish(job, _failed, job.subject, "store")
        except (WorkCrashed, WorkTimedOut):
            await self.desk.finish(job, _failed, job.subject, "unknown")
        else:
            await self.desk.finish(job, _done, job.subject, facts_of(made, size))
        finally:
            await workers.close()


def archive(url: str, photos: str, access: Mapping[str, str], path: Path, now: datetime) -> Made:
    """The archive, made in a process that has nothing else to do. Raises as `make` does."""
    return asyncio.run(make(url, Blobs(photos, access), path, now))


def _make_room(path: Path) -> None:
    """The folder; whatever was begun and not finished goes, and so does what an earlier try of this job has made."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for unfinished in (*path.parent.glob(f"{NAMED}*.tar.part"), path):
        unfinished.unlink(missing_ok=True)


def _let_go(path: Path) -> int:
    """Drop the oldest archives; the size of the new one in bytes."""
    for old in sorted(path.parent.glob(f"{NAMED}*.tar"))[: -backup_pages.KEPT]:
        old.unlink(missing_ok=True)
    return path.stat().st_size


def _done(turn: Turn, admin_id: int, facts: dict[str, Any]) -> None:
    wellbeing.note_backup(turn.connection, turn.now, facts)
    told = {name: facts[name] for name in ("rows", "photos")}
    audit.note(turn, Area.BACKUP, "made", f"backup:{turn.now:%Y%m%d}", None, told, by=admin_id)
    _tell(turn, admin_id, "backup/done", made=backup_pages.last_facts(facts), kept=backup_pages.KEPT)


def _failed(turn: Turn, admin_id: int, why: str) -> None:
    audit.note(turn, Area.BACKUP, "failed", f"backup:{turn.now:%Y%m%d}", None, {"why": why}, by=admin_id)
    _tell(turn, admin_id, "backup/failed", why=why)


def _tell(turn: Turn, admin_id: int, message: str, **facts: Any) -> None:
    """Who asked hears of it, if he is an admin still; the others read it on the page and in the audit."""
    turn.visitor = admin = people.get_acting(turn.connection, admin_id)
    if admin.active and Role.ADMIN in admin.roles:
        turn.say(message, **facts)
