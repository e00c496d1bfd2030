"""Arriving: the visit is stored with where the rep was, and with what his point says beside the fence."""

from datetime import time, timedelta

from bot.domain import evidence
from bot.domain.calendar import instant
from bot.domain.checkin import CheckIn
from bot.domain.checklist import Checklist
from bot.domain.conversation import Refusal
from bot.domain.customer import Customer
from bot.domain.evidence import Arrival, CheckedIn
from bot.domain.flags import Flag
from bot.domain.people import Person
from bot.domain.policy import Policy
from bot.domain.visit import Visit
from bot.services import positions, reminders
from bot.services.turn import Turn
from storage import customers, sops
from storage import visits as stored

LEAST_OPEN = timedelta(minutes=1)
END_OF_DAY = time(23, 59)
RECENT_FIXES = 20


def check_in(turn: Turn, rep: Person, told: CheckIn, customer: Customer, arrival: Arrival | None) -> int:
    """Store the visit with everything about its beginning, a remote contact without `arrival`; returns its id."""
    assert told.purpose is not None
    published = sops.newest(turn.connection, told.type)
    if published is None:
        raise Refusal("conversation/changed")
    version_id, sop = published
    located = told.located if arrival is not None else None
    at = turn.now
    policy = turn.policy_for(person=rep, customer=customer, visit_type=told.type)
    visit = Visit(
        id=0,
        person_id=rep.id,
        customer=customer,
        type=told.type,
        purpose=told.purpose,
        checklist=Checklist(sop),
        arrival=arrival,
        checked_in_at=at,
        flags=() if arrival is None else (*arrival.flags, *_place_flags(turn, rep, told, customer, policy)),
    )
    end_of_day = instant(turn.today, END_OF_DAY, rep.zone)
    closes_at = max(min(at + policy.visit_closes_after, end_of_day), at + LEAST_OPEN)
    visit_id = stored.add(
        turn.connection,
        visit,
        sop_version_id=version_id,
        visited_on=turn.today,
        latitude=located.point.latitude if located else None,
        longitude=located.point.longitude if located else None,
        pin_latitude=customer.position.latitude if customer.position else None,
        pin_longitude=customer.position.longitude if customer.position else None,
        live=located.live if located else False,
        reason=told.reason,
        again_reason=told.again_reason,
        closes_at=closes_at if arrival is not None else None,
        remind_at=reminders.report_due_at(turn.today, rep.zone, policy),
    )
    if located is not None and arrival is not None:
        positions.arrived(turn, customer, visit_id, located, told.reason, arrival.proposes)
    return visit_id


def _place_flags(turn: Turn, rep: Person, told: CheckIn, customer: Customer, policy: Policy) -> list[Flag]:
    """What the point itself says beside the fence: bare facts for the manager."""
    located = told.located
    if located is None:
        return []
    row = customers.get_row(turn.connection, customer.id)
    earlier = stored.list_recent_fixes(turn.connection, rep.id, RECENT_FIXES)
    now = CheckedIn(
        located.point,
        turn.now,
        located.accuracy,
        live=located.live,
        customer_id=customer.id,
        customer_at=customer.position,
    )
    learned = row.position_from != "import"
    raised = (
        evidence.exact_stored_point(located.point, customer.position, learned_from_visits=learned),
        evidence.same_point_other_customer(now, earlier, policy.fence_radius),
        evidence.impossible_speed(earlier, now, policy),
    )
    return [flag for flag in raised if flag is not None]
