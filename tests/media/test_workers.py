"""The pool's calls are plain functions of the standard library, since a call travels by its name."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.media.evidence import BrokenPicture
from bot.media.pictures import inspect
from bot.media.workers import MediaWorkers, WorkCrashed, WorkTimedOut

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def workers() -> AsyncIterator[MediaWorkers]:
    pool = MediaWorkers(size=2)
    await pool.start()
    yield pool
    await pool.close()


def is_alive(pid: int) -> bool:
    """Whether the process still runs; a zombie, which waits only to be counted, does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


async def until_gone(pid: int) -> None:
    async with asyncio.timeout(10):
        while is_alive(pid):
            await asyncio.sleep(0.01)


async def test_work_is_done_in_another_process(workers: MediaWorkers) -> None:
    assert await workers.run(os.getpid) != os.getpid()


async def test_what_the_work_raises_reaches_its_caller(workers: MediaWorkers) -> None:
    with pytest.raises(BrokenPicture) as broken:
        await workers.run(inspect, b"no picture")
    assert broken.value.reason == "not_a_picture"


async def test_megabytes_travel_both_ways(workers: MediaWorkers) -> None:
    data = os.urandom(8_000_000)
    assert await workers.run(bytes, data) == data


async def test_two_calls_run_side_by_side(workers: MediaWorkers) -> None:
    async def where() -> int:
        await workers.run(time.sleep, 0.2)
        return await workers.run(os.getpid)

    assert len(set(await asyncio.gather(where(), where()))) == 2


async def test_more_calls_than_processes_wait_their_turn(workers: MediaWorkers) -> None:
    assert await asyncio.gather(*(workers.run(abs, -n) for n in range(20))) == list(range(20))


async def test_the_loop_goes_on_while_work_is_done(workers: MediaWorkers) -> None:
    work = asyncio.create_task(workers.run(sum, range(20_000_000)))
    turns = 0
    while not work.done():
        await asyncio.sleep(0.005)
        turns += 1
    assert turns > 5


async def test_hung_work_is_killed_and_the_pool_goes_on(workers: MediaWorkers) -> None:
    hung = await workers.run(os.getpid)
    with pytest.raises(WorkTimedOut):
        await workers.run(time.sleep, 600, timeout=timedelta(seconds=0.3))
    assert not is_alive(hung)
    assert await workers.run(abs, -1) == 1


async def test_a_crash_is_told_to_its_caller_alone(workers: MediaWorkers) -> None:
    innocent = asyncio.create_task(workers.run(time.sleep, 0.3))
    with pytest.raises(WorkCrashed):
        await workers.run(os.abort)
    assert await innocent is None
    assert await workers.run(abs, -1) == 1


async def test_work_that_asks_for_too_much_memory_fails_alone() -> None:
    pool = MediaWorkers(size=1, memory_limit=512 * 1024 * 1024)
    before = await pool.run(os.getpid)
    with pytest.raises(WorkCrashed, match="MemoryError"):
        await pool.run(bytearray, 1024 * 1024 * 1024)
    after = await pool.run(os.getpid)
    await pool.close()
    assert before != after


async def test_work_that_ends_the_interpreter_is_a_crash(workers: MediaWorkers) -> None:
    with pytest.raises(WorkCrashed):
        await workers.run(sys.exit)
    with pytest.raises(WorkCrashed):
        await workers.run(os._exit, 0)


async def test_a_process_that_died_in_idleness_costs_nobody_his_answer() -> None:
    pool = MediaWorkers(size=1)
    pid = await pool.run(os.getpid)
    os.kill(pid, signal.SIGKILL)
    async with asyncio.timeout(10):
        while pool._idle[0].is_alive:
            await asyncio.sleep(0.01)
    assert await pool.run(abs, -1) == 1
    await pool.close()


async def test_a_process_is_replaced_after_its_share_of_calls() -> None:
    pool = MediaWorkers(size=1, calls_each=2)
    pids = [await pool.run(os.getpid) for _ in range(4)]
    await pool.close()
    assert pids[0] == pids[1] != pids[2] == pids[3]


async def test_a_cancelled_call_does_not_keep_its_process_busy() -> None:
    pool = MediaWorkers(size=1)
    await pool.run(abs, -1)
    call = asyncio.create_task(pool.run(time.sleep, 600))
    await asyncio.sleep(0)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert await pool.run(abs, -1) == 1
    await pool.close()


async def test_closing_gives_up_the_work_under_way_and_what_waits() -> None:
    pool = MediaWorkers(size=1)
    await pool.start()
    calls = [asyncio.create_task(pool.run(time.sleep, 600)) for _ in range(3)]
    await asyncio.sleep(0)
    await pool.close()
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [WorkCrashed] * 3
    with pytest.raises(WorkCrashed):
        await pool.run(abs, -1)


async def test_what_the_work_prints_does_not_garble_its_answer(workers: MediaWorkers) -> None:
    assert await workers.run(os.system, "echo a library may do this") == 0
    assert await workers.run(print, "or this") is None
    assert await workers.run(abs, -1) == 1


async def test_the_process_is_not_given_the_bots_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROUNDS_BOT_TOKEN", "1:secret")
    pool = MediaWorkers(size=1)
    assert await pool.run(os.getenv, "ROUNDS_BOT_TOKEN") is None
    await pool.close()


async def test_control_c_is_left_to_the_parent(workers: MediaWorkers) -> None:
    pid = await workers.run(os.getpid)
    os.kill(pid, signal.SIGINT)
    assert await workers.run(os.getpid) == pid


PARENT = """
import asyncio, json, os, time
from bot.media.workers import MediaWorkers

async def main():
    pool = MediaWorkers(size=2)
    await pool.start()
    busy, idle = await asyncio.gather(pool.run(os.getpid), pool.run(os.getpid))
    call = asyncio.create_task(pool.run(time.sleep, 600))
    await asyncio.sleep(0)
    print(json.dumps([worker.process.pid for worker in pool._hired]), flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


async def test_no_process_outlives_a_killed_parent() -> None:
    parent = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PARENT), stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert parent.stdout
    pids = json.loads(await parent.stdout.readline())
    assert len(pids) == 2 and all(is_alive(pid) for pid in pids)
    parent.kill()
    await parent.communicate()
    for pid in pids:
        await until_gone(pid)
