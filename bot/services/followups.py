"""Follow-ups: made by a visit, listed, and ended or taken note of by one tap."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.domain import followup as rules
from bot.domain.conversation import Pressed, Refusal
from bot.domain.followup import FollowUp, next_reminder
from bot.domain.people import Person, Role
from bot.domain.visit import NextStep
from bot.services import leave_days
from bot.services.turn import Turn
from storage import followups as stored
from storage import outbox
from storage.followups import Owned

FLOW_NAME = "followup"
CARD = "followup"  # the slot of the card that was tapped: it turns into what came of it
LISTED = 24  # four rows of buttons; the rest follows when these are settled


def make(turn: Turn, rep: Person, customer_id: int, visit_id: int | None, step: NextStep) -> int:
    """Store a promise with its first reminder; returns its id."""
    promise = FollowUp(0, customer_id, step.what, step.due_on, step.due_time)
    reminder = next_reminder(promise, rep.zone, turn.policy_for(person=rep), turn.now)
    assert reminder is not None, "an open promise always has a next reminder"
    return stored.add(
        turn.connection,
        person_id=rep.id,
        customer_id=customer_id,
        visit_id=visit_id,
        what=step.what,
        due_on=step.due_on,
        due_time=step.due_time,
        created_at=turn.now,
        remind_at=reminder.due_at,
        remind_kind=reminder.kind,
    )


def command_followups(turn: Turn, _argument: str = "") -> None:
    """`/followups`: the open ones, the overdue first."""
    rep = turn.require(Role.REP)
    promised = stored.list_open(turn.connection, rep.id)
    listed = lines(turn, rep, promised[:LISTED], turn.today)
    turn.say("followup/list", promises=listed, more=len(promised) - len(listed))


def lines(turn: Turn, rep: Person, promised: Sequence[Owned], today: date) -> list[dict[str, Any]]:
    """A rep's follow-ups as the messages speak of them; what fell due on his leave is due on his first day back."""
    days = {owned.followup.due_on for owned in promised if owned.followup.due_on < today}
    counted = leave_days.counted_from(turn, rep, days)
    return [_line(owned, today, counted.get(owned.followup.due_on, owned.followup.due_on)) for owned in promised]


def line(turn: Turn, rep: Person, owned: Owned, today: date) -> dict[str, Any]:
    """One of them."""
    return lines(turn, rep, [owned], today)[0]


def _line(owned: Owned, today: date, counted_from: date) -> dict[str, Any]:
    promise = owned.followup
    return {
        "id": promise.id,
        "what": promise.what,
        "customer": owned.customer_name,
        "on": promise.due_on.isoformat(),
        "at": promise.due_time.isoformat("minutes") if promise.due_time is not None else None,
        "overdue": promise.days_overdue(today, counted_from),
        "today": counted_from == today,
        "first_on": promise.promised_on.isoformat() if promise.moves else None,
    }


def own(turn: Turn, followup_id: int) -> Owned:
    """The actor's own follow-up; refuses anybody else's."""
    rep = turn.require(Role.REP)
    owned = stored.find(turn.connection, followup_id)
    if owned is None or owned.person_id != rep.id:
        raise Refusal("followup/not_yours")
    return owned


def show_card(turn: Turn, owned: Owned) -> None:
    """One follow-up with what can be done about it."""
    rules.must_be_open(owned.followup)
    turn.show(CARD, "followup/card", anew=True, **line(turn, turn.person, owned, turn.today))


def finish(turn: Turn, owned: Owned, press: Pressed) -> None:
    """Kept: one tap is enough, and the tapped message says so; a note may follow."""
    kept = rules.done(owned.followup, turn.now)
    stored.save(turn.connection, kept, remind_at=None, remind_kind=None)
    counted = leave_days.counted_from(turn, turn.person, {kept.promised_on})
    in_time = turn.today <= counted.get(kept.promised_on, kept.promised_on)
    outbox.hold(turn.connection, turn.chat_id, CARD, press.message_id)
    turn.show(CARD, "followup/done", in_time=in_time, **line(turn, turn.person, owned, turn.today))


def store_move(turn: Turn, moved: FollowUp) -> None:
    """A moved promise is reminded of at its new date."""
    reminder = next_reminder(moved, turn.zone, turn.policy_for(person=turn.person), turn.now)
    assert reminder is not None, "a moved promise is open"
    stored.save(turn.connection, moved, remind_at=reminder.due_at, remind_kind=reminder.kind)
