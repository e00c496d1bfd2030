"""What a rep means to do: his week's visits, made from his routes, and dropped with a reason."""

from datetime import date, time
from typing import Any

from bot.domain.calendar import instant, local_date
from bot.domain.customer import Customer
from bot.domain.people import Person
from bot.domain.route import WEEK, Route, monday_of
from bot.services import leave_days
from bot.services.turn import Turn
from storage import dues, people, planned, routes, visits
from storage.database import Row

REPS_AT_ONCE = 50  # of a hundred visits a week each: for a quarter of a second nobody else can write


def make_due(turn: Turn) -> None:
    """The visits of the week for those whose Monday has come, or whose calendar has changed.

    No claim is needed: whoever finds a rep holds his row, moves him on, and makes nothing that stands there already.
    """
    for person_id, _ in dues.list_people(turn.connection, "routes_due_at", turn.now, REPS_AT_ONCE):
        remake(turn, people.get(turn.connection, person_id))


def remake(turn: Turn, rep: Person) -> None:
    """Plan the rest of his week from his routes as they are now, and say when the next week is made.

    What is done or dropped stays as it is, so that it may be called as often as something changes.
    """
    today = local_date(turn.now, rep.zone)
    planned.clear(turn.connection, rep.id, today)
    his = routes.list_of(turn.connection, rep.id)
    coming = instant(monday_of(today) + WEEK, time(), rep.zone) if his else None
    dues.plan_routes(turn.connection, rep.id, coming)
    if his:
        planned.plan(turn.connection, rep.id, _of_week(turn, rep, his, today), turn.now)


def _of_week(turn: Turn, rep: Person, his: list[Route], today: date) -> list[tuple[date, int, int]]:
    """Date, customer and route; without whom he has seen (not called) today already, and who is somebody else's."""
    calendar = leave_days.working_days_of(turn, rep, today)
    of_today = visits.list_of_day(turn.connection, [rep.id], today)
    seen = {visit.customer_id for visit in of_today if visit.state == "sent" and not visits.is_remote(visit)}
    stops = routes.list_stops(turn.connection, [route.id for route in his])
    return [
        (on, stop.customer_id, route.id)
        for route in his
        for on in route.rest_of_week(today, calendar)
        for stop in stops
        if stop.route_id == route.id and is_open_to(stop, rep.id) and not (on == today and stop.customer_id in seen)
    ]


def is_open_to(customer: Row[Any] | Customer, rep_id: int) -> bool:
    """Whether this rep may visit the customer: one of his own, or of nobody."""
    return customer.owner_id in (None, rep_id)
