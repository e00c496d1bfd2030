"""Does queued jobs, a few at once, each until it succeeds or cannot."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from bot.telemetry.meters import Meters
from bot.telemetry.subject import about
from storage import jobs
from storage.database import Database, DatabaseAway
from storage.jobs import Job

log = logging.getLogger(__name__)

AT_ONCE = 4
LONGEST_SLEEP = 1.0  # seconds; a bell ends it earlier
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=10)

# Whoever sent a file and hears nothing must be asked for it again some day; a fault of ours that a new version mends
# is mended by then
GIVEN_UP_AFTER = timedelta(days=3)
LEAST_TRIES = 12  # half an hour of them: after three days of our own silence one hiccup of Telegram's ends nothing

Do = Callable[[Job], Awaitable[None]]
GiveUp = Callable[[Job, str], Awaitable[None]]


class NotNow(Exception):  # noqa: N818 - a job's word for "later"
    """The job cannot be done now: Telegram is away, or something of ours; for that it waits however long it takes."""

    def __init__(self, reason: str, *, ours: bool = False) -> None:
        super().__init__(reason)
        self.ours = ours


class Worker:
    """`kinds` maps a job's kind to what does it; that closes the job in its own transaction.

    What cannot be done for days is given up: `give_up(job, why)` marks it failed and tells who waits for it.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        kinds: Mapping[str, Do],
        give_up: GiveUp | None = None,
        *,
        meters: Meters | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._kinds = kinds
        self._give_up = give_up or self._mark_failed
        self._meters = meters or Meters()
        self._bell = asyncio.Event()
        self._running: dict[int, asyncio.Task[None]] = {}
        self._held_at = 0.0  # when the claims on what is running were renewed last, by the loop's clock

    def ring(self) -> None:
        """There is a new job."""
        self._bell.set()

    async def run(self) -> None:
        """Work for ever."""
        while True:
            self._bell.clear()
            try:
                await self._hold_on()
                await self._start_due()
            except DatabaseAway as error:
                log.warning("the jobs cannot be read: %s", type(error).__name__)
            # not wait_for: before Python 3.12 it swallows a cancellation that comes with the bell
            with suppress(TimeoutError):
                async with asyncio.timeout(LONGEST_SLEEP):
                    await self._bell.wait()

    async def stop(self, by: float | None = None) -> None:
        """What is not finished stays in the queue; that is said `by` then (the loop's time), or not at all."""
        running = dict(self._running)
        for task in running.values():
            task.cancel()
        await asyncio.gather(*running.values(), return_exceptions=True)
        if running and not self._database.is_sqlite:
            with suppress(DatabaseAway, TimeoutError):  # then the claims end by themselves
                async with asyncio.timeout_at(by):
                    await self._database.write(lambda connection: jobs.let_go(connection, list(running)))

    async def _start_due(self) -> None:
        room = AT_ONCE - len(self._running)
        if room <= 0:
            return
        for job in await self._find_due(room):
            task = asyncio.create_task(self._do(job), name=f"{job.kind} {job.id}")
            self._running[job.id] = task

    async def _find_due(self, room: int) -> list[Job]:
        now, running = self._clock(), set(self._running)
        if self._database.is_sqlite:
            most = room + len(running)
            due = await self._database.read(lambda connection: jobs.list_due(connection, now, most))
        else:
            due = await self._database.write(lambda connection: jobs.claim_due(connection, now, room))
        return [job for job in due if job.id not in running][:room]

    async def _hold_on(self) -> None:
        """Among several processes: say that we are still at it."""
        running, now = list(self._running), asyncio.get_running_loop().time()
        if self._database.is_sqlite or not running or now - self._held_at < LONGEST_SLEEP:
            return
        await self._database.write(lambda connection: jobs.hold_on(connection, running))
        self._held_at = now

    async def _do(self, job: Job) -> None:
        try:
            with about(job=job.id):
                await self._try(job)
        except DatabaseAway as error:
            log.warning("job %d is not saved yet: %s", job.id, error)
            await asyncio.sleep(FIRST_WAIT.total_seconds())
        finally:
            self._running.pop(job.id, None)
            self.ring()

    async def _try(self, job: Job) -> None:
        began = time.perf_counter()
        try:
            await self._kinds[job.kind](job)
            self._meters.job_done(job.kind, time.perf_counter() - began)
        except NotNow as reason:
            self._meters.job_not_done(job.kind, "put_off")
            await self._later(job, str(reason), is_patient=reason.ours)
        except DatabaseAway:
            raise
        except Exception as error:  # the edge: one job's fault must not stop the others
            log.exception("job %d (%s) failed", job.id, job.kind)
            self._meters.job_not_done(job.kind, "failed")
            await self._later(job, type(error).__name__)

    async def _later(self, job: Job, error: str, *, is_patient: bool = False) -> None:
        if is_patient or job.attempts < LEAST_TRIES or self._clock() - job.created_at < GIVEN_UP_AFTER:
            await self._put_off(job, error)
            return
        log.error("job %d (%s) is given up: %s", job.id, job.kind, error)
        try:
            await self._give_up(job, error)
        except DatabaseAway:
            raise
        except Exception as fault:  # the edge: without a pause it would be tried again for ever, at once
            log.exception("job %d (%s) cannot be given up", job.id, job.kind)
            await self._put_off(job, type(fault).__name__)

    async def _mark_failed(self, job: Job, error: str) -> None:
        await self._database.write(lambda connection: jobs.mark_failed(connection, job.id, error))

    async def _put_off(self, job: Job, error: str) -> None:
        wait = min(FIRST_WAIT * 2 ** min(job.attempts, 16), LONGEST_WAIT)
        at = self._clock() + wait
        log.info("job %d (%s) is put off: %s", job.id, job.kind, error)
        await self._database.write(lambda connection: jobs.put_off(connection, job.id, not_before=at, error=error))
