"""Who is called a flood, and who is not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.telegram.pace import BURST, CALM_AFTER, Pace

LANE = 7
NOON = 1_795_395_600


class Hours:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def message(at: int, **more: Any) -> dict[str, Any]:
    return {"update_id": 1, "message": {"date": at, **more}}


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture
def pace(hours: Hours) -> Pace:
    return Pace(hours)


def test_a_burst_is_none_and_one_more_is(pace: Pace) -> None:
    assert not any(pace.note(LANE, message(NOON), NOON) for _ in range(BURST))
    assert not pace.is_flooding(LANE)
    assert pace.note(LANE, message(NOON), NOON)
    assert pace.is_flooding(LANE)
    assert not pace.note(LANE, message(NOON), NOON), "it begins once"


def test_one_a_second_is_none(pace: Pace) -> None:
    assert not any(pace.note(LANE, message(NOON + second), NOON + second) for second in range(600))


def test_taps_have_no_time_and_count_by_their_arrival(pace: Pace) -> None:
    tap = {"update_id": 1, "callback_query": {"id": "1"}}
    assert sum(pace.note(LANE, tap, NOON) for _ in range(BURST + 5)) == 1


def test_one_lane_takes_nothing_from_another(pace: Pace) -> None:
    for _ in range(BURST + 1):
        pace.note(LANE, message(NOON), NOON)
    assert not pace.note(8, message(NOON), NOON)


def test_it_is_over_some_seconds_after_the_last_message(pace: Pace, hours: Hours) -> None:
    for _ in range(BURST + 10):
        pace.note(LANE, message(NOON), NOON)
    hours.now += 1
    pace.note(LANE, message(NOON), NOON)
    assert pace.calm_in(LANE) == pytest.approx(CALM_AFTER)
    hours.now += CALM_AFTER
    assert pace.calm_in(LANE) <= 0
    assert pace.end(LANE) == BURST + 11
    assert not pace.is_flooding(LANE)


def test_the_pictures_of_an_album_are_one_message(pace: Pace) -> None:
    for number in range(BURST):
        for _ in range(10):
            assert not pace.note(LANE, message(NOON, media_group_id=str(number)), NOON)


odd = some.none() | some.booleans() | some.integers() | some.text() | some.lists(some.integers(), max_size=2)


@given(
    some.dictionaries(
        some.sampled_from(["message", "date", "media_group_id"]),
        odd | some.dictionaries(some.sampled_from(["date", "media_group_id"]), odd),
    )
)
def test_whatever_telegram_may_invent_is_counted(raw: dict[str, Any]) -> None:
    counted = Pace()
    for _ in range(3):
        counted.note(LANE, raw, NOON)
    assert counted.end(LANE) == 3
