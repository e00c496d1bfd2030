"""The tick: asks every few seconds what is due. APScheduler keeps no jobs and no state of ours."""

from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler


def ticking(tick: Callable[[], Awaitable[None]], every: float) -> AsyncIOScheduler:
    """A scheduler that calls `tick` every so many seconds, never twice at once, late rather than not at all."""
    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.add_job(tick, "interval", seconds=every, coalesce=True, max_instances=1, misfire_grace_time=None)
    return scheduler
