"""The last four weeks of the invented company: every visit of its reps, as it would have been reported."""

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import cycle

from bot.demo.customers import Invented
from bot.demo.rota import days_of, place_of
from bot.demo.stories import CHECKS, TALKS, Story
from bot.domain.calendar import WorkingDays, instant
from bot.domain.conversation import Located
from bot.domain.geography import Point, distance
from bot.domain.people import Person

METRES_PER_DEGREE = 111_320
BEGINS = time(9, 10)
LUNCH = (time(11, 50), time(13, 10))
METRES_A_MINUTE = 280  # through a city, by whatever comes first
TODAY_AT = time(14, 30)  # a promise of today that is still to come when the demo begins


class Mishap(StrEnum):
    """What makes a visit one for its manager to look at."""

    WEAK_SIGNAL = "weak_signal"
    MET_ELSEWHERE = "met_elsewhere"
    SHORT = "short"
    LATE = "late"


_IN_SO_MANY = 29
_MISHAPS = {5: Mishap.WEAK_SIGNAL, 17: Mishap.SHORT, 23: Mishap.LATE}


@dataclass(frozen=True)
class Past:
    """A visit that was made and reported. `kept_at` tells when its promise was kept; None while it is open."""

    rep: Person
    customer_id: int
    customer: Invented
    checked_in_at: datetime
    stay: timedelta
    located: Located
    reason: str
    story: Story
    sent_at: datetime
    stock: int
    promise_on: date | None = None
    promise_at: time | None = None
    kept_at: datetime | None = None

    @property
    def visited_on(self) -> date:
        return self.checked_in_at.astimezone(self.rep.zone).date()


def invent(rep: Person, customers: Mapping[int, Invented], today: date, calendar: WorkingDays) -> list[Past]:
    """A rep's visits, the oldest first: the same for the same day, with a few mishaps and open promises."""
    luck = random.Random(rep.telegram_id)  # noqa: S311 - a story, no secret
    days = days_of(customers, today, calendar)
    told: list[Past] = []
    stories = {True: cycle(CHECKS[rep.language]), False: cycle(TALKS[rep.language])}
    for on, customer_ids in days.items():
        clock = datetime.combine(on, BEGINS, rep.zone) + timedelta(minutes=luck.randint(0, 20))
        here: Point | None = None
        for number, customer_id in enumerate(customer_ids):
            customer = customers[customer_id]
            there = place_of(customer)
            clock = _after_lunch(clock + _way(here, there))
            mishap = _mishap_of_last_day(rep, number) if on == max(days) else _MISHAPS.get(len(told) % _IN_SO_MANY)
            past = _visit(rep, customer_id, customer, clock, luck, next(stories[customer.is_store]), mishap)
            told.append(_promised(past, calendar, today))
            clock, here = clock + past.stay, there
    return _with_open_promises(told, today, calendar)


def _way(here: Point | None, there: Point) -> timedelta:
    metres = distance(here, there) if here is not None else 0
    return timedelta(minutes=6 + round(metres / METRES_A_MINUTE))


def _after_lunch(at: datetime) -> datetime:
    begins, ends = LUNCH
    return datetime.combine(at.date(), ends, at.tzinfo) if begins <= at.time() < ends else at


def _mishap_of_last_day(rep: Person, number: int) -> Mishap | None:
    """One for each rep, so that there is something to decide when the demo opens."""
    return (Mishap.MET_ELSEWHERE, Mishap.SHORT)[rep.telegram_id % 2] if number == 1 else None


def _visit(
    rep: Person,
    customer_id: int,
    customer: Invented,
    at: datetime,
    luck: random.Random,
    story: Story,
    mishap: Mishap | None,
) -> Past:
    stay = timedelta(minutes=luck.randint(14, 38), seconds=luck.randint(0, 59))
    metres, accuracy = luck.uniform(4, 40), luck.uniform(8, 35)
    match mishap:
        case Mishap.WEAK_SIGNAL:
            metres, accuracy = 260.0, 640.0
        case Mishap.MET_ELSEWHERE:
            metres, accuracy = 860.0, 18.0
        case Mishap.SHORT:
            stay = timedelta(minutes=3, seconds=luck.randint(5, 50))
    sent_at = at + stay + timedelta(minutes=luck.randint(2, 7))
    if mishap is Mishap.LATE:
        sent_at = datetime.combine(at.date() + timedelta(days=1), time(7, 40), at.tzinfo)
    return Past(
        rep=rep,
        customer_id=customer_id,
        customer=customer,
        checked_in_at=at,
        stay=stay,
        located=Located(_aside(place_of(customer), metres, luck), round(accuracy), live=luck.random() < 0.6),
        reason=mishap.value if mishap in (Mishap.WEAK_SIGNAL, Mishap.MET_ELSEWHERE) else "",
        story=story,
        sent_at=sent_at,
        stock=luck.randint(12, 90),
    )


def _aside(point: Point, metres: float, luck: random.Random) -> Point:
    """A point so many metres away in some direction: no phone finds the door to the last digit."""
    angle = luck.uniform(0, 2 * math.pi)
    north, east = metres * math.cos(angle), metres * math.sin(angle)
    width = METRES_PER_DEGREE * math.cos(math.radians(point.latitude))
    return Point(round(point.latitude + north / METRES_PER_DEGREE, 6), round(point.longitude + east / width, 6))


def _promised(past: Past, calendar: WorkingDays, today: date) -> Past:
    """The visit with its promise's date; those that were due before today were kept."""
    promise = past.story.promise
    if promise is None:
        return past
    on = calendar.next_working_day(past.visited_on + timedelta(days=promise.days))
    kept_at = instant(on, promise.at or time(16, 5), past.rep.zone) if on < today else None
    return replace(past, promise_on=on, promise_at=promise.at, kept_at=kept_at)


def _with_open_promises(told: list[Past], today: date, calendar: WorkingDays) -> list[Past]:
    """One promise forgotten, two due today, the others later in the week: a screen that can be read at a glance."""
    told = list(told)
    kept = [at for at, past in enumerate(told) if past.kept_at is not None]
    for at in kept[-1:]:
        told[at] = replace(told[at], kept_at=None)
    coming = [at for at, past in enumerate(told) if past.promise_on is not None and past.promise_on >= today]
    for number, at in enumerate(coming):
        match number:
            case 0:
                told[at] = replace(told[at], promise_on=today, promise_at=TODAY_AT)
            case 1:
                told[at] = replace(told[at], promise_on=today, promise_at=None)
            case _:
                later = calendar.next_working_day(today + timedelta(days=min(number, 6)))
                told[at] = replace(told[at], promise_on=later)
    return told
