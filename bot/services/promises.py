"""Reminders of follow-ups: the evening before, at the time, and daily while overdue; one message a person."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.calendar import local_date
from bot.domain.daily import day_key
from bot.domain.followup import Reminder, ReminderKind, latest_reminder, next_reminder
from bot.domain.people import Person
from bot.services import followups, leave_days
from bot.services.members import may_be_told
from bot.services.turn import Turn
from storage import followups as stored
from storage import people
from storage.followups import Owned
from storage.occurrences import claim

LISTED = 24
ON_TIME = timedelta(minutes=10)  # later than this, the reminder says that it is late


@dataclass(frozen=True)
class Due:
    """A reminder that is to be said now, once."""

    rep: Person
    owned: Owned
    reminder: Reminder

    def is_told_by_brief(self, on: date) -> bool:
        """Whether the brief of that day is enough: an hour that has come is told by itself."""
        promise = self.owned.followup
        has_hour = self.reminder.kind is ReminderKind.ON_TIME and promise.due_time is not None
        return promise.due_on <= on and not has_hour


Reminded = dict[int, list[Due]]


def take_due(turn: Turn, limit: int) -> Reminded:
    """Claim every reminder that has come, by person; of several of one follow-up only the newest is worth saying."""
    reminded: Reminded = {}
    for owned in stored.list_due(turn.connection, turn.now, limit):
        rep = people.get(turn.connection, owned.person_id)
        promise, policy = owned.followup, turn.policy_for(person=rep)
        latest = latest_reminder(promise, rep.zone, policy, turn.now)
        following = next_reminder(promise, rep.zone, policy, turn.now)
        assert following is not None, "only open follow-ups are listed"
        stored.plan(turn.connection, owned, following.due_at, following.kind)
        if latest is not None and _claim(turn, rep, promise.id, latest) and _may_hear(turn, rep):
            reminded.setdefault(rep.id, []).append(Due(rep, owned, latest))
    return reminded


def _may_hear(turn: Turn, rep: Person) -> bool:
    return may_be_told(rep) and not leave_days.is_away(turn, rep)


def _claim(turn: Turn, rep: Person, followup_id: int, reminder: Reminder) -> bool:
    """Whether it was not said before; the overdue are told of once a day, whatever becomes of the brief's hour."""
    due_at = reminder.due_at
    if reminder.kind is ReminderKind.OVERDUE:
        due_at = day_key(local_date(due_at, rep.zone))
    return claim(turn.connection, f"followup_{reminder.kind.value}", followup_id, due_at)


def post(turn: Turn, reminded: Reminded) -> None:
    """Say what the morning's brief has not said: one reminder with its buttons, or several in one message."""
    for person_id, due in reminded.items():
        first = due[0]
        turn.cause = f"followup:{person_id}:{first.owned.followup.id}:{first.reminder.due_at.isoformat()}"
        if len(due) == 1:
            _post_one(turn, first)
        else:
            today = local_date(turn.now, first.rep.zone)
            due.sort(key=lambda one: (one.owned.followup.due_on, one.owned.followup.id))
            lines = followups.lines(turn, first.rep, [one.owned for one in due[:LISTED]], today)
            turn.say("followup/reminders", to=first.rep, promises=lines, more=len(due) - len(lines))


def _post_one(turn: Turn, due: Due) -> None:
    today = local_date(turn.now, due.rep.zone)
    told = followups.line(turn, due.rep, due.owned, today)
    kind = ReminderKind.ON_TIME if told["today"] else due.reminder.kind  # overdue by the date, but he is just back
    late = due.reminder.kind is ReminderKind.ON_TIME and turn.now - due.reminder.due_at > ON_TIME
    turn.remind(
        f"promise {due.owned.followup.id}",
        "followup/reminder",
        to=due.rep,
        kind=kind.value,
        due_at=due.reminder.due_at.isoformat(),
        late=late,
        **told,
    )
