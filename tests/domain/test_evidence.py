"""Three outcomes, never two: inside, outside and cannot tell, with a way forward from each."""

import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.conversation import Located
from bot.domain.evidence import Arrival, Level, Outcome, judge_arrival, refuse
from bot.domain.flags import FlagCode
from bot.domain.geography import Point
from bot.domain.policy import Policy

POLICY = Policy.of({})
SHOP = Point(31.2305, 121.4737)
METRES_PER_DEGREE = 111_195.08

distances = st.floats(0, 20_000)
accuracies = st.none() | st.floats(0, 1500)
radii = st.floats(50, 5000)


def north_of_shop(metres: float) -> Point:
    return Point(SHOP.latitude + metres / METRES_PER_DEGREE, SHOP.longitude)


def arrival(metres: float, accuracy: float | None = None, radius: float = 200.0) -> Arrival:
    return judge_arrival(Located(north_of_shop(metres), accuracy), SHOP, radius, POLICY)


@pytest.mark.parametrize(
    ("metres", "accuracy", "outcome", "needs_reason"),
    [
        (150, 10, Outcome.INSIDE, False),
        (190, 60, Outcome.INSIDE, False),  # the circle crosses the edge: allowed for in the rep's favour
        (290, 95, Outcome.INSIDE, False),
        (310, 95, Outcome.OUTSIDE, True),
        (640, 20, Outcome.OUTSIDE, True),
        (50, 101, Outcome.INSIDE, False),  # a wide circle that lies inside the fence as a whole
        (150, 300, Outcome.CANNOT_TELL, False),
        (450, 300, Outcome.CANNOT_TELL, False),
        (550, 300, Outcome.OUTSIDE, True),
        (50, 1100, Outcome.CANNOT_TELL, True),
        (199, None, Outcome.INSIDE, False),
        (250, None, Outcome.CANNOT_TELL, False),
        (310, None, Outcome.OUTSIDE, True),
    ],
)
def test_where_the_rep_was_is_judged_with_the_phones_accuracy(
    metres: float, accuracy: float | None, outcome: Outcome, needs_reason: bool
) -> None:
    found = arrival(metres, accuracy)
    assert (found.outcome, found.needs_reason) == (outcome, needs_reason)
    assert bool(found.flags) == (outcome is not Outcome.INSIDE)


def test_the_accuracy_allowed_for_is_a_policy() -> None:
    seen = Located(north_of_shop(250), 90)
    assert judge_arrival(seen, SHOP, 200, POLICY).outcome is Outcome.INSIDE
    strict = Policy.of({"fence.accuracy": "50"})
    assert judge_arrival(seen, SHOP, 200, strict).outcome is Outcome.CANNOT_TELL


@given(distances, accuracies, radii)
def test_every_check_in_has_an_outcome_and_only_inside_is_without_a_flag(
    metres: float, accuracy: float | None, radius: float
) -> None:
    found = arrival(metres, accuracy, radius)
    assert [flag.code for flag in found.flags] == {
        Outcome.INSIDE: [],
        Outcome.OUTSIDE: [FlagCode.OUTSIDE],
        Outcome.CANNOT_TELL: [FlagCode.CANNOT_TELL],
    }[found.outcome]
    too_wide = accuracy is not None and accuracy > 500
    assert found.needs_reason == (
        found.outcome is Outcome.OUTSIDE or (found.outcome is Outcome.CANNOT_TELL and too_wide)
    )


@given(distances, accuracies, radii)
def test_who_may_be_inside_is_never_called_outside(metres: float, accuracy: float | None, radius: float) -> None:
    touches_the_fence = metres + 0.01 < radius + (100 if accuracy is None else accuracy)
    assert not (touches_the_fence and arrival(metres, accuracy, radius).outcome is Outcome.OUTSIDE)


@given(distances, distances, accuracies, radii)
def test_coming_nearer_never_makes_it_worse(one: float, other: float, accuracy: float | None, radius: float) -> None:
    order = [Outcome.INSIDE, Outcome.CANNOT_TELL, Outcome.OUTSIDE]
    near, far = (order.index(arrival(metres, accuracy, radius).outcome) for metres in sorted((one, other)))
    assert near <= far


@given(distances, radii, radii)
def test_a_wider_fence_never_puts_anyone_outside(metres: float, one: float, other: float) -> None:
    narrow, wide = sorted((one, other))
    if arrival(metres, 30, narrow).outcome is Outcome.INSIDE:
        assert arrival(metres, 30, wide).outcome is Outcome.INSIDE


@given(distances, accuracies, radii)
def test_the_numbers_shown_bear_out_the_flag(metres: float, accuracy: float | None, radius: float) -> None:
    found = arrival(metres, accuracy, round(radius))
    for flag in found.flags:
        assert json.loads(json.dumps(flag.facts)) == flag.facts
        if flag.code is FlagCode.OUTSIDE:
            assert flag.facts["distance"] > flag.facts["radius"]  # type: ignore[operator]


def test_an_outside_check_in_tells_distance_and_radius() -> None:
    (flag,) = arrival(639.5, 20).flags
    assert flag.facts == {"distance": 640, "radius": 200, "accuracy": 20}


def test_without_a_location_nobody_can_tell_and_a_reason_is_asked() -> None:
    found = judge_arrival(None, SHOP, 200, POLICY)
    assert (found.outcome, found.level, found.needs_reason) == (Outcome.CANNOT_TELL, Level.NOTHING, True)
    assert [flag.code for flag in found.flags] == [FlagCode.NO_LOCATION]


def test_a_customer_without_a_position_gets_one_proposed() -> None:
    found = judge_arrival(Located(SHOP, 20), None, 200, POLICY)
    assert (found.outcome, found.needs_reason, found.proposes) == (Outcome.CANNOT_TELL, False, SHOP)
    assert found.flags[0].facts["why"] == "no_customer_position"


def test_a_bad_fix_proposes_no_position() -> None:
    found = judge_arrival(Located(SHOP, 800), None, 200, POLICY)
    assert found.proposes is None and found.needs_reason


def test_only_live_sharing_shows_that_a_device_was_there() -> None:
    assert arrival(10, 5).level is Level.POINT
    assert judge_arrival(Located(SHOP, 5, live=True), SHOP, 200, POLICY).level is Level.DEVICE


@pytest.mark.parametrize("kind", ["forwarded", "venue", "inline"])
def test_a_location_that_is_not_the_senders_own_is_refused_with_the_reason(kind: str) -> None:
    assert refuse(replace(Located(SHOP), **{kind: True})) == kind  # type: ignore[arg-type]


def test_the_senders_own_location_is_not_refused() -> None:
    assert refuse(Located(SHOP)) is None
    assert refuse(Located(SHOP, 5, live=True)) is None


def test_distance_is_kept_in_metres() -> None:
    away = arrival(123.4).distance
    assert away is not None and math.isclose(away, 123.4, abs_tol=0.01)
