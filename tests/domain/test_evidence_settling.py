"""A first fix that misled is answered by a confirmed stay, and by nothing less."""

from datetime import timedelta

import pytest
from shop_fixes import FENCE, NINE, at

from bot.domain.evidence import Arrival, Fix, Level, Outcome, settled, stay_of
from bot.domain.flags import Flag, FlagCode
from bot.domain.policy import Policy

POLICY = Policy.of({})
TEN = timedelta(minutes=10)
STAYED = [at(minute) for minute in range(2, 14)]
JUMPED = Flag(FlagCode.OUTSIDE, {"distance": 340, "radius": 200})
BLURRED = Flag(FlagCode.CANNOT_TELL, {"why": "inaccurate", "accuracy": 1100, "radius": 200})
UNKNOWN = Flag(FlagCode.CANNOT_TELL, {"why": "position_unconfirmed", "radius": 200})
OTHER = Flag(FlagCode.SAME_POINT_OTHER_CUSTOMER)


def after(fixes: list[Fix], flags: list[Flag], outcome: Outcome) -> tuple[Outcome, list[Flag]]:
    stay = stay_of(fixes, FENCE, POLICY)
    arrival, left = settled(Arrival(outcome, Level.DEVICE), flags, NINE, stay, TEN, POLICY)
    return arrival.outcome, list(left)


@pytest.mark.parametrize(("flag", "outcome"), [(JUMPED, Outcome.OUTSIDE), (BLURRED, Outcome.CANNOT_TELL)])
def test_a_phone_that_finds_itself_inside_and_stays_is_not_flagged_for_its_first_fix(
    flag: Flag, outcome: Outcome
) -> None:
    assert after(STAYED, [flag, OTHER], outcome) == (Outcome.INSIDE, [OTHER])


def test_who_comes_later_was_outside_when_he_checked_in() -> None:
    came = [at(minute) for minute in range(20, 40)]
    assert after(came, [JUMPED], Outcome.OUTSIDE) == (Outcome.OUTSIDE, [JUMPED])


def test_a_stay_too_short_answers_nothing() -> None:
    assert after(STAYED[:8], [BLURRED], Outcome.CANNOT_TELL) == (Outcome.CANNOT_TELL, [BLURRED])
    assert after([], [BLURRED], Outcome.CANNOT_TELL) == (Outcome.CANNOT_TELL, [BLURRED])


def test_no_phone_answers_where_the_customer_is() -> None:
    assert after(STAYED, [UNKNOWN], Outcome.CANNOT_TELL) == (Outcome.CANNOT_TELL, [UNKNOWN])
