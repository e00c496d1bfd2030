"""What is kept of a rep's live location: during a visit, and during a day that he has begun."""

from datetime import datetime, timedelta
from typing import Any

from bot.domain.calendar import local_date
from bot.domain.evidence import Fence, Fix, stay_of
from bot.domain.people import Person
from bot.domain.policy import Policy
from bot.domain.visit import Visit
from bot.domain.working_hours import work_ends_at
from bot.services import leave_days
from bot.services.turn import Turn
from storage import location_fixes, people, visits
from storage import location_shares as stored
from storage.database import Row

NEW = timedelta(minutes=5)  # a place that old still says where he is: a phone at rest tells its place less often


def hours_end_at(turn: Turn, rep: Person) -> datetime | None:
    """When the working hours end in which we are; None outside of them, on days off and on leave."""
    policy = turn.policy_for(person=rep)
    return work_ends_at(turn.now, rep.zone, leave_days.working_days_of(turn, rep, turn.today), policy)


def day_ends_at(turn: Turn, rep: Person) -> datetime | None:
    """Until when the day that he began is kept; None when he began none, or has ended it."""
    day = stored.find_day(turn.connection, rep.id, turn.today)
    return day.until if day is not None and day.ended_at is None and turn.now < day.until else None


def keep(turn: Turn, rep: Person, share: Row[Any], first: Fix | None = None) -> Row[Any] | None:
    """Begin to keep a share, for the visit that is open or else for the day; None where nothing may be kept of it.

    Another share of his is not kept any more. `first` is the place that the share began with.
    """
    if not stored.has_agreed(turn.connection, rep.id):
        return None
    visit = _on_site(turn, rep)
    ends_at = visits.get_row(turn.connection, visit.id).closes_at if visit is not None else day_ends_at(turn, rep)
    if ends_at is None:
        return None
    for other in stored.list_kept_of(turn.connection, rep.id):
        if other.id != share.id:
            stored.change(turn.connection, other.id, **stored.NOTHING_KEPT)
    values: dict[str, Any] = {**stored.NOTHING_KEPT, "kept_until": min(share.until, ends_at), "awaited": False}
    if visit is not None:
        policy = _policy(turn, rep, visit)
        values |= {"visit_id": visit.id, **stored.fence_values(fence_of(visit, policy))}
    share = stored.change(turn.connection, share.id, **values)
    if first is not None:
        location_fixes.add(turn.connection, share, first)
    return share


def _on_site(turn: Turn, rep: Person) -> Visit | None:
    """The visit that he is at."""
    visit_id = visits.find_open(turn.connection, rep.id)
    visit = visits.get(turn.connection, visit_id) if visit_id is not None else None
    return visit if visit is not None and not visit.is_checked_out else None


def release(turn: Turn, visit: Visit, at: datetime) -> None:
    """The visit is over since `at`: what came later is dropped, and nothing more kept, unless he began his day."""
    rep = people.get(turn.connection, visit.person_id)
    for share in stored.list_kept_of(turn.connection, rep.id):
        if share.visit_id != visit.id:
            continue
        day = stored.find_day(turn.connection, rep.id, local_date(turn.now, rep.zone))
        if day is not None and day.ended_at is None and day.until > turn.now:
            kept = {"kept_until": min(share.until, day.until)}
        else:
            kept = {}
            location_fixes.forget_after(turn.connection, share.id, at)
        stored.change(turn.connection, share.id, **{**stored.NOTHING_KEPT, **kept})


def stop(turn: Turn, person: Person) -> None:
    """Nothing of his is kept from now on, whatever he is at."""
    for share in stored.list_kept_of(turn.connection, person.id):
        stored.change(turn.connection, share.id, **stored.NOTHING_KEPT)


def shown_on(turn: Turn, visit: Visit) -> dict[str, Any] | None:
    """The live location of an open visit as its card tells it: until when, and seconds inside; None without one."""
    if visit.is_checked_out:
        return None
    share = next((kept for kept in stored.list_kept_of(turn.connection, visit.person_id) if kept.visit_id), None)
    if share is None:
        return None
    covered = covered_of(turn, visit, turn.now)
    inside = covered.total_seconds() if covered is not None else None
    return {"until": share.kept_until.isoformat(), "inside": inside}


def covered_of(turn: Turn, visit: Visit, until: datetime) -> timedelta | None:
    """How long the live location shows the rep inside the fence; None where it cannot tell.

    It cannot where the customer has no position, and where no second place came after the first.
    """
    policy = turn.policy_for(person=turn.person, customer=visit.customer, visit_type=visit.type)
    fence, fixes = fence_of(visit, policy), fixes_of(turn, visit, until)
    if fence is None or sum(fix.live for fix in fixes) < 2:
        return None
    return stay_of(fixes, fence, policy).covered


def fixes_of(turn: Turn, visit: Visit, until: datetime) -> list[Fix]:
    """Where the phone was from the check-in on, whose place is the first of them; the oldest first."""
    row = visits.get_row(turn.connection, visit.id)
    shared = location_fixes.list_of(turn.connection, visit.person_id, visit.checked_in_at, until)
    if row.latitude is None:
        return shared
    return [visits.fix_of(row), *shared]


def newest_place(turn: Turn, rep: Person) -> Fix | None:
    """Where his running live location, which is kept, shows him now."""
    fixes = location_fixes.list_of(turn.connection, rep.id, turn.now - NEW, turn.now)
    return fixes[-1] if fixes else None


def await_place(turn: Turn, rep: Person) -> bool:
    """Have the next place of his running live location handed to the check-in that asks; False when none runs."""
    share = stored.find_running(turn.connection, rep.id, turn.now)
    if share is not None and not share.awaited:
        stored.change(turn.connection, share.id, awaited=True)
    return share is not None


def begin_visit(turn: Turn, rep: Person) -> tuple[datetime | None, int | None]:
    """A visit has begun: until when his running live location is kept for it, or the share to ask consent for."""
    share = stored.find_running(turn.connection, rep.id, turn.now)
    if share is None:
        return None, None
    if stored.has_agreed(turn.connection, rep.id) is None:
        return None, share.id
    kept = keep(turn, rep, share)
    return (kept.kept_until, None) if kept is not None else (None, None)


def fence_of(visit: Visit, policy: Policy) -> Fence | None:
    """The fence around a visit's customer, where he has a position."""
    at = visit.customer.position
    return Fence(at, policy.fence_radius, policy.fence_accuracy) if at is not None else None


def _policy(turn: Turn, rep: Person, visit: Visit) -> Policy:
    return turn.policy_for(person=rep, customer=visit.customer, visit_type=visit.type)
