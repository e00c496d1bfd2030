"""Where a customer is: visits propose it and refine it, a manager confirms it."""

from datetime import date
from typing import Any

from bot.domain.calendar import local_date
from bot.domain.consensus import Drifted, Refined, Why, weigh
from bot.domain.conversation import Located
from bot.domain.customer import Customer
from bot.domain.geography import Point, distance
from bot.domain.visit import Visit
from bot.services.turn import Turn
from storage import customers, pins
from storage.database import Row

SAYS = {"pin_wrong": Why.PIN_WRONG, "customer_moved": Why.MOVED}  # a rep's reasons that are about the pin


def arrived(
    turn: Turn, customer: Customer, visit_id: int, located: Located, reason: str, proposes: Point | None
) -> None:
    """A check-in may say where a customer without a position is, or that his pin is wrong."""
    if proposes is not None:
        _propose(turn, customer, Why.FIRST, located, visit_id)
        _put(turn, customer.id, proposes, "proposed")
    elif reason in SAYS:
        _propose(turn, customer, SAYS[reason], located, visit_id)


def pin_is_wrong(turn: Turn, customer: Customer, located: Located) -> None:
    """Somebody stands at the customer's and says so, without a visit."""
    if customer.position is None:
        _put(turn, customer.id, located.point, "proposed")
    _propose(turn, customer, Why.PIN_WRONG if customer.position else Why.FIRST, located, None)


def learn(turn: Turn, visit: Visit, accuracy: float, drift: float) -> None:
    """A visit was sent: the good fixes refine the customer's pin, or ask whether he has moved. All in metres."""
    customer = customers.get(turn.connection, visit.customer.id)
    if customer.position is None or visit.arrival is None:
        return
    row, anchor = customers.get_row(turn.connection, customer.id), customer.position
    if row.vouched_latitude is not None:
        anchor = Point(row.vouched_latitude, row.vouched_longitude)
    seen = pins.list_sightings(turn.connection, customer.id, accuracy)
    match weigh(seen, anchor, customer.position, drift, trusted=not customer.is_proposed):
        case Refined(point):
            vouched = {"vouched_latitude": anchor.latitude, "vouched_longitude": anchor.longitude}
            _put(turn, customer.id, point, "refined", **vouched)
        case Drifted(point, metres) if _may_ask(turn, customer, [sighting.on for sighting in seen]):
            _propose(turn, customer, Why.DRIFT, Located(point), visit.id, metres)


def _may_ask(turn: Turn, customer: Customer, seen_on: list[date]) -> bool:
    """Not while somebody is asked already, and after a "no" not before as many new fixes say so again."""
    if pins.find_open(turn.connection, customer.id) is not None:
        return False
    refused = pins.find_refused(turn.connection, customer.id, [Why.DRIFT, Why.MOVED, Why.PIN_WRONG])
    return refused is None or all(on > local_date(refused.decided_at, turn.zone) for on in seen_on[:3])


def confirm(turn: Turn, pin: Row[Any]) -> None:
    """The place is the customer's: a person has vouched for it."""
    _put(turn, pin.customer_id, Point(pin.latitude, pin.longitude), "confirmed")


def refuse(turn: Turn, pin: Row[Any]) -> None:
    """It is not: a customer who had no confirmed place has none again, and the next visit proposes one."""
    _forget_proposed(turn, pin.customer_id)


def take_back(turn: Turn, visit: Visit) -> None:
    """A visit was given up: the place that it proposed goes with it."""
    if pins.close(turn.connection, visit.customer.id, "withdrawn", of_visit=visit.id):
        _forget_proposed(turn, visit.customer.id)


def _forget_proposed(turn: Turn, customer_id: int) -> None:
    """A place that waits for nobody's word any more would never be confirmed, and doubt every visit for ever."""
    if customers.get(turn.connection, customer_id).is_proposed:
        _take_away(turn, customer_id)


def _propose(
    turn: Turn, customer: Customer, why: Why, located: Located, visit_id: int | None, metres: float | None = None
) -> None:
    if metres is None and customer.position is not None:
        metres = distance(customer.position, located.point)
    pins.propose(
        turn.connection,
        customer.id,
        turn.now,
        why=why.value,
        latitude=located.point.latitude,
        longitude=located.point.longitude,
        accuracy=located.accuracy,
        metres=metres,
        person_id=turn.person.id,
        visit_id=visit_id,
    )


def _put(turn: Turn, customer_id: int, point: Point, source: str, **vouched: float) -> None:
    where = {"latitude": point.latitude, "longitude": point.longitude, "datum": "wgs84", "position_from": source}
    nobody = {"vouched_latitude": None, "vouched_longitude": None}
    customers.change(turn.connection, customer_id, **where, **{**nobody, **vouched})


def _take_away(turn: Turn, customer_id: int) -> None:
    nowhere = ("latitude", "longitude", "datum", "position_from", "vouched_latitude", "vouched_longitude")
    customers.change(turn.connection, customer_id, **dict.fromkeys(nowhere))
