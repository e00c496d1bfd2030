"""What comes at the same local time every working day: when it comes next, and when it came last."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.calendar import WorkingDays, instant, local_date

_DAY = timedelta(days=1)


def next_daily(at: time, zone: ZoneInfo, calendar: WorkingDays, after: datetime) -> datetime:
    """The first instant later than `after` that is this local time of a working day."""
    on = calendar.next_working_day(local_date(after, zone))
    while (due_at := instant(on, at, zone)) <= after:
        on = calendar.next_working_day(on + _DAY)
    return due_at


def last_daily(at: time, zone: ZoneInfo, calendar: WorkingDays, until: datetime) -> tuple[date, datetime]:
    """The newest working day whose time has come by `until`, with the instant at which it came."""
    on = local_date(until, zone) + _DAY
    while True:
        on = calendar.last_working_day_before(on)
        if (due_at := instant(on, at, zone)) <= until:
            return on, due_at


def day_key(on: date) -> datetime:
    """What stands for a local day where an instant is wanted: once a day, even when its hour is changed."""
    return datetime.combine(on, time(), UTC)
