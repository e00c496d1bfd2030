"""The handover itself: what goes, whom it is told to, and what ends when somebody leaves the company."""

from bot.domain import visit as visit_rules
from bot.domain.audit import Area
from bot.domain.conversation import Refusal
from bot.domain.followup import next_reminder
from bot.domain.people import Person
from bot.services import audit, due_dates, people_changes, planned
from bot.services.handover_lists import Found, promise_json
from bot.services.turn import Turn
from storage import customers, followups, handovers, outbox, people, routes, visits

TOLD_CUSTOMERS, TOLD_PROMISES = 20, 12  # the first names in the colleague's message; all stand in his lists


def may_leave(turn: Turn, person: Person) -> None:
    """Refuse for who has left already, and for the last admin."""
    if person.status not in ("active", "locked"):
        raise Refusal("people/changed_since", name=person.name)
    people_changes.not_the_last_admin(turn, person)


def hand_over(turn: Turn, person: Person, to: Person | None, found: Found, *, leaves: bool) -> None:
    """All of `found` or nothing: what somebody else took meanwhile refuses the whole."""
    customer_ids = {row.id for row in found.customers}
    promise_ids = {row.id for row in found.promises}
    route_ids = {route.id for route in found.routes}
    if to is not None:
        given = handovers.give_customers(turn.connection, person.id, to.id, None if leaves else customer_ids)
        promised = handovers.give_promises(turn.connection, person.id, to.id, promise_ids)
        walked = routes.give(turn.connection, person.id, to.id, route_ids)
        if (given, promised, walked) != (customer_ids, promise_ids, route_ids):
            raise Refusal("handover/changed_meanwhile", name=person.name)
        _remind(turn, to, promise_ids)
        _count_due_dates(turn, customer_ids)
        for walker in (person, to):  # what was planned from today on goes along
            planned.remake(turn, walker)
    handovers.note(
        turn.connection,
        from_id=person.id,
        to_id=to.id if to is not None else None,
        leaves=leaves,
        customers=customer_ids,
        followups=promise_ids,
        routes=route_ids,
        by=turn.person.id,
        now=turn.now,
    )
    if to is not None:
        counts = {"to": f"person:{to.id}", "customers": len(customer_ids), "followups": len(promise_ids)}
        counts |= {"routes": len(route_ids)} if route_ids else {}
        audit.note(turn, Area.PEOPLE, "handed_over", f"person:{person.id}", new=counts)
    if leaves:
        _dismiss(turn, person)
    if to is not None:
        _tell(turn, person, to, found, leaves=leaves)


def _remind(turn: Turn, to: Person, promise_ids: set[int]) -> None:
    """From now on by the colleague's clock and rules."""
    for promise_id in promise_ids:
        owned = followups.get(turn.connection, promise_id)
        reminder = next_reminder(owned.followup, to.zone, turn.policy_for(person=to), turn.now)
        if reminder is not None:
            followups.plan(turn.connection, owned, reminder.due_at, reminder.kind)


def _count_due_dates(turn: Turn, customer_ids: set[int]) -> None:
    if len(customer_ids) <= due_dates.AT_ONCE:
        due_dates.count_anew(turn, customers.list_rows(turn.connection, customer_ids))
    else:
        turn.work(due_dates.JOB, 0)


def _dismiss(turn: Turn, person: Person) -> None:
    """His door is shut: the open visit ends as a forgotten one, and what was still to be said to him is parked."""
    visit_id = visits.find_open(turn.connection, person.id)
    if visit_id is not None:
        visit = visits.get_to_change(turn.connection, visit_id)
        if visit.checked_out_at is None and not visit.closed_automatically:
            visit = visit_rules.closed_for_him(visit, turn.now)
        visits.save(turn.connection, visit, closes_at=None, remind_at=None)
    people_changes.close(turn, person, "gone")
    audit.note(turn, Area.PEOPLE, "left", f"person:{person.id}")
    outbox.park(turn.connection, person.id)
    turn.say("people/farewell", to=people.get(turn.connection, person.id))


def _tell(turn: Turn, person: Person, to: Person, found: Found, *, leaves: bool) -> None:
    """The colleague hears what he has now, and who stays what he has no longer."""
    turn.say(
        "handover/received",
        to=to,
        name=person.name,
        leaves=leaves,
        customers=[{"id": row.id, "name": row.name} for row in found.customers[:TOLD_CUSTOMERS]],
        customer_count=len(found.customers),
        promises=[promise_json(row) for row in found.promises[:TOLD_PROMISES]],
        promise_count=len(found.promises),
        routes=[{"id": route.id, "name": route.name} for route in found.routes[:TOLD_PROMISES]],
        route_count=len(found.routes),
    )
    if not leaves and person.active:
        counts = {"customers": len(found.customers), "promises": len(found.promises), "routes": len(found.routes)}
        turn.say("handover/given", to=person, name=to.name, **counts)
