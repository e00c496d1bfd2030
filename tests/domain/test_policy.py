"""The company's policies: their defaults, and which value is in force."""

from datetime import time, timedelta

import pytest

from bot.domain.policy import DECLARATIONS, Policy, Scope, parse, store


def test_without_changes_the_defaults_of_the_trade_are_in_force() -> None:
    policy = Policy.of({})
    assert (policy.fence_radius, policy.fence_accuracy, policy.fence_flagged) == (200, 100, 500)
    assert policy.cadence("A") == timedelta(days=7)
    assert policy.cadence("B") == timedelta(days=14)
    assert policy.cadence("C") == timedelta(days=90)
    assert policy.cadence("D") == timedelta(days=180)
    assert policy.cadence(None) is None
    assert policy.stay_minimum == timedelta(minutes=5)
    assert Policy.stay_minimum.by_grade == {"A": timedelta(minutes=10)}
    assert policy.visit_closes_after == timedelta(hours=3)
    assert (policy.report_reminder_at, policy.report_late_after) == (time(18), time(23, 59))
    assert (policy.brief_at, policy.digest_at) == (time(8), time(19))
    assert (policy.invite_lives, policy.invite_tries) == (timedelta(hours=72), 5)
    assert policy.work_days == {1, 2, 3, 4, 5}


def test_a_changed_value_is_in_force_at_once() -> None:
    assert Policy.of({"fence.radius": "150", "digest.at": "20:30"}).fence_radius == 150
    assert Policy.of({"fence.radius": "150", "digest.at": "20:30"}).digest_at == time(20, 30)


def test_the_more_specific_value_wins() -> None:
    company, team, customer = (
        {"fence.radius": "300", "brief.at": "07:30"},
        {"brief.at": "07:00"},
        {"fence.radius": "80"},
    )
    policy = Policy.of(company, team, customer)
    assert (policy.fence_radius, policy.brief_at) == (80, time(7))


def test_a_stored_value_that_no_longer_fits_falls_back_and_is_named() -> None:
    policy = Policy.of({"fence.radius": "9000", "a.policy.of.another.release": "7"})
    assert policy.fence_radius == 200
    assert policy.ignored == ("fence.radius",)


@pytest.mark.parametrize("key", DECLARATIONS)
def test_every_default_lies_within_its_own_bounds(key: str) -> None:
    declaration = DECLARATIONS[key]
    assert parse(declaration, store(declaration, declaration.default)) == declaration.default
    assert Scope.COMPANY in declaration.may_vary_by


@pytest.mark.parametrize("key", DECLARATIONS)
def test_a_policy_is_read_in_code_by_its_key(key: str) -> None:
    assert getattr(Policy, key.replace(".", "_")) is DECLARATIONS[key]
    assert getattr(Policy.of({}), key.replace(".", "_")) == DECLARATIONS[key].default
