"""Days of leave as people say them, and what they do to a calendar and to a report."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.calendar import WorkingDays
from bot.domain.conversation import Refusal
from bot.domain.flags import sent_late
from bot.domain.leave import Leave, read_leave, without
from bot.domain.policy import Policy

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)  # a Monday


@pytest.mark.parametrize(
    ("typed", "first_on", "last_on"),
    [
        ("2026-12-01 2026-12-05", date(2026, 12, 1), date(2026, 12, 5)),
        ("2026-12-01 - 2026-12-05", date(2026, 12, 1), date(2026, 12, 5)),
        ("1 Dec to 5 Dec", date(2026, 12, 1), date(2026, 12, 5)),
        ("tomorrow", date(2026, 11, 24), date(2026, 11, 24)),
        ("tomorrow for 2 days", date(2026, 11, 24), date(2026, 11, 25)),
        ("next Monday to Friday", date(2026, 11, 30), date(2026, 12, 4)),
        ("明天", date(2026, 11, 24), date(2026, 11, 24)),
        ("12月1日到5日", date(2026, 12, 1), date(2026, 12, 5)),
        ("从明天到周五", date(2026, 11, 24), date(2026, 11, 27)),
        ("下周一到下周三", date(2026, 11, 30), date(2026, 12, 2)),
        ("明天起3天", date(2026, 11, 24), date(2026, 11, 26)),
        ("12月30日到1月4日", date(2026, 12, 30), date(2027, 1, 4)),
    ],
)
def test_leave_is_read_as_people_say_it(typed: str, first_on: date, last_on: date) -> None:
    assert read_leave(typed, NOW) == (first_on, last_on)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("some time", "leave/no_days"),
        ("", "leave/no_days"),
        ("2026-12-05 2026-12-01", "leave/backwards"),
        ("2026-11-01 2026-11-02", "leave/over"),
        ("2026-12-01 2028-12-01", "leave/too_long"),
    ],
)
def test_what_cannot_be_leave_is_refused_with_its_reason(typed: str, answer: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_leave(typed, NOW)
    assert refused.value.message == answer


def test_a_make_up_day_on_leave_is_not_worked() -> None:
    saturday = date(2026, 11, 28)
    calendar = without(WorkingDays(make_up=frozenset({saturday})), [Leave(1, 1, date(2026, 11, 27), saturday)])
    assert calendar.next_working_day(date(2026, 11, 27)) == date(2026, 11, 30)


def test_a_report_of_a_day_on_leave_is_late_only_after_the_first_day_back() -> None:
    visited_at = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
    leave = [Leave(1, 1, date(2026, 11, 24), date(2026, 11, 25))]
    thursday, friday = datetime(2026, 11, 26, 10, 0, tzinfo=SHANGHAI), datetime(2026, 11, 27, 10, 0, tzinfo=SHANGHAI)
    assert sent_late(visited_at, thursday, SHANGHAI, Policy(), leave) is None
    assert sent_late(visited_at, friday, SHANGHAI, Policy(), leave) is not None
    assert sent_late(visited_at, thursday, SHANGHAI, Policy()) is not None
