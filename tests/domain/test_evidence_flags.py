"""What raises a flag for the manager, and which honest behaviour of real phones does not."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.evidence import CheckedIn, Fix, exact_stored_point, impossible_speed, same_point_other_customer
from bot.domain.flags import FlagCode, closed_automatically, late_from, sent_late, stay_short
from bot.domain.geography import Point
from bot.domain.policy import Policy

POLICY = Policy.of({})
SHANGHAI = ZoneInfo("Asia/Shanghai")
NINE = datetime(2026, 5, 4, 1, tzinfo=UTC)
HERE = Point(31.2305, 121.4737)


def north(kilometres: float) -> Point:
    return Point(HERE.latitude + kilometres / 111.195, HERE.longitude)


def fix(kilometres: float, minutes: float, accuracy: float | None = 20) -> Fix:
    return Fix(north(kilometres), NINE + timedelta(minutes=minutes), accuracy)


def test_the_stored_point_to_the_last_digit_is_flagged() -> None:
    flag = exact_stored_point(HERE, HERE, learned_from_visits=False)
    assert flag is not None and flag.code is FlagCode.EXACT_STORED_POINT


def test_a_point_beside_the_stored_one_is_not_flagged() -> None:
    assert exact_stored_point(north(0.001), HERE, learned_from_visits=False) is None
    assert exact_stored_point(HERE, None, learned_from_visits=False) is None


def test_a_position_learned_from_visits_may_be_met_exactly() -> None:
    assert exact_stored_point(HERE, HERE, learned_from_visits=True) is None


def visit(customer: int, customer_at: Point | None, hours: float) -> CheckedIn:
    return CheckedIn(HERE, NINE + timedelta(hours=hours), customer_id=customer, customer_at=customer_at)


def test_one_point_for_two_distant_customers_is_flagged() -> None:
    flag = same_point_other_customer(visit(2, north(0.9), 24), [visit(1, HERE, 0)], 200)
    assert flag is not None and flag.code is FlagCode.SAME_POINT_OTHER_CUSTOMER
    assert flag.facts == {"visited_at": NINE.isoformat(), "customer_id": 1}


def test_one_point_for_two_customers_of_unknown_position_is_flagged() -> None:
    assert same_point_other_customer(visit(2, None, 24), [visit(1, None, 0)], 200) is not None


def test_neighbours_share_a_point_honestly() -> None:
    assert same_point_other_customer(visit(2, north(0.1), 24), [visit(1, HERE, 0)], 200) is None


def test_a_phone_that_repeats_its_point_for_an_hour_is_not_flagged() -> None:
    assert same_point_other_customer(visit(2, north(0.9), 1), [visit(1, HERE, 0)], 200) is None


def test_the_same_customer_again_is_not_another_customer() -> None:
    assert same_point_other_customer(visit(1, north(0.9), 24), [visit(1, north(0.9), 0)], 200) is None


def test_a_point_of_ones_own_is_not_flagged() -> None:
    elsewhere = CheckedIn(north(0.001), NINE, customer_id=1, customer_at=HERE)
    assert same_point_other_customer(visit(2, north(0.9), 24), [elsewhere], 200) is None


def test_thirty_kilometres_in_ten_minutes_are_flagged_with_their_numbers() -> None:
    flag = impossible_speed([fix(0, 0)], fix(30, 10), POLICY)
    assert flag is not None and flag.code is FlagCode.IMPOSSIBLE_SPEED
    assert flag.facts == {"kmh": 180, "distance": 30_000, "minutes": 10}


@pytest.mark.parametrize(
    ("kilometres", "minutes"),
    [(20, 10), (1.9, 0.1), (0, 0), (0, 1)],
)
def test_driving_and_small_jumps_are_not_flagged(kilometres: float, minutes: float) -> None:
    assert impossible_speed([fix(0, 0)], fix(kilometres, minutes), POLICY) is None


def test_two_places_at_one_instant_are_flagged() -> None:
    flag = impossible_speed([fix(0, 0)], fix(2.5, 0), POLICY)
    assert flag is not None and flag.facts["minutes"] == 0


@pytest.mark.parametrize(("before", "now"), [(None, 20), (20, None), (51, 20), (20, 51)])
def test_fixes_of_poor_or_unknown_accuracy_have_no_speed(before: float | None, now: float | None) -> None:
    assert impossible_speed([fix(0, 0, before)], fix(30, 10, now), POLICY) is None


def test_a_phone_that_jumps_away_and_comes_back_is_flagged_no_second_time() -> None:
    assert impossible_speed([fix(0, 0), fix(30, 5)], fix(1, 10), POLICY) is None


def test_a_second_jump_onward_is_flagged_again() -> None:
    assert impossible_speed([fix(0, 0), fix(30, 5)], fix(60, 10), POLICY) is not None


def test_the_first_fix_of_all_has_no_speed() -> None:
    assert impossible_speed([], fix(0, 0), POLICY) is None


def test_a_short_stay_is_flagged_in_minutes() -> None:
    flag = stay_short(timedelta(minutes=9, seconds=59), timedelta(minutes=10))
    assert flag is not None and flag.facts == {"minutes": 9, "minimum": 10}


@pytest.mark.parametrize("stay", [None, timedelta(minutes=10), timedelta(hours=2)])
def test_a_long_enough_or_unknown_stay_is_not_flagged(stay: timedelta | None) -> None:
    assert stay_short(stay, timedelta(minutes=10)) is None


def test_a_report_is_in_time_until_the_last_minute_of_the_local_day() -> None:
    checked_in = datetime(2026, 5, 4, 15, 30, tzinfo=SHANGHAI)
    assert late_from(date(2026, 5, 4), SHANGHAI, POLICY) == datetime(2026, 5, 5, tzinfo=SHANGHAI)
    assert sent_late(checked_in, datetime(2026, 5, 4, 23, 59, 59, tzinfo=SHANGHAI), SHANGHAI, POLICY) is None
    flag = sent_late(checked_in, datetime(2026, 5, 5, 0, 0, tzinfo=SHANGHAI), SHANGHAI, POLICY)
    assert flag is not None and flag.facts == {"visited_on": "2026-05-04", "sent_on": "2026-05-05"}


def test_the_day_of_a_visit_is_the_reps_own() -> None:
    early = datetime(2026, 5, 4, 0, 30, tzinfo=SHANGHAI)  # still 3 May in UTC
    assert sent_late(early, datetime(2026, 5, 4, 20, 0, tzinfo=SHANGHAI), SHANGHAI, POLICY) is None


def test_a_forgotten_visit_tells_after_how_long_it_was_closed() -> None:
    assert closed_automatically(NINE, NINE + timedelta(hours=3)).facts == {"minutes": 180}
