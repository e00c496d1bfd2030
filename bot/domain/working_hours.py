"""Working hours: when a rep may be asked where he is, and until when what he shares may be kept."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.calendar import WorkingDays, instant, local_date
from bot.domain.policy import Policy


def work_ends_at(now: datetime, zone: ZoneInfo, days: WorkingDays, policy: Policy) -> datetime | None:
    """When the working hours end in which `now` lies; None outside of them. `days` are the person's own."""
    today = local_date(now, zone)
    if not days.is_working_day(today):
        return None
    begins_at = instant(today, policy.work_begins_at, zone)
    ends_at = instant(today, policy.work_ends_at, zone)
    return ends_at if begins_at <= now < ends_at else None
