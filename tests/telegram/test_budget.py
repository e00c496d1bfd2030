"""Telegram's ceilings: in all, per person, per group, and the pause that a 429 asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.telegram.budget import CHAT_BURST, FOR_PEOPLE, PER_GROUP_MINUTE, PER_SECOND, Budget


class Clock:
    """A monotonic clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def budget(clock: Clock) -> Budget:
    return Budget(clock)


def test_a_person_gets_a_few_things_at_once_and_then_one_a_second(budget: Budget, clock: Clock) -> None:
    for _ in range(CHAT_BURST):
        assert budget.wait_for(7) == 0
        budget.spend(7)
    assert budget.wait_for(7) == pytest.approx(1)
    clock.now += 1
    assert budget.wait_for(7) == 0
    budget.spend(7)
    assert budget.wait_for(7) == pytest.approx(1)


def test_who_was_quiet_may_get_as_much_as_before_and_no_more(budget: Budget, clock: Clock) -> None:
    for _ in range(CHAT_BURST):
        budget.spend(7)
    clock.now += 3600
    for _ in range(CHAT_BURST):
        assert budget.wait_for(7) == 0
        budget.spend(7)
    assert budget.wait_for(7) > 0


def test_one_person_takes_nothing_from_another(budget: Budget) -> None:
    for _ in range(CHAT_BURST):
        budget.spend(7)
    assert budget.wait_for(8) == 0


def test_all_together_stay_below_the_ceiling(budget: Budget, clock: Clock) -> None:
    for chat in range(1, PER_SECOND + FOR_PEOPLE + 1):
        assert budget.wait_for_anyone() == 0
        budget.spend(chat)
    assert budget.wait_for_anyone() == pytest.approx(1)
    assert budget.wait_for(99) == pytest.approx(1)
    clock.now += 1
    assert budget.wait_for(99) == 0


def test_digests_leave_room_to_people(budget: Budget) -> None:
    for chat in range(1, PER_SECOND + 1):
        budget.spend(chat)
    assert budget.wait_for_anyone(bulk=True) == pytest.approx(1)
    assert budget.wait_for_anyone() == 0


def test_an_edit_takes_its_place_among_all_and_none_of_its_chat(budget: Budget) -> None:
    for _ in range(PER_SECOND):
        assert budget.take(7, bulk=False, counts=False)
    assert budget.wait_for_anyone(bulk=True) == pytest.approx(1)
    assert budget.wait_for(7) == 0


def send_digests(budget: Budget, clock: Clock, seconds: float) -> list[float]:
    """As many as may go; their times."""
    sent, ends_at = [], clock.now + seconds
    while clock.now < ends_at:
        if budget.take(len(sent) + 1, bulk=True, counts=True):
            sent.append(clock.now)
        clock.now += 0.001
    return sent


def test_digests_go_evenly_and_use_what_is_allowed(budget: Budget, clock: Clock) -> None:
    sent = send_digests(budget, clock, 10)
    assert len(sent) >= 0.95 * 10 * PER_SECOND
    assert max(sum(at <= other < at + 0.25 for other in sent) for at in sent) <= PER_SECOND / 4 + 4


def test_an_answer_finds_room_at_any_moment_of_the_digests(budget: Budget, clock: Clock) -> None:
    for number in range(200):
        send_digests(budget, clock, 0.33)
        assert budget.take(1_000_000 + number, bulk=False, counts=True)


def test_digests_that_fell_behind_do_not_come_all_at_once(budget: Budget, clock: Clock) -> None:
    send_digests(budget, clock, 2)
    clock.now += 60
    at_once = 0
    while budget.take(500 + at_once, bulk=True, counts=True):
        at_once += 1
    assert at_once <= 4


def test_a_group_gets_twenty_a_minute(budget: Budget, clock: Clock) -> None:
    for _ in range(PER_GROUP_MINUTE):
        assert budget.wait_for(-5) == 0
        budget.spend(-5)
        clock.now += 1
    assert budget.wait_for(-5) == pytest.approx(40)
    clock.now += 40
    assert budget.wait_for(-5) == 0


def test_a_pause_that_names_a_chat_holds_up_that_chat_alone(budget: Budget, clock: Clock) -> None:
    budget.pause(30, 7)
    assert budget.wait_for(7) == pytest.approx(30)
    assert (budget.wait_for(8), budget.wait_for_anyone()) == (0, 0)
    clock.now += 30
    assert budget.wait_for(7) == 0


def test_a_pause_of_everything_holds_up_everybody_and_a_shorter_one_does_not_end_it(budget: Budget) -> None:
    budget.pause(30)
    budget.pause(5)
    assert budget.wait_for(7) == budget.wait_for_anyone() == pytest.approx(30)


@given(some.lists(some.tuples(some.integers(1, 40), some.floats(0, 0.3)), max_size=200))
def test_whoever_waits_as_long_as_told_stays_within_every_ceiling(sends: list[tuple[int, float]]) -> None:
    clock = Clock()
    budget = Budget(clock)
    sent: list[tuple[float, int]] = []
    for chat, pause in sends:
        clock.now += pause
        # A hair more than told: a sum of floats may fall short of the window by the last bit
        clock.now += budget.wait_for(chat) + 1e-6
        assert budget.wait_for(chat) == 0
        budget.spend(chat)
        sent.append((clock.now, chat))
    for number, (at, chat) in enumerate(sent):
        assert sum(at - 1 < other <= at for other, _ in sent[: number + 1]) <= PER_SECOND + FOR_PEOPLE
        own = sum(at - 10 < other <= at for other, who in sent[: number + 1] if who == chat)
        assert own <= CHAT_BURST + 10
