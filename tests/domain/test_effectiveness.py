"""An effective visit: all requirements met; partial: one missing; and always which one."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.effectiveness import Requirement, Result, Verdict, VisitFacts, judge_effectiveness
from bot.domain.evidence import Outcome
from bot.domain.policy import Policy

POLICY = Policy.of({})
FIVE_MINUTES = timedelta(minutes=5)
GOOD = VisitFacts(Outcome.INSIDE, FIVE_MINUTES, FIVE_MINUTES, 0, Result.REACHED, True)

visits = st.builds(
    VisitFacts,
    st.none() | st.sampled_from(Outcome),
    st.none() | st.timedeltas(timedelta(0), timedelta(hours=3)),
    st.just(FIVE_MINUTES),
    st.integers(0, 3),
    st.none() | st.sampled_from(Result),
    st.booleans(),
)


def test_a_visit_with_everything_is_effective() -> None:
    found = judge_effectiveness(GOOD, POLICY)
    assert (found.verdict, found.met, found.missing) == (Verdict.EFFECTIVE, tuple(Requirement), ())


def test_a_partly_reached_purpose_is_enough() -> None:
    assert judge_effectiveness(replace(GOOD, result=Result.PARTLY), POLICY).verdict is Verdict.EFFECTIVE


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        (replace(GOOD, arrival=Outcome.OUTSIDE), Requirement.FENCE),
        (replace(GOOD, arrival=Outcome.CANNOT_TELL), Requirement.FENCE),
        (replace(GOOD, stay=timedelta(minutes=4, seconds=59)), Requirement.STAY),
        (replace(GOOD, stay=None), Requirement.STAY),
        (replace(GOOD, required_items_missing=1), Requirement.ITEMS),
        (replace(GOOD, result=Result.NOT_REACHED), Requirement.RESULT),
        (replace(GOOD, result=None), Requirement.RESULT),
        (replace(GOOD, next_step_dated=False), Requirement.NEXT_STEP),
    ],
)
def test_one_missing_requirement_makes_it_partial_and_is_named(facts: VisitFacts, missing: Requirement) -> None:
    found = judge_effectiveness(facts, POLICY)
    assert (found.verdict, found.missing) == (Verdict.PARTIAL, (missing,))


def test_two_missing_requirements_make_it_not_effective() -> None:
    found = judge_effectiveness(replace(GOOD, stay=None, next_step_dated=False), POLICY)
    assert found.verdict is Verdict.NOT_EFFECTIVE
    assert found.missing == (Requirement.STAY, Requirement.NEXT_STEP)


def test_a_remote_contact_has_neither_fence_nor_stay() -> None:
    found = judge_effectiveness(replace(GOOD, arrival=None, stay=None), POLICY)
    assert (found.verdict, found.met) == (
        Verdict.EFFECTIVE,
        (Requirement.ITEMS, Requirement.RESULT, Requirement.NEXT_STEP),
    )


def test_a_requirement_that_is_switched_off_is_neither_met_nor_missing() -> None:
    without_next_step = Policy.of({"effective.needs_next_step": "off"})
    found = judge_effectiveness(replace(GOOD, next_step_dated=False), without_next_step)
    assert found.verdict is Verdict.EFFECTIVE
    assert Requirement.NEXT_STEP not in found.met + found.missing


@given(visits)
def test_the_verdict_follows_from_the_missing_requirements_alone(facts: VisitFacts) -> None:
    found = judge_effectiveness(facts, POLICY)
    by_count = [Verdict.EFFECTIVE, Verdict.PARTIAL, *[Verdict.NOT_EFFECTIVE] * 4]
    assert found.verdict is by_count[len(found.missing)]
    applying = set(Requirement) - (set() if facts.arrival else {Requirement.FENCE, Requirement.STAY})
    assert {*found.met, *found.missing} == applying and not set(found.met) & set(found.missing)
