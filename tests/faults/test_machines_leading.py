"""Several processes on one PostgreSQL: one of them leads, the next takes over, and they hear of each other."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from storage.leadership import Leadership
from storage.presence import AmongOthers
from storage.sole_process import Alone, AnotherProcess


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.01)


@asynccontextmanager
async def present(url: str, *, look_every: float = 0.1) -> AsyncIterator[tuple[AmongOthers, Leadership]]:
    presence = AmongOthers(make_url(url), look_every=look_every)
    leadership = presence.leadership("sending")
    await presence.start()
    try:
        yield presence, leadership
    finally:
        await presence.stop()


def end_sessions(url: str) -> None:
    """As when the server is started anew, or the network between is cut."""
    engine = create_engine(url)
    with engine.connect() as connection:
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'rounds presence'"
                 " AND datname = current_database()")
        )  # fmt: skip
    engine.dispose()


async def test_one_of_two_leads_and_the_other_takes_over_when_it_ends(postgres_url: str) -> None:
    first = AmongOthers(make_url(postgres_url))
    leads = first.leadership("sending")
    await first.start()
    await until(lambda: leads.is_held)
    async with present(postgres_url, look_every=30) as (second, waits):
        heard: list[bool] = []
        second.hear("rounds_jobs", lambda: heard.append(waits.is_held))
        first.tell("rounds_jobs")
        await until(lambda: bool(heard))
        assert heard == [False]  # it has looked, and found somebody leading
        await first.stop()
        await until(lambda: waits.is_held)  # long before its next look: who lets go says so
    assert not leads.is_held


async def test_who_loses_its_connection_stops_and_may_lead_again(postgres_url: str) -> None:
    worked, stopped = 0, 0

    async def work() -> None:
        nonlocal worked, stopped
        worked += 1
        try:
            await asyncio.Event().wait()
        finally:
            stopped += 1

    async with present(postgres_url) as (_, leadership):
        leading = asyncio.create_task(leadership.during(work))
        await until(lambda: worked == 1)
        await asyncio.to_thread(end_sessions, postgres_url)
        await until(lambda: stopped == 1)
        await until(lambda: worked == 2)
        leading.cancel()
        await asyncio.gather(leading, return_exceptions=True)
    assert (worked, stopped) == (2, 2)


async def test_what_a_leader_works_on_ends_it_by_its_fault(postgres_url: str) -> None:
    async def work() -> None:
        raise LookupError("a wrong token")

    async with present(postgres_url) as (_, leadership):
        with pytest.raises(LookupError):
            await leadership.during(work)


async def test_one_process_wakes_the_others_and_not_itself(postgres_url: str) -> None:
    rung: list[str] = []
    one, other = (AmongOthers(make_url(postgres_url), look_every=30) for _ in range(2))
    one.hear("rounds_inbox", lambda: rung.append("one"))
    other.hear("rounds_inbox", lambda: rung.append("other"))
    await one.start()
    await other.start()
    try:
        await until(lambda: sorted(rung) == ["one", "other"])  # each looks once when it comes
        rung.clear()
        one.tell("rounds_inbox")
        await until(lambda: "other" in rung)
        one.hear("rounds_jobs", lambda: rung.append("one's jobs"))
        await until(lambda: "one's jobs" in rung)  # once when it begins to hear of them
        other.tell("rounds_jobs")  # what is told later is heard later
        await until(lambda: rung.count("one's jobs") == 2)
        assert rung == ["other", "one's jobs", "one's jobs"]
    finally:
        await one.stop()
        await other.stop()


async def test_a_second_process_on_the_same_sqlite_file_is_refused_until_the_first_ends(tmp_path: object) -> None:
    url = make_url(f"sqlite:///{tmp_path}/rounds.db")
    first, second = Alone(url), Alone(url)
    await first.start()
    with pytest.raises(AnotherProcess):
        await second.start()
    await first.stop()
    await second.start()
    await second.stop()
