"""Checking in: purpose, location, customer, and a reason where one is needed; remotely, purpose and customer alone."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.conversation import Located, Refusal
from bot.domain.evidence import Arrival, refuse
from bot.domain.shipped import REMOTE_CONTACT
from bot.domain.visit import Purpose

LOCATION_LASTS = timedelta(minutes=15)  # long enough to type a reason in the rain, too short for the next town


class Step(StrEnum):
    """What is asked, in this order."""

    PURPOSE = "purpose"
    LOCATION = "location"
    CUSTOMER = "customer"
    REASON = "reason"
    AGAIN = "again"
    READY = "ready"


@dataclass(frozen=True)
class CheckIn:
    """What the rep has told so far. `located` None with `no_location` means that he gives none.

    `reason` answers "why is the location missing or off", `again_reason` "why a second visit today". `off_site`: he
    fills in a form of a sale without being at the customer's.
    """

    type: str
    purpose: Purpose | None = None
    located: Located | None = None
    located_at: datetime | None = None
    no_location: bool = False
    customer_id: int | None = None
    reason: str = ""
    again_reason: str = ""
    off_site: bool = False

    @property
    def is_remote(self) -> bool:
        """Nobody goes anywhere: there is no place to prove, and no reason to give for it."""
        return self.off_site or self.type == REMOTE_CONTACT.type


def next_step(check_in: CheckIn, arrival: Arrival | None, now: datetime, *, visited_today: bool) -> Step:
    """The first thing still missing; `arrival` is the judged location once the customer is known."""
    if check_in.purpose is None:
        return Step.PURPOSE
    if check_in.is_remote:
        return Step.READY if check_in.customer_id is not None else Step.CUSTOMER
    if not check_in.no_location and not is_fresh(check_in, now):
        return Step.LOCATION
    if check_in.customer_id is None or arrival is None:
        return Step.CUSTOMER
    if arrival.needs_reason and not check_in.reason:
        return Step.REASON
    return Step.AGAIN if visited_today and not check_in.again_reason else Step.READY


def is_fresh(check_in: CheckIn, now: datetime) -> bool:
    """Whether the location says where he is now: a rep who sent it and then drove on sends it again."""
    return check_in.located_at is not None and now - check_in.located_at <= LOCATION_LASTS


def at(check_in: CheckIn, located: Located, now: datetime) -> CheckIn:
    """The rep's location; refuses one that is not his own phone's."""
    why = refuse(located)
    if why is not None:
        raise Refusal(f"checkin/{why}")
    here = replace(check_in, located=located, located_at=now, no_location=False, off_site=False)
    return replace(here, customer_id=None, reason="")


def because(check_in: CheckIn, step: Step, reason: str) -> CheckIn:
    """The reason that was asked for; a few words, not a dot."""
    reason = reason.strip()
    if len(reason) < 2:
        raise Refusal("checkin/reason_too_short")
    reason = reason[:500]
    return replace(check_in, again_reason=reason) if step is Step.AGAIN else replace(check_in, reason=reason)
