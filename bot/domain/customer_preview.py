"""What a customer list would change: which of its rows are new, which differ from what we know and in what."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from bot.domain.customer import Customer, SheetCustomer
from bot.domain.customer_problem import Field, Problem, Reason
from bot.domain.geography import Point, bounding_box, distance
from bot.domain.search import name_key

# A row without an id is the customer of that name within this distance: wide enough for a geocoder's
# and a datum's error, narrow enough for the next shop of a chain.
_SAME_CUSTOMER_METRES = 500
# A position that was learned in the street differs from a list's by centimetres only if it is the same.
_SAME_POINT_METRES = 1.0
_COMPARED = (
    *("external_id", "name", "aliases", "grade", "class_", "tags", "industry", "region", "address"),
    *("fence_radius", "contact_name", "phone", "note", "owner_id"),
)


@dataclass(frozen=True)
class FieldChange:
    """One value that would be replaced; `field` is the attribute's name, `position` for the whole position."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Change:
    """A row that differs from the customer it means. `after` is the customer as he would be."""

    row: SheetCustomer
    before: Customer
    after: Customer
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True)
class Preview:
    """Every row of a list is in exactly one of these; `problems` are rows that may mean several customers."""

    new: tuple[SheetCustomer, ...]
    changed: tuple[Change, ...]
    unchanged: tuple[SheetCustomer, ...]
    problems: tuple[Problem, ...]


def compare(rows: Sequence[SheetCustomer], existing: Iterable[Customer]) -> Preview:
    """Match each row with a customer, by external id, else by name and nearness, and list the differences.

    An empty cell says nothing and erases nothing. A customer whose position was refined since an earlier import keeps
    it as long as the list gives the same degrees again, so the same file twice changes nothing.
    """
    if any(row.given_latitude is not None and row.position is None for row in rows):
        raise ValueError("ask for the datum first: a row has degrees that mean no place yet")
    meant, problems = _match(rows, tuple(existing))
    new, changed, unchanged = [], [], []
    refused = {problem.row for problem in problems}
    for row in rows:
        if row.row in refused:
            continue
        customer = meant.get(row.row)
        if customer is None:
            new.append(row)
        elif fields := _differences(row, customer):
            changed.append(Change(row, customer, _changed(row, customer, fields), fields))
        else:
            unchanged.append(row)
    return Preview(tuple(new), tuple(changed), tuple(unchanged), tuple(problems))


def created(row: SheetCustomer, customer_id: int) -> Customer:
    """The customer that a new row makes."""
    return Customer(
        customer_id,
        **{field: getattr(row, field) for field in _COMPARED},
        position=row.position,
        given_latitude=row.given_latitude,
        given_longitude=row.given_longitude,
        datum=row.datum,
    )


def _differences(row: SheetCustomer, customer: Customer) -> tuple[FieldChange, ...]:
    changes = [
        FieldChange(field, getattr(customer, field), getattr(row, field))
        for field in _COMPARED
        if getattr(row, field) not in (None, "", ()) and not _equal(getattr(row, field), getattr(customer, field))
    ]
    if row.position and not _same_position(row, customer):
        changes.append(FieldChange("position", customer.position, row.position))
    return tuple(changes)


def _equal(new: Any, old: Any) -> bool:
    # Tags and aliases have no order.
    return set(new) == set(old) if isinstance(new, tuple) else bool(new == old)


def _same_position(row: SheetCustomer, customer: Customer) -> bool:
    assert row.position and row.given_latitude is not None and row.given_longitude is not None
    if customer.given_latitude is None or customer.given_longitude is None:
        return customer.position is not None and distance(row.position, customer.position) <= _SAME_POINT_METRES
    given = Point(row.given_latitude, row.given_longitude)
    before = Point(customer.given_latitude, customer.given_longitude)
    return row.datum == customer.datum and distance(given, before) <= _SAME_POINT_METRES


def _changed(row: SheetCustomer, customer: Customer, fields: Iterable[FieldChange]) -> Customer:
    values = {change.field: change.new for change in fields}
    if "position" in values:
        values |= {
            "given_latitude": row.given_latitude,
            "given_longitude": row.given_longitude,
            "datum": row.datum,
        }
    return replace(customer, **values)


def _match(rows: Sequence[SheetCustomer], existing: tuple[Customer, ...]) -> tuple[dict[int, Customer], list[Problem]]:
    """The customer that each row means, by row number; rows that are missing mean a new one."""
    by_id = {customer.external_id: customer for customer in existing if customer.external_id}
    meant = {row.row: by_id[row.external_id] for row in rows if row.external_id in by_id}
    taken = {customer.id for customer in meant.values()}

    unmatched: defaultdict[str, list[SheetCustomer]] = defaultdict(list)
    for row in rows:
        if row.row not in meant:
            unmatched[name_key(row.name)].append(row)
    namesakes: defaultdict[str, list[Customer]] = defaultdict(list)
    for customer in existing:
        if customer.id not in taken and (name := name_key(customer.name)) in unmatched:
            namesakes[name].append(customer)

    problems: list[Problem] = []
    for name, customers in namesakes.items():
        problems += _match_namesakes(unmatched[name], customers, meant)
    return meant, problems


def _match_namesakes(
    rows: Sequence[SheetCustomer], customers: Sequence[Customer], meant: dict[int, Customer]
) -> list[Problem]:
    """Give each row the nearest customer of its name that is free, the nearest pairs first; then go by the name."""
    free = {customer.id: customer for customer in customers}
    for _, row_number, customer_id in sorted(_near_pairs(rows, customers)):
        if row_number not in meant and customer_id in free:
            meant[row_number] = free.pop(customer_id)

    problems = []
    for row in rows:
        if row.row in meant:
            continue
        # Without a distance the name alone decides, if it can mean only one.
        possible = (other for other in free.values() if _may_be(row, other) and not (row.position and other.position))
        match list(islice(possible, 2)):
            case [customer]:
                meant[row.row] = free.pop(customer.id)
            case [_, _]:
                problems.append(Problem(Reason.AMBIGUOUS_CUSTOMER, row.row, Field.NAME, row.name))
    return problems


def _near_pairs(rows: Iterable[SheetCustomer], customers: Iterable[Customer]) -> Iterator[tuple[float, int, int]]:
    """Metres, row number and customer id of all that may be one; a chain has thousands, so by latitude first."""
    placed = sorted(
        ((customer.position.latitude, customer.id, customer) for customer in customers if customer.position),
    )
    latitudes = [latitude for latitude, _, _ in placed]
    for row in rows:
        if row.position is None:
            continue
        box = bounding_box(row.position, _SAME_CUSTOMER_METRES)
        for _, _, customer in placed[bisect_left(latitudes, box.south) : bisect_right(latitudes, box.north)]:
            assert customer.position
            metres = distance(row.position, customer.position)
            if metres <= _SAME_CUSTOMER_METRES and _may_be(row, customer):
                yield metres, row.row, customer.id


def _may_be(row: SheetCustomer, customer: Customer) -> bool:
    """Two ids that differ are two customers, whatever their names."""
    return not (row.external_id and customer.external_id)
