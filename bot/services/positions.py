"""Where a customer is, as long as only a visit has said so."""

from bot.domain.customer import Customer
from bot.domain.geography import Point
from bot.domain.visit import Visit
from bot.services.turn import Turn
from storage import customers
from storage import visits as stored


def propose(turn: Turn, customer: Customer, point: Point) -> None:
    """A customer without a position: the first good fix is proposed, and stands until a manager says otherwise."""
    customers.change(
        turn.connection,
        customer.id,
        latitude=point.latitude,
        longitude=point.longitude,
        datum="wgs84",
        position_from="proposed",
    )


def take_back(turn: Turn, visit: Visit) -> None:
    """A visit was given up: the position that it proposed goes with it."""
    customer, row = customers.get_row(turn.connection, visit.customer.id), stored.get_row(turn.connection, visit.id)
    is_his = (customer.latitude, customer.longitude) == (row.latitude, row.longitude)
    if customer.position_from == "proposed" and is_his:
        nowhere = {"latitude": None, "longitude": None, "datum": None, "position_from": None}
        customers.change(turn.connection, visit.customer.id, **nowhere)
