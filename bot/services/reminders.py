"""The tick: tells everybody what is due, once each, and says when to think of it next."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.calendar import instant
from bot.domain.conversation import Input, Pressed, Refusal
from bot.domain.flags import late_from
from bot.domain.followup import next_reminder
from bot.domain.people import Person, Role
from bot.domain.policy import Policy
from bot.services import dailies, leave_days, planned, promises, visit_cards, visits
from bot.services.conversations import Flow
from bot.services.members import may_be_told, tell_of_blocks
from bot.services.turn import Turn
from storage import conversations, dues, followups, people
from storage import visits as stored
from storage.conversations import Place
from storage.database import Row
from storage.occurrences import claim

FLOW_NAME = "reminder"
AT_ONCE = 200  # rows of each kind in one transaction; the next tick takes the rest
REST_AFTER_CLOSING = timedelta(minutes=30)


def report_due_at(visited_on: date, zone: ZoneInfo, policy: Policy) -> datetime:
    """When the rep is reminded of a report of that local day."""
    return instant(visited_on, policy.report_reminder_at, zone)


def tick(turn: Turn) -> None:
    """Everything that is due by now, in the order of a day: a closed visit stands in the digest that follows."""
    turn.bulk = True  # whoever is talking to us is answered first
    dailies.plan_everyone(turn)
    planned.make_due(turn)
    _close_forgotten(turn)
    _remind_of_reports(turn)
    due = promises.take_due(turn, AT_ONCE)
    dailies.post_briefs(turn, due, AT_ONCE)
    promises.post(turn, due)
    dailies.post_digests(turn, AT_ONCE)
    tell_of_blocks(turn)


def replan(turn: Turn) -> None:
    """A rule about times has changed: everything that is still to come is planned anew."""
    dailies.plan_all(turn)
    for owned in followups.list_planned(turn.connection, turn.now):
        rep = people.get(turn.connection, owned.person_id)
        reminder = next_reminder(owned.followup, rep.zone, turn.policy_for(person=rep), turn.now)
        if reminder is not None:
            followups.plan(turn.connection, owned, reminder.due_at, reminder.kind)
    for visit in dues.list_reports_planned(turn.connection, turn.now):
        rep = people.get(turn.connection, visit.person_id)
        at = report_due_at(visit.visited_on, rep.zone, turn.policy_for(person=rep))
        late_at = late_from(visit.visited_on, rep.zone, turn.policy_for(person=rep))
        dues.plan_report(turn.connection, visit, at if at > turn.now else late_at)


def _close_forgotten(turn: Turn) -> None:
    for visit_id, closes_at in dues.list_to_close(turn.connection, turn.now, AT_ONCE):
        if claim(turn.connection, "close", visit_id, closes_at):
            turn.cause = f"close:{visit_id}:{closes_at.isoformat()}"
            visits.close_forgotten(turn, visit_id)


def _remind_of_reports(turn: Turn) -> None:
    for visit in dues.list_reports(turn.connection, turn.now, AT_ONCE):
        rep = people.get(turn.connection, visit.person_id)
        late_at = late_from(visit.visited_on, rep.zone, turn.policy_for(person=rep))
        if turn.now < late_at and visit.closes_at is not None:
            # he is still with the customer: he is left alone until the visit has ended or was closed for him
            dues.plan_report(turn.connection, visit, min(visit.closes_at + REST_AFTER_CLOSING, late_at))
            continue
        is_late = turn.now >= late_at
        due_at = late_at if is_late else visit.remind_at
        if claim(turn.connection, "report", visit.id, due_at) and _may_hear(turn, rep):
            turn.cause = f"report:{visit.id}:{due_at.isoformat()}"
            _tell(turn, rep, visit, is_late=is_late, late_at=late_at)
        dues.plan_report(turn.connection, visit, None if is_late else late_at)


def _may_hear(turn: Turn, rep: Person) -> bool:
    return Role.REP in rep.roles and may_be_told(rep) and not leave_days.is_away(turn, rep)


def _tell(turn: Turn, rep: Person, visit: Row[Any], *, is_late: bool, late_at: datetime) -> None:
    told = stored.get(turn.connection, visit.id)
    turn.remind(
        "report",
        "reminder/report",
        to=rep,
        customer=told.customer.name,
        on=visit.visited_on.isoformat(),
        is_late=is_late,
        late_at=late_at.isoformat(),
        missing=[visit_cards.item_json(item) for item in told.checklist.missing()],
    )


def pressed(turn: Turn, _place: Place | None, press: Pressed) -> None:
    """ "Go on": the open visit's current question, at the bottom of the chat."""
    rep = turn.require(Role.REP)
    turn.pressed_message = None  # the reminder stays as it is
    if press.choice != "go_on" or not visits.resume_open(turn, rep):
        raise Refusal("conversation/changed")


def _never(turn: Turn, place: Place, given: Input | None = None) -> None:
    """A reminder asks nothing."""
    raise Refusal("conversation/changed")


def _cancel(turn: Turn, place: Place) -> bool:
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    return True


FLOW = Flow(given=_never, pressed=pressed, ask=_never, cancel=_cancel, standing=True)
