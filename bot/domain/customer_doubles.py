"""Find the rows of a customer list that say the same customer twice."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator

from bot.domain.customer import SheetCustomer
from bot.domain.customer_problem import Field, Problem, Reason
from bot.domain.geography import Point, distance
from bot.domain.search import name_key

# Two rows of one name as near as this are one shop that was listed twice.
_SAME_PLACE_METRES = 50
# Cells of a grid that are larger than that everywhere south of 84°, so that twins are in neighbouring cells.
_CELL_LATITUDE, _CELL_LONGITUDE = 0.001, 0.005


def find_doubles(customers: Iterable[SheetCustomer]) -> Iterator[Problem]:
    """The later of two rows with one id, or of one name at one place; the first of them stays.

    A chain lists thousands of shops under one name, so rows are looked up, not compared with each other.
    """
    by_id: dict[str, SheetCustomer] = {}
    namesakes = _Namesakes()
    for customer in customers:
        known = customer.external_id
        if known is not None and (first := by_id.setdefault(known, customer)) is not customer:
            yield Problem(Reason.DOUBLE_ID, customer.row, Field.EXTERNAL_ID, known, other_row=first.row)
        elif twin := namesakes.find_twin(customer):
            yield Problem(Reason.DOUBLE_CUSTOMER, customer.row, Field.NAME, customer.name, other_row=twin.row)
        else:
            namesakes.add(customer)


class _Namesakes:
    """The rows so far, to be found by name and place or, where a place is missing, by name and address."""

    def __init__(self) -> None:
        self._by_cell: defaultdict[tuple[str, int, int], list[SheetCustomer]] = defaultdict(list)
        # Keyed by name, has a place, has an id, and address (None: any address).
        self._by_address: dict[tuple[str, bool, bool, str | None], SheetCustomer] = {}

    def add(self, customer: SheetCustomer) -> None:
        name, place = name_key(customer.name), _place(customer)
        for address in (customer.address, None):
            self._by_address.setdefault((name, place is not None, customer.external_id is not None, address), customer)
        if place:
            self._by_cell[name, *_cell(place)].append(customer)

    def find_twin(self, customer: SheetCustomer) -> SheetCustomer | None:
        """An earlier row that is the same customer, as far as the rows tell."""
        place = _place(customer)
        return (self._find_near(customer, place) if place else None) or self._find_by_address(customer, place)

    def _find_near(self, customer: SheetCustomer, place: Point) -> SheetCustomer | None:
        name = name_key(customer.name)
        north, east = _cell(place)
        for row in (north - 1, north, north + 1):
            for column in (east - 1, east, east + 1):
                for other in self._by_cell.get((name, row, column), ()):
                    there = _place(other)
                    if there and distance(place, there) <= _SAME_PLACE_METRES:
                        return other
        return None

    def _find_by_address(self, customer: SheetCustomer, place: Point | None) -> SheetCustomer | None:
        """Where one of two has no place: the same unless both have an id, or both an address, and these differ."""
        addresses = (customer.address, "") if customer.address else (None,)
        for has_place in (False,) if place else (False, True):
            for has_id in (False,) if customer.external_id else (False, True):
                for address in addresses:
                    if found := self._by_address.get((name_key(customer.name), has_place, has_id, address)):
                        return found
        return None


def _place(customer: SheetCustomer) -> Point | None:
    # As given: two near points are shifted alike, so their distance is right in any datum.
    if customer.given_latitude is None or customer.given_longitude is None:
        return None
    return Point(customer.given_latitude, customer.given_longitude)


def _cell(place: Point) -> tuple[int, int]:
    return math.floor(place.latitude / _CELL_LATITUDE), math.floor(place.longitude / _CELL_LONGITUDE)
