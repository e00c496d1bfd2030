"""The screening score: a weighted sum that stays within its bounds, and the same rule for rep and manager."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.domain.checklist import Checklist
from bot.domain.customer import Grade
from bot.domain.policy import Policy
from bot.domain.screening import RATED, Part, score_of, weighed
from bot.domain.shipped import CUSTOMER_VISIT, SCREENING

weights = some.integers(5, 90)
points = some.integers(0, 100)
policies = some.builds(
    lambda *texts: Policy.of(
        dict(
            zip(
                ("screening.need_fit", "screening.buying_power", "screening.decision", "screening.pass",
                 "screening.grade_a", "screening.grade_b"),
                map(str, texts),
                strict=True,
            )
        )
    ),
    weights, weights, weights, points, points, points,
)  # fmt: skip


@some.composite
def parts(draw: some.DrawFn) -> list[Part]:
    rated = []
    for item in RATED:
        best = draw(some.integers(2, 10))
        rated.append(Part(item, draw(some.integers(1, best)), best, draw(weights)))
    return rated


def rated(need: float, power: float, decision: float) -> Checklist:
    return Checklist(SCREENING, {"need_fit": need, "buying_power": power, "decision": decision})


@pytest.mark.parametrize(
    ("marks", "shown", "goes_on", "grade"),
    [
        ((5, 5, 5), 100, True, Grade.A),
        ((5, 4, 4), 88, True, Grade.B),
        ((5, 4, 3), 83, True, Grade.B),
        ((4, 4, 4), 80, True, Grade.B),
        ((5, 3, 3), 76, False, None),
        ((1, 1, 1), 20, False, None),
    ],
)
def test_eighty_of_a_hundred_goes_on(
    marks: tuple[int, int, int], shown: float, goes_on: bool, grade: Grade | None
) -> None:
    score = score_of(rated(*marks), Policy())
    assert score is not None
    assert (score.shown, score.goes_on, score.grade) == (shown, goes_on, grade)


def test_nothing_is_scored_before_all_three_are_rated_or_where_nobody_asks_for_them() -> None:
    assert score_of(Checklist(SCREENING, {"need_fit": 5.0, "buying_power": 5.0}), Policy()) is None
    assert (
        score_of(Checklist(CUSTOMER_VISIT, {"need_fit": 5.0, "buying_power": 5.0, "decision": 5.0}), Policy()) is None
    )


def test_grade_c_is_proposed_where_the_mark_for_b_lies_above_the_pass_mark() -> None:
    policy = Policy.of({"screening.pass": "60", "screening.grade_b": "80"})
    score = score_of(rated(4, 3, 3), policy)
    assert score is not None and (score.shown, score.grade) == (68, Grade.C)


def test_almost_eighty_is_not_shown_as_eighty() -> None:
    ratings = [Part("need_fit", 4, 5, 33), Part("buying_power", 4, 5, 34), Part("decision", 7, 9, 3)]
    almost = weighed(ratings, Policy())
    assert 79 < almost.points < 80
    assert almost.shown < 80 and not almost.goes_on


@given(parts(), policies)
def test_a_score_lies_between_the_worst_and_the_best_of_its_ratings(rated: list[Part], policy: Policy) -> None:
    score = weighed(rated, policy)
    each = [Fraction(100 * part.mark, part.best) for part in rated]
    assert min(each) <= score.points <= max(each)
    assert score.goes_on == (score.points >= policy.screening_pass)
    shown = Fraction(str(score.shown))  # as it stands on the page, not the binary number beside it
    assert shown <= score.points < shown + Fraction(1, 10)
    assert score.goes_on == (score.shown >= policy.screening_pass), "what is shown says the same as what is decided"


@given(parts(), policies, some.integers(2, 7))
def test_weights_count_in_proportion(rated: list[Part], policy: Policy, times: int) -> None:
    heavier = [Part(part.item, part.mark, part.best, part.weight * times) for part in rated]
    assert weighed(heavier, policy).points == weighed(rated, policy).points


@given(parts(), policies, some.data())
def test_a_better_mark_never_makes_it_worse(rated: list[Part], policy: Policy, data: some.DataObject) -> None:
    at = data.draw(some.sampled_from(range(3)))
    better = list(rated)
    part = rated[at]
    better[at] = Part(part.item, data.draw(some.integers(part.mark, part.best)), part.best, part.weight)
    before, after = weighed(rated, policy), weighed(better, policy)
    assert after.points >= before.points and after.goes_on >= before.goes_on
    assert (after.grade or "E") <= (before.grade or "E"), "A is the best grade"


@given(some.tuples(*[some.integers(1, 5)] * 3), policies)
def test_a_grade_is_proposed_for_whoever_goes_on_and_for_nobody_else(
    marks: tuple[int, int, int], policy: Policy
) -> None:
    score = score_of(rated(*marks), policy)
    assert score is not None
    assert (score.grade is not None) == score.goes_on
    assert score.weights == policy.screening_need_fit + policy.screening_buying_power + policy.screening_decision
