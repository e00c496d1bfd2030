"""A promise is kept, moved or dropped; until then its rep is reminded at his own local times."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.conversation import Refusal
from bot.domain.followup import (
    FollowUp,
    Reminder,
    ReminderKind,
    State,
    done,
    dropped,
    latest_reminder,
    moved,
    next_reminder,
    reminders,
)
from bot.domain.policy import Policy

POLICY = Policy.of({})
SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
WEDNESDAY = date(2026, 5, 13)
NOW = datetime(2026, 5, 6, 10, tzinfo=SHANGHAI)
DEMO = FollowUp(1, 7, "给王总演示", WEDNESDAY, time(14))

zones = st.sampled_from(
    ["Asia/Shanghai", "Asia/Kolkata", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"]
).map(ZoneInfo)
followups = st.builds(
    FollowUp,
    st.just(1),
    st.just(7),
    st.just("call back"),
    st.dates(date(2024, 1, 1), date(2030, 12, 31)),
    st.none() | st.times(),
)
instants = st.datetimes(datetime(2023, 12, 1), datetime(2031, 2, 1), timezones=st.just(UTC))  # noqa: DTZ001


def test_a_kept_promise_is_done_with_its_note() -> None:
    kept = done(DEMO, NOW, " shown, they liked it ")
    assert (kept.state, kept.closed_at, kept.reason) == (State.DONE, NOW, "shown, they liked it")


def test_a_promise_is_dropped_with_a_reason() -> None:
    given_up = dropped(DEMO, NOW, "customer closed down")
    assert (given_up.state, given_up.reason) == (State.DROPPED, "customer closed down")


def test_a_moved_promise_stays_open_and_keeps_the_date_first_promised() -> None:
    once = moved(DEMO, date(2026, 5, 20), None, "王总出差", NOW, SHANGHAI)
    twice = moved(once, date(2026, 5, 22), time(9), "still away", NOW, SHANGHAI)
    assert (twice.due_on, twice.due_time, twice.state) == (date(2026, 5, 22), time(9), State.OPEN)
    assert twice.promised_on == WEDNESDAY
    assert [(move.from_on, move.from_time, move.reason) for move in twice.moves] == [
        (WEDNESDAY, time(14), "王总出差"),
        (date(2026, 5, 20), None, "still away"),
    ]


def test_dropping_or_moving_without_a_reason_is_refused() -> None:
    with pytest.raises(Refusal, match="followup/needs_reason"):
        dropped(DEMO, NOW, " \n")
    with pytest.raises(Refusal, match="followup/needs_reason"):
        moved(DEMO, date(2026, 5, 20), None, "", NOW, SHANGHAI)


@pytest.mark.parametrize(("to_on", "to_time"), [(date(2026, 5, 5), None), (date(2026, 5, 6), time(10))])
def test_a_promise_cannot_be_moved_into_the_past(to_on: date, to_time: time | None) -> None:
    with pytest.raises(Refusal, match="followup/in_the_past"):
        moved(DEMO, to_on, to_time, "sooner", NOW, SHANGHAI)


def test_later_today_is_not_the_past() -> None:
    assert moved(DEMO, date(2026, 5, 6), time(10, 1), "sooner", NOW, SHANGHAI).due_on == date(2026, 5, 6)
    assert moved(DEMO, date(2026, 5, 6), None, "sooner", NOW, SHANGHAI).due_time is None


def test_moving_to_where_it_is_already_is_refused() -> None:
    with pytest.raises(Refusal, match="followup/same_date"):
        moved(DEMO, WEDNESDAY, time(14), "again", NOW, SHANGHAI)


@pytest.mark.parametrize("closed", [done(DEMO, NOW), dropped(DEMO, NOW, "no need")])
def test_a_closed_promise_changes_no_more(closed: FollowUp) -> None:
    with pytest.raises(Refusal, match="followup/already_closed"):
        done(closed, NOW)
    with pytest.raises(Refusal, match="followup/already_closed"):
        dropped(closed, NOW, "again")
    with pytest.raises(Refusal, match="followup/already_closed"):
        moved(closed, date(2026, 6, 1), None, "again", NOW, SHANGHAI)


def test_a_promise_is_overdue_from_the_day_after_until_it_is_closed() -> None:
    later = WEDNESDAY + timedelta(days=3)
    assert (DEMO.days_overdue(WEDNESDAY), DEMO.days_overdue(later)) == (0, 3)
    assert done(DEMO, NOW).days_overdue(later) == 0


def test_a_rep_is_reminded_the_evening_before_and_at_the_time() -> None:
    assert reminders(DEMO, SHANGHAI, POLICY) == (
        Reminder(ReminderKind.EVENING_BEFORE, datetime(2026, 5, 12, 18, tzinfo=SHANGHAI)),
        Reminder(ReminderKind.ON_TIME, datetime(2026, 5, 13, 14, tzinfo=SHANGHAI)),
    )


def test_a_promise_without_a_time_is_reminded_with_the_morning_brief() -> None:
    by_friday = FollowUp(2, 7, "send the white paper", date(2026, 5, 15))
    assert reminders(by_friday, SHANGHAI, POLICY)[1].due_at == datetime(2026, 5, 15, 8, tzinfo=SHANGHAI)


def test_reminders_keep_their_local_time_over_a_change_of_the_clocks() -> None:
    after_the_change = FollowUp(3, 7, "call", date(2026, 3, 29), time(9))
    evening, on_time = reminders(after_the_change, BERLIN, POLICY)
    assert evening.due_at == datetime(2026, 3, 28, 17, tzinfo=UTC)
    assert on_time.due_at == datetime(2026, 3, 29, 7, tzinfo=UTC)


def test_a_closed_promise_is_not_reminded() -> None:
    closed = done(DEMO, NOW)
    assert reminders(closed, SHANGHAI, POLICY) == ()
    assert next_reminder(closed, SHANGHAI, POLICY, NOW) is None
    assert latest_reminder(closed, SHANGHAI, POLICY, NOW + timedelta(days=30)) is None


def test_an_overdue_promise_is_reminded_every_morning() -> None:
    at, found = NOW, []
    for _ in range(5):
        reminder = next_reminder(DEMO, SHANGHAI, POLICY, at)
        assert reminder is not None
        found.append((reminder.kind.value, reminder.due_at.astimezone(SHANGHAI).strftime("%d %H:%M")))
        at = reminder.due_at
    assert found == [
        ("evening_before", "12 18:00"),
        ("on_time", "13 14:00"),
        ("overdue", "14 08:00"),
        ("overdue", "15 08:00"),
        ("overdue", "16 08:00"),
    ]


def test_a_promise_made_after_that_evening_skips_it() -> None:
    late_evening = datetime(2026, 5, 12, 20, tzinfo=SHANGHAI)
    reminder = next_reminder(DEMO, SHANGHAI, POLICY, late_evening)
    assert reminder is not None and reminder.kind is ReminderKind.ON_TIME


def test_after_an_outage_only_the_latest_reminder_is_left() -> None:
    back = datetime(2026, 5, 17, 7, 30, tzinfo=SHANGHAI)
    assert latest_reminder(DEMO, SHANGHAI, POLICY, back) == Reminder(
        ReminderKind.OVERDUE, datetime(2026, 5, 16, 8, tzinfo=SHANGHAI)
    )
    soon_after = datetime(2026, 5, 13, 15, tzinfo=SHANGHAI)
    latest = latest_reminder(DEMO, SHANGHAI, POLICY, soon_after)
    assert latest is not None and latest.kind is ReminderKind.ON_TIME


def test_before_its_first_reminder_none_is_due() -> None:
    assert latest_reminder(DEMO, SHANGHAI, POLICY, NOW) is None


@given(followups, zones, instants)
def test_the_next_reminder_lies_ahead_and_becomes_the_latest(followup: FollowUp, zone: ZoneInfo, at: datetime) -> None:
    upcoming = next_reminder(followup, zone, POLICY, at)
    assert upcoming is not None and upcoming.due_at > at
    assert latest_reminder(followup, zone, POLICY, upcoming.due_at) == upcoming
    assert latest_reminder(followup, zone, POLICY, upcoming.due_at - timedelta(seconds=1)) != upcoming


@given(followups, zones, instants)
def test_between_the_latest_and_the_next_reminder_there_is_none(
    followup: FollowUp, zone: ZoneInfo, at: datetime
) -> None:
    latest = latest_reminder(followup, zone, POLICY, at)
    if latest is not None:
        assert latest.due_at <= at
        assert next_reminder(followup, zone, POLICY, latest.due_at) == next_reminder(followup, zone, POLICY, at)


@given(followups, zones)
def test_reminders_come_in_order_and_on_their_local_days(followup: FollowUp, zone: ZoneInfo) -> None:
    evening, on_time = reminders(followup, zone, POLICY)
    assert evening.due_at < on_time.due_at
    assert evening.due_at.astimezone(zone).date() == followup.due_on - timedelta(days=1)
    assert on_time.due_at.astimezone(zone).date() == followup.due_on
