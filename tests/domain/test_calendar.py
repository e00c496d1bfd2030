"""Working days with holidays and make-up days, and local times where the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import WorkingDays, instant, local_date

days = st.dates(date(2020, 1, 1), date(2040, 12, 31))
near = st.dates(date(2026, 1, 1), date(2026, 3, 31))
calendars = st.builds(
    WorkingDays,
    st.frozensets(st.integers(1, 7), min_size=1),
    st.frozensets(near, max_size=30),
    st.frozensets(near, max_size=5),
)
zones = st.sampled_from(
    ["Asia/Shanghai", "Asia/Kolkata", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "UTC"]
).map(ZoneInfo)
BERLIN = ZoneInfo("Europe/Berlin")

# The Spring Festival of 2026 in China: off from 15 to 23 February, made up for on two Saturdays or Sundays.
SPRING_FESTIVAL = WorkingDays(
    holidays=frozenset(date(2026, 2, day) for day in range(15, 24)),
    make_up=frozenset({date(2026, 2, 14), date(2026, 2, 28)}),
    confirmed_years=frozenset({2026}),
)


def test_a_make_up_saturday_is_worked_and_a_holiday_is_not() -> None:
    assert SPRING_FESTIVAL.is_working_day(date(2026, 2, 14))
    assert not SPRING_FESTIVAL.is_working_day(date(2026, 2, 16))
    assert SPRING_FESTIVAL.next_working_day(date(2026, 2, 15)) == date(2026, 2, 24)
    assert SPRING_FESTIVAL.last_working_day_before(date(2026, 2, 24)) == date(2026, 2, 14)


def test_working_days_are_counted_over_a_holiday() -> None:
    assert SPRING_FESTIVAL.add_working_days(date(2026, 2, 13), 3) == date(2026, 2, 25)


def test_a_year_without_a_confirmed_calendar_says_so() -> None:
    assert SPRING_FESTIVAL.is_confirmed(date(2026, 12, 31))
    assert not SPRING_FESTIVAL.is_confirmed(date(2027, 1, 1))


@pytest.mark.parametrize("weekdays", [frozenset(), frozenset({0}), frozenset({1, 8})])
def test_a_week_without_days_or_with_unknown_ones_is_no_calendar(weekdays: frozenset[int]) -> None:
    with pytest.raises(ValueError, match="working day"):
        WorkingDays(weekdays)


def test_no_working_days_cannot_be_added() -> None:
    with pytest.raises(ValueError, match="one or more"):
        WorkingDays().add_working_days(date(2026, 1, 1), 0)


@given(calendars, near)
def test_the_next_working_day_is_the_first_that_is_worked(calendar: WorkingDays, on: date) -> None:
    found = calendar.next_working_day(on)
    assert found >= on and calendar.is_working_day(found)
    assert not any(calendar.is_working_day(on + timedelta(days=n)) for n in range((found - on).days))


@given(calendars, near, st.integers(1, 15))
def test_adding_working_days_passes_exactly_as_many(calendar: WorkingDays, on: date, count: int) -> None:
    found = calendar.add_working_days(on, count)
    passed = [on + timedelta(days=n) for n in range(1, (found - on).days + 1)]
    assert sum(map(calendar.is_working_day, passed)) == count


@given(calendars, near)
def test_between_the_working_day_before_and_a_date_nobody_works(calendar: WorkingDays, on: date) -> None:
    before = calendar.last_working_day_before(on)
    assert before < on and calendar.is_working_day(before)
    assert calendar.add_working_days(before, 1) >= on


@given(days, st.times(), zones)
def test_a_local_time_is_that_time_on_the_wall_unless_the_clocks_skip_it(on: date, at: time, zone: ZoneInfo) -> None:
    found = instant(on, at, zone)
    assert found.tzinfo is UTC
    shown = found.astimezone(zone).replace(tzinfo=None)
    assert shown - datetime.combine(on, at) in (timedelta(0), timedelta(minutes=30), timedelta(hours=1))
    assert local_date(found, zone) == shown.date()


def test_a_skipped_time_is_as_much_later_as_the_clocks_jump() -> None:
    assert instant(date(2026, 3, 29), time(2, 30), BERLIN) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_a_doubled_time_is_the_first_of_the_two() -> None:
    assert instant(date(2026, 10, 25), time(2, 30), BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_the_date_is_the_one_of_the_persons_own_zone() -> None:
    late_evening = datetime(2026, 5, 5, 23, 30, tzinfo=UTC)
    assert local_date(late_evening, ZoneInfo("Asia/Shanghai")) == date(2026, 5, 6)
    assert local_date(late_evening, ZoneInfo("America/New_York")) == date(2026, 5, 5)
