"""Which customer each rep saw on which of the last days, and in what order: the dates of the invented history."""

from collections.abc import Mapping
from datetime import date, timedelta

from bot.demo.customers import Invented
from bot.domain.calendar import WorkingDays
from bot.domain.geography import Point, distance

WEEKS = timedelta(weeks=4)
MOST_A_DAY = 6
YESTERDAY = 4  # visits of the last working day: its digest opens the demo
_PACE = {"A": timedelta(days=7), "B": timedelta(days=14), "": WEEKS}  # without a grade: met lately, and seen once


def days_of(customers: Mapping[int, Invented], today: date, calendar: WorkingDays) -> dict[date, list[int]]:
    """Customer ids by working day before `today`, the oldest day first, each day in the order of a short way.

    Who has a pace was last seen as many days ago as his line says, or on the working day before,
    and at his pace before that; the others fill the emptiest days. Those seen most recently were seen on the last
    working day.
    """
    worked = _worked_days(today, calendar)
    days: dict[date, list[int]] = {on: [] for on in worked}
    seen = {customer_id: one.line.seen for customer_id, one in customers.items() if one.line.seen is not None}
    recent = sorted(seen, key=lambda customer_id: seen[customer_id])[:YESTERDAY]
    days[worked[-1]] += recent
    for customer_id, days_ago in seen.items():
        pace = _PACE.get(customers[customer_id].line.grade)
        if pace is None:
            continue
        on = worked[-1] - pace if customer_id in recent else today - timedelta(days=days_ago)
        while (placed := _day_with_room(days, on)) is not None:
            days[placed].append(customer_id)
            on = placed - pace
    for customer_id in seen:
        if customers[customer_id].line.grade not in _PACE and customer_id not in recent:
            days[min(worked[:-1], key=lambda day: len(days[day]))].append(customer_id)
    return {on: _short_way(ids, customers) for on, ids in days.items() if ids}


def _day_with_room(days: Mapping[date, list[int]], on: date) -> date | None:
    """The last day up to a date on which somebody else fits in; None where the weeks begin before it."""
    return max((day for day, seen in days.items() if day <= on and len(seen) < MOST_A_DAY), default=None)


def _worked_days(today: date, calendar: WorkingDays) -> list[date]:
    """The working days of the last weeks; more than one even after the longest holidays."""
    first = today - WEEKS
    every = (first + timedelta(days=number) for number in range(WEEKS.days))
    return [on for on in every if calendar.is_working_day(on)]


def _short_way(customer_ids: list[int], customers: Mapping[int, Invented]) -> list[int]:
    """From the northernmost always to the nearest one left."""
    left = sorted(customer_ids, key=lambda customer_id: -customers[customer_id].line.latitude)
    way = [left.pop(0)]
    while left:
        here = place_of(customers[way[-1]])
        left.sort(key=lambda customer_id: distance(here, place_of(customers[customer_id])))
        way.append(left.pop(0))
    return way


def place_of(customer: Invented) -> Point:
    """Where the customer is."""
    return Point(customer.line.latitude, customer.line.longitude)
