"""What comes every working day comes at the local time, across holidays and changes of the clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import WorkingDays, local_date
from bot.domain.daily import last_daily, next_daily

BERLIN = ZoneInfo("Europe/Berlin")
WEEK = WorkingDays()
MORNING = time(8)

zones = st.sampled_from(
    ["Asia/Shanghai", "Asia/Kolkata", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"]
).map(ZoneInfo)
instants = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def test_friday_evening_is_followed_by_monday() -> None:
    friday = datetime(2026, 11, 27, 19, 0, tzinfo=BERLIN)
    assert next_daily(time(19), BERLIN, WEEK, friday) == datetime(2026, 11, 30, 19, 0, tzinfo=BERLIN)


def test_the_hour_stays_when_the_clock_changes() -> None:
    friday = datetime(2027, 3, 26, 9, 0, tzinfo=BERLIN)
    monday = next_daily(MORNING, BERLIN, WEEK, friday)
    assert monday == datetime(2027, 3, 29, 6, 0, tzinfo=UTC)
    assert monday.astimezone(BERLIN).time() == MORNING


def test_before_its_hour_the_last_one_was_on_the_working_day_before() -> None:
    monday = datetime(2026, 11, 30, 7, 59, tzinfo=BERLIN)
    on, due_at = last_daily(MORNING, BERLIN, WEEK, monday)
    assert on == date(2026, 11, 27)
    assert due_at == datetime(2026, 11, 27, 8, 0, tzinfo=BERLIN)


@given(zones, instants, st.times().map(lambda at: at.replace(second=0, microsecond=0)))
def test_the_next_is_later_and_the_last_is_not_and_none_lies_between(zone: ZoneInfo, now: datetime, at: time) -> None:
    coming = next_daily(at, zone, WEEK, now)
    on, came = last_daily(at, zone, WEEK, now)
    assert came <= now < coming
    assert WEEK.is_working_day(on)
    assert next_daily(at, zone, WEEK, came) == coming
    assert coming - came <= timedelta(days=4)
    assert local_date(came, zone) - on <= timedelta(days=1)  # an hour that the clock skips may be after midnight
