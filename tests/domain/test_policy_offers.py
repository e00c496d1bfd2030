"""The values that a policy's card offers as buttons."""

from datetime import time, timedelta
from typing import Any

import pytest

from bot.domain.policy import DECLARATIONS, parse, store
from bot.domain.policy_offers import offers


def values(key: str, value: Any) -> list[str | None]:
    return [offer.value for offer in offers(DECLARATIONS[key], value)]


def test_a_distance_is_offered_with_two_steps_on_either_side() -> None:
    assert values("fence.radius", 200.0) == ["100", "150", "200", "300", "500"]


def test_a_value_between_the_steps_stands_between_them() -> None:
    assert values("fence.radius", 170.0) == ["100", "150", "170", "200", "300"]


def test_at_a_bound_the_other_side_offers_more() -> None:
    assert values("fence.radius", 50.0) == ["50", "100", "150", "200", "300"]
    assert values("fence.radius", 5000.0) == ["1000", "1500", "2000", "3000", "5000"]


def test_a_time_is_offered_in_half_hours_and_with_its_default() -> None:
    assert values("digest.at", time(19)) == ["18:00", "18:30", "19:00", "19:30", "20:00"]
    assert values("report.late_after", time(23, 30))[-1] == "23:59"
    assert values("followup.evening_at", time(12)) == ["12:00", "12:30", "13:00", "13:30", "14:00"]


def test_a_weekday_is_offered_as_what_a_tap_makes_of_the_week() -> None:
    offered = offers(DECLARATIONS["work.days"], frozenset({1, 2, 6}))
    assert [offer.on for offer in offered] == [True, True, False, False, False, True, False]
    assert (offered[0].value, offered[2].value, offered[2].says) == ("2,6", "1,2,3,6", "3")


def test_the_last_weekday_cannot_be_taken_away() -> None:
    assert values("work.days", frozenset({3}))[2] is None


def test_the_value_in_force_is_marked() -> None:
    assert [offer.value for offer in offers(DECLARATIONS["stay.minimum"], timedelta(minutes=5)) if offer.on] == ["5"]
    assert [offer.value for offer in offers(DECLARATIONS["effective.needs_stay"], False) if offer.on] == ["off"]


@pytest.mark.parametrize("key", DECLARATIONS)
def test_everything_that_is_offered_is_allowed(key: str) -> None:
    declaration = DECLARATIONS[key]
    for value in (declaration.default, declaration.least, declaration.most):
        for offer in offers(declaration, value) if value is not None else []:
            if offer.value is not None:
                allowed = parse(declaration, offer.value)
                assert store(declaration, allowed) == offer.value
