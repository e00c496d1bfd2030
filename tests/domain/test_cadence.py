"""When a customer is due again: by grade, while new, without a grade, and always on a working day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cadence import Rhythm, Standing, days_since, due_on, overdue_by, rhythm, standing
from bot.domain.calendar import WorkingDays
from bot.domain.policy import Policy

POLICY = Policy.of({})
EVERY_DAY = WorkingDays(frozenset(range(1, 8)))
LONG_AGO = date(2020, 1, 1)
MONDAY = date(2026, 5, 4)

grades = st.sampled_from(["A", "B", "C", "D", None])
dates = st.dates(date(2024, 1, 1), date(2030, 1, 1))


def due(grade: str | None, last: date | None, created: date = LONG_AGO, *, is_new: bool = True) -> date:
    return due_on(grade, last, created, is_new=is_new, policy=POLICY, calendar=EVERY_DAY)


@pytest.mark.parametrize(("grade", "days"), [("A", 7), ("B", 14), ("C", 90), ("D", 180), (None, 30)])
def test_a_customer_is_due_by_grade_after_the_last_counted_visit(grade: str | None, days: int) -> None:
    assert due(grade, MONDAY) == MONDAY + timedelta(days=days)


def test_a_new_customer_is_seen_weekly_for_a_month_and_then_monthly() -> None:
    seen_on, gaps = None, []
    for _ in range(7):
        next_on = due(None, seen_on, created=MONDAY)
        gaps.append((next_on - (seen_on or MONDAY)).days)
        seen_on = next_on
    assert gaps == [7, 7, 7, 7, 7, 30, 30]


def test_a_new_customer_of_grade_c_follows_its_grade_after_the_month() -> None:
    assert due("C", MONDAY + timedelta(days=29), created=MONDAY) == MONDAY + timedelta(days=29 + 7)
    assert due("C", MONDAY + timedelta(days=30), created=MONDAY) == MONDAY + timedelta(days=30 + 90)


def test_a_new_customer_is_never_seen_less_often_than_its_grade_asks() -> None:
    policy = Policy.of({"cadence.a": "3"})
    assert rhythm("A", None, MONDAY, is_new=True, policy=policy) == (Rhythm.GRADE, timedelta(days=3))


def test_imported_customers_are_not_all_due_within_a_week() -> None:
    assert due("C", None, created=MONDAY, is_new=False) == MONDAY + timedelta(days=90)
    assert due(None, None, created=MONDAY, is_new=False) == MONDAY + timedelta(days=30)


def test_grade_d_is_only_reviewed_even_when_new() -> None:
    assert rhythm("D", None, MONDAY, is_new=True, policy=POLICY) == (Rhythm.REVIEW, timedelta(days=180))


def test_a_day_off_moves_the_visit_later() -> None:
    saturday = date(2026, 5, 9)
    found = due_on("A", saturday, LONG_AGO, is_new=False, policy=POLICY, calendar=WorkingDays())
    assert found == date(2026, 5, 18)


@given(grades, st.none() | dates, dates, st.booleans(), st.frozensets(st.integers(1, 7), min_size=1))
def test_due_is_a_working_day_not_before_the_cadence_is_over(
    grade: str | None, last: date | None, created: date, is_new: bool, weekdays: frozenset[int]
) -> None:
    calendar = WorkingDays(weekdays)
    found = due_on(grade, last, created, is_new=is_new, policy=POLICY, calendar=calendar)
    _, every = rhythm(grade, last, created, is_new=is_new, policy=POLICY)
    waited = found - (last or created)
    assert calendar.is_working_day(found)
    assert every <= waited < every + timedelta(days=7)


@pytest.mark.parametrize(
    ("days", "expected", "overdue"),
    [
        (-1, Standing.NOT_DUE, 0),
        (0, Standing.DUE, 0),
        (1, Standing.OVERDUE, 1),
        (6, Standing.OVERDUE, 6),
        (7, Standing.LONG_OVERDUE, 7),
    ],
)
def test_an_overdue_customer_stands_out(days: int, expected: Standing, overdue: int) -> None:
    today = MONDAY + timedelta(days=days)
    assert (standing(MONDAY, today, POLICY), overdue_by(MONDAY, today)) == (expected, overdue)


def test_days_since_a_visit_that_never_was_are_unknown() -> None:
    assert days_since(None, MONDAY) is None
    assert days_since(MONDAY - timedelta(days=12), MONDAY) == 12
