"""The pin of a customer, as visits learn where he is."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.consensus import Drifted, Refined, Sighting, middle, weigh
from bot.domain.geography import Point, distance

PIN = Point(31.2304, 121.4737)
DRIFT = 150.0
MONDAY = date(2026, 11, 16)


def at(north: float, east: float = 0.0) -> Point:
    """So many metres from the pin."""
    return Point(PIN.latitude + north / 111_195, PIN.longitude + east / (111_195 * 0.8551))


def seen(*metres_north: float) -> list[Sighting]:
    """Fixes so far north of the pin, newest first, a day each."""
    return [Sighting(at(north), MONDAY - timedelta(days=age), 1) for age, north in enumerate(metres_north)]


def weighed(*metres_north: float) -> Refined | Drifted | None:
    return weigh(seen(*metres_north), PIN, PIN, DRIFT)


def test_two_fixes_move_nothing() -> None:
    assert weighed(30, 30) is None


def test_three_fixes_of_one_day_move_nothing() -> None:
    one_day = [Sighting(at(30), MONDAY, person) for person in (1, 2, 3)]
    assert weigh(one_day, PIN, PIN, DRIFT) is None


def test_the_pin_goes_to_the_median_of_good_fixes() -> None:
    learned = weighed(40, 20, 30)
    assert isinstance(learned, Refined) and distance(learned.point, at(30)) < 0.5


def test_one_fix_far_off_does_not_pull_the_pin() -> None:
    learned = weighed(5_000, 20, 30, 28, 31)
    assert isinstance(learned, Refined) and distance(learned.point, at(29)) < 1


def test_a_pin_that_is_right_stays_where_it_is() -> None:
    assert weighed(2, -3, 1, 4) is None


def test_fixes_that_agree_elsewhere_ask_whether_he_has_moved() -> None:
    learned = weighed(400, 410, 390, 3, 2, 1)
    assert isinstance(learned, Drifted) and learned.metres == pytest.approx(400, abs=1)


def test_fixes_far_off_that_do_not_agree_ask_nothing() -> None:
    assert weighed(400, -400, 900) is None


def test_just_below_the_drift_nobody_is_asked() -> None:
    assert isinstance(weighed(149, 149, 149), Refined)
    assert isinstance(weighed(151, 151, 151), Drifted)


def test_steps_each_too_small_to_be_asked_about_never_carry_the_pin_beyond_the_anchors_reach() -> None:
    stands = PIN
    for step in range(20):
        learned = weigh(seen(*[60.0 * step] * 3), PIN, stands, DRIFT)
        stands = learned.point if isinstance(learned, Refined) else stands
    assert distance(stands, PIN) <= DRIFT


def test_a_pin_that_nobody_confirmed_is_not_refined_but_may_be_doubted() -> None:
    assert weigh(seen(30, 30, 30), PIN, PIN, DRIFT, trusted=False) is None
    assert isinstance(weigh(seen(400, 400, 400), PIN, PIN, DRIFT, trusted=False), Drifted)


def test_the_middle_of_points_on_both_sides_of_the_date_line_is_between_them() -> None:
    found = middle([Point(0, 179.99), Point(0, -179.99), Point(0, 179.999)])
    assert found.longitude == pytest.approx(179.999)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.floats(-3000, 3000), st.floats(-3000, 3000)), min_size=1, max_size=12))
def test_whatever_phones_say_a_refined_pin_is_within_the_drift_of_its_anchor(metres: list[tuple[float, float]]) -> None:
    fixes = [Sighting(at(*where), MONDAY - timedelta(days=age), 1) for age, where in enumerate(metres)]
    match weigh(fixes, PIN, PIN, DRIFT):
        case Refined(point):
            assert distance(point, PIN) <= DRIFT * 1.5
        case Drifted(point, away):
            assert away == distance(point, PIN)
