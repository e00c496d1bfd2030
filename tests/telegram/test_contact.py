"""Whether we hear from Telegram, and whether what people sent meanwhile has had its effect."""

import asyncio

import pytest

from bot.telegram.contact import LONGEST_WORKING_OFF, SILENCE, Contact, Unfetched


class Hours:
    """A monotonic clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Work:
    """What came in is being worked off until it is done."""

    def __init__(self) -> None:
        self.done = asyncio.Event()

    async def settled(self) -> None:
        await self.done.wait()


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def contact(work: Work, hours: Hours) -> Contact:
    opened = Contact(work.settled, hours)
    opened.expect()
    return opened


async def test_nothing_is_decided_before_telegram_has_been_heard(contact: Contact, work: Work) -> None:
    work.done.set()
    assert not await contact.caught_up(0.01)
    contact.heard()
    assert await contact.caught_up(0.01)


async def test_nothing_is_decided_while_there_is_more_to_fetch_or_to_work_off(contact: Contact, work: Work) -> None:
    contact.heard(more=True)
    assert not await contact.caught_up(0.01)
    contact.heard()
    assert not await contact.caught_up(0.01)
    work.done.set()
    assert await contact.caught_up(0.01)


async def test_once_caught_up_nobody_waits_for_what_comes_in_later(contact: Contact, work: Work) -> None:
    work.done.set()
    contact.heard()
    assert await contact.caught_up(0.01)
    work.done.clear()
    contact.heard()
    assert await contact.caught_up(0.01)


async def test_a_lane_that_is_never_empty_does_not_stop_the_clock_for_ever(contact: Contact, hours: Hours) -> None:
    contact.heard()
    assert not await contact.caught_up(0.01)
    for _ in range(10):
        hours.now += LONGEST_WORKING_OFF / 10
        contact.heard()
    assert await contact.caught_up(0.01)


async def test_a_silence_stops_the_clock_until_what_came_meanwhile_is_in(
    contact: Contact, work: Work, hours: Hours
) -> None:
    work.done.set()
    contact.heard()
    assert await contact.caught_up(0.01)
    contact.ended_silence = False
    hours.now += SILENCE + 1
    assert not await contact.caught_up(0.01)
    work.done.clear()
    contact.heard()
    assert contact.ended_silence
    assert not await contact.caught_up(0.01)
    work.done.set()
    assert await contact.caught_up(0.01)


async def test_a_pause_between_two_answers_is_no_silence(contact: Contact, work: Work, hours: Hours) -> None:
    work.done.set()
    contact.heard()
    contact.ended_silence = False
    hours.now += SILENCE - 1
    contact.heard()
    assert not contact.ended_silence
    assert await contact.caught_up(0.01)


async def test_where_nobody_listens_nobody_waits(work: Work) -> None:
    assert await Contact(work.settled).caught_up(0.01)


@pytest.mark.parametrize(
    ("pending", "gone"),
    [
        ([0, 0, 0, 0], False),
        ([1, 1, 1], True),
        ([1, 2, 5], True),
        ([5, 4, 3, 2], False),
        ([3, 0, 3, 3], False),
        ([9, 1, 1, 1], True),
    ],
)
def test_who_fetches_is_gone_when_updates_only_pile_up(pending: list[int], gone: bool) -> None:
    unfetched = Unfetched()
    assert [unfetched.seen(number) for number in pending][-1] is gone
