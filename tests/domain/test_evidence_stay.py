"""The stay is the time that a live location covers inside the fence; gaps are gaps, whatever comes in."""

from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shop_fixes import FENCE, NINE, at, minutes

from bot.domain.evidence import Fix, Gap, Outcome, Stay, stay_of
from bot.domain.policy import Policy

POLICY = Policy.of({})
GAP = minutes(5)
FAR = 1000
fixes = st.lists(
    st.builds(at, st.integers(0, 90), st.sampled_from([0, 150, 350, FAR]), st.sampled_from([None, 10, 90, 400, 1100])),
    max_size=25,
    unique_by=lambda fix: fix.at,
)


def test_an_hour_of_fixes_is_an_hour_inside() -> None:
    stay = stay_of([at(minute) for minute in range(61)], FENCE, POLICY)
    assert stay == Stay(minutes(60), 61, (), NINE, NINE + minutes(60), None, minutes(60))


def test_nothing_and_static_points_are_no_stay() -> None:
    assert stay_of([], FENCE, POLICY) == Stay()
    assert stay_of([at(0, live=False), at(1, live=False)], FENCE, POLICY) == Stay()


def test_a_gap_is_not_covered() -> None:
    stay = stay_of([at(0), at(4), at(14), at(18)], FENCE, POLICY)
    assert stay.covered == minutes(8)
    assert stay.gaps == (Gap(NINE + minutes(4), NINE + minutes(14)),)
    assert stay.widest_gap == minutes(10)


def test_how_long_a_gap_may_be_is_a_policy() -> None:
    patient = Policy.of({"evidence.gap": "10"})
    assert stay_of([at(0), at(4), at(14)], FENCE, patient).covered == minutes(14)


def test_who_has_left_is_told_since_when() -> None:
    stay = stay_of([at(0), at(5), at(6, FAR), at(9, FAR)], FENCE, POLICY)
    assert (stay.left_at, stay.last_in, stay.covered) == (NINE + minutes(6), NINE + minutes(5), minutes(5))


def test_who_came_back_has_not_left() -> None:
    stay = stay_of([at(0), at(3, FAR), at(4)], FENCE, POLICY)
    assert (stay.left_at, stay.covered) == (None, timedelta(0))


def test_who_was_never_inside_has_not_left_either() -> None:
    assert stay_of([at(0, FAR), at(3, FAR)], FENCE, POLICY) == Stay(span=minutes(3))


@pytest.mark.parametrize("metres", [0, FAR])
def test_a_fix_that_cannot_tell_neither_covers_nor_ends_a_stay(metres: float) -> None:
    told = [at(0), at(2), at(4)]
    assert stay_of([*told, at(3, metres, 1100)], FENCE, POLICY) == stay_of(told, FENCE, POLICY)


@settings(max_examples=80)
@given(fixes)
def test_a_stay_is_never_longer_than_the_time_from_its_first_fix_inside_to_its_last(given_fixes: list[Fix]) -> None:
    stay = stay_of(given_fixes, FENCE, POLICY)
    if stay.first_in is None or stay.last_in is None:
        assert stay.covered == timedelta(0) and stay.inside == 0
        return
    within = [gap for gap in stay.gaps if gap.ended_at <= stay.last_in]
    assert stay.covered + sum((gap.length for gap in within), timedelta(0)) <= stay.last_in - stay.first_in <= stay.span


@settings(max_examples=80)
@given(fixes, st.randoms(use_true_random=False))
def test_the_order_in_which_fixes_come_does_not_matter(given_fixes: list[Fix], random: Random) -> None:
    mixed = [*given_fixes, *given_fixes[:3]]
    random.shuffle(mixed)
    assert stay_of(mixed, FENCE, POLICY) == stay_of(given_fixes, FENCE, POLICY)


@settings(max_examples=80)
@given(fixes, st.integers(0, 90))
def test_one_more_fix_inside_never_shortens_a_stay_and_one_outside_never_lengthens_it(
    given_fixes: list[Fix], minute: int
) -> None:
    others = [fix for fix in given_fixes if fix.at != NINE + minutes(minute)]
    before = stay_of(others, FENCE, POLICY).covered
    assert stay_of([*others, at(minute)], FENCE, POLICY).covered >= before
    assert stay_of([*others, at(minute, FAR)], FENCE, POLICY).covered <= before


@settings(max_examples=80)
@given(fixes)
def test_no_gap_is_covered(given_fixes: list[Fix]) -> None:
    """Counted the slow way: minute by minute, inside where both neighbours within the gap are inside."""
    told = sorted((fix.at, FENCE.outcome(fix.point, fix.accuracy)) for fix in given_fixes)
    told = [(instant, where) for instant, where in told if where is not Outcome.CANNOT_TELL]
    covered = 0
    for minute in range(90):
        for (one_at, one), (other_at, other) in pairwise(told):
            begins = NINE + minutes(minute)
            is_between = one_at <= begins and begins + minutes(1) <= other_at
            covered += is_between and one is other is Outcome.INSIDE and other_at - one_at <= GAP
    assert stay_of(given_fixes, FENCE, POLICY).covered == minutes(covered)
