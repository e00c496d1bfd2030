"""A promise to a customer: what, by when, how it ends, and when its rep is reminded of it."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.calendar import instant, local_date
from bot.domain.conversation import Refusal
from bot.domain.policy import Policy

_DAY = timedelta(days=1)


class State(StrEnum):
    """A moved follow-up stays open: it is the same promise at a later date."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Move:
    """One postponement, with the date that was given up and the rep's reason."""

    from_on: date
    from_time: time | None
    reason: str
    moved_at: datetime


@dataclass(frozen=True)
class FollowUp:
    """A dated next step; `due_on` and `due_time` are local to its rep, and without a time it is due that day.

    `closed_at` and `reason` tell when and why it ended; a done one may have an empty reason.
    """

    id: int
    customer_id: int
    what: str
    due_on: date
    due_time: time | None = None
    state: State = State.OPEN
    moves: tuple[Move, ...] = ()
    closed_at: datetime | None = None
    reason: str = ""

    @property
    def promised_on(self) -> date:
        """The date first promised, before any move: what "kept in time" is measured by."""
        return self.moves[0].from_on if self.moves else self.due_on

    def is_open(self) -> bool:
        return self.state is State.OPEN

    def days_overdue(self, today: date, counted_from: date | None = None) -> int:
        """Days past the due date, or past a later day from which it is counted, while it is open, else 0."""
        return max(0, (today - (counted_from or self.due_on)).days) if self.is_open() else 0


def done(followup: FollowUp, now: datetime, note: str = "") -> FollowUp:
    """The promise is kept; refuses when it is closed already."""
    must_be_open(followup)
    return replace(followup, state=State.DONE, closed_at=now, reason=note.strip())


def dropped(followup: FollowUp, now: datetime, reason: str) -> FollowUp:
    """The promise is given up; refuses without a reason, or when it is closed already."""
    must_be_open(followup)
    return replace(followup, state=State.DROPPED, closed_at=now, reason=_given(reason))


def moved(
    followup: FollowUp, to_on: date, to_time: time | None, reason: str, now: datetime, zone: ZoneInfo
) -> FollowUp:
    """The promise at another date; refuses without a reason, into the past, to where it is, or when it is closed."""
    must_be_open(followup)
    if to_on < local_date(now, zone) or (to_time is not None and instant(to_on, to_time, zone) <= now):
        raise Refusal("followup/in_the_past", due_on=to_on.isoformat())
    if (to_on, to_time) == (followup.due_on, followup.due_time):
        raise Refusal("followup/same_date", due_on=to_on.isoformat())
    move = Move(followup.due_on, followup.due_time, _given(reason), now)
    return replace(followup, due_on=to_on, due_time=to_time, moves=(*followup.moves, move))


def must_be_open(followup: FollowUp) -> None:
    """Refuse when it is closed already."""
    if not followup.is_open():
        raise Refusal("followup/already_closed", state=followup.state.value)


def _given(reason: str) -> str:
    if not reason.strip():
        raise Refusal("followup/needs_reason")
    return reason.strip()


class ReminderKind(StrEnum):
    EVENING_BEFORE = "evening_before"
    ON_TIME = "on_time"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Reminder:
    """A reminder and the UTC instant at which it is due."""

    kind: ReminderKind
    due_at: datetime


def reminders(followup: FollowUp, zone: ZoneInfo, policy: Policy) -> tuple[Reminder, ...]:
    """The reminders of an open follow-up up to its time: the evening before, and then (at the brief if it has no time).

    What comes after them, one a day, is without end: see `next_reminder`.
    """
    if not followup.is_open():
        return ()
    evening = instant(followup.due_on - _DAY, policy.followup_evening_at, zone)
    on_time = instant(followup.due_on, followup.due_time or policy.brief_at, zone)
    return Reminder(ReminderKind.EVENING_BEFORE, evening), Reminder(ReminderKind.ON_TIME, on_time)


def next_reminder(followup: FollowUp, zone: ZoneInfo, policy: Policy, after: datetime) -> Reminder | None:
    """The first reminder later than an instant: one of `reminders`, or the daily one of the overdue at the brief.

    None only when it is closed.
    """
    planned = reminders(followup, zone, policy)
    for reminder in planned:
        if reminder.due_at > after:
            return reminder
    if not planned:
        return None
    on = max(followup.due_on + _DAY, local_date(after, zone))
    while (due_at := instant(on, policy.brief_at, zone)) <= after:
        on += _DAY
    return Reminder(ReminderKind.OVERDUE, due_at)


def latest_reminder(followup: FollowUp, zone: ZoneInfo, policy: Policy, now: datetime) -> Reminder | None:
    """The last reminder due by now: after an outage the only one worth sending, those before it are stale."""
    planned = reminders(followup, zone, policy)
    if not planned:
        return None
    on = local_date(now, zone)
    for day in (on, on - _DAY):
        if day > followup.due_on and (due_at := instant(day, policy.brief_at, zone)) <= now:
            return Reminder(ReminderKind.OVERDUE, due_at)
    return next((reminder for reminder in reversed(planned) if reminder.due_at <= now), None)
