"""Talking about live locations: begun, made longer, stopped or run out, and leaving a customer with one on."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.checkin import LOCATION_LASTS
from bot.domain.conversation import Input, Located, Pressed, Refusal
from bot.domain.evidence import Fix, refuse
from bot.domain.geography import Point
from bot.domain.people import Person, Role
from bot.domain.visit import Step, next_step
from bot.services import checkins, customer_pages, live_shares, visits, workdays
from bot.services.conversations import Flow
from bot.services.members import may_be_told
from bot.services.turn import Turn
from storage import conversations, location_fixes, people
from storage import location_shares as stored
from storage import visits as stored_visits
from storage.conversations import Place
from storage.database import Row

FLOW_NAME = "live"
AT_ONCE = 200  # shares of each kind in one tick; the next one takes the rest
FORGOTTEN_AT_ONCE = 10  # shares in one tick: some thousand places, and more than a company of 10,000 begins meanwhile
Resume = Callable[[Turn, Input], None]


def began(turn: Turn, located: Located, period: timedelta, resume: Resume) -> None:
    """A person shares his live location; whatever waits for a location takes it like any other."""
    person = turn.visitor
    if person is None or not person.active or refuse(located) is not None:
        resume(turn, located)
        return
    share = _share_of(turn) or stored.begin(turn.connection, person.id, *_message(turn), turn.now, turn.now + period)
    first = Fix(located.point, turn.now, located.accuracy, live=True)
    place = conversations.find_current(turn.connection, person.id)
    on_a_day = Role.REP in person.roles and live_shares.day_ends_at(turn, person) is not None
    if Role.REP in person.roles and place is not None and _is_at_customer(turn, place):
        _take_up(turn, person, share, first)
    elif place is not None and place.flow in (checkins.FLOW_NAME, visits.FLOW_NAME, customer_pages.FLOW_NAME):
        if on_a_day:
            live_shares.keep(turn, person, share, first)
        resume(turn, located)  # it is what was asked for
    elif on_a_day:
        _take_up(turn, person, share, first)
    elif Role.REP in person.roles and (place is None or place.flow == FLOW_NAME):
        _ask_what_for(turn, person, share, located)
    else:
        resume(turn, located)


def _message(turn: Turn) -> tuple[int, int]:
    assert turn.origin is not None and turn.origin.message_id is not None
    return turn.chat_id, turn.origin.message_id


def _share_of(turn: Turn) -> Row[Any] | None:
    return stored.find(turn.connection, *_message(turn))


def _is_at_customer(turn: Turn, place: Place) -> bool:
    """Whether his visit goes on; where only the check-out is missing, a location is meant for that."""
    if place.flow != visits.FLOW_NAME:
        return False
    visit = stored_visits.get(turn.connection, place.subject)
    if visit.is_checked_out:
        return False
    return next_step(visit) is not Step.CHECK_OUT or live_shares.shown_on(turn, visit) is not None


def _take_up(turn: Turn, rep: Person, share: Row[Any], first: Fix) -> None:
    """Keep a share for what he is at, once he has agreed to it."""
    agreed = stored.has_agreed(turn.connection, rep.id)
    if agreed is None:
        ask_consent(turn, share.id)
    elif not agreed:
        turn.say("live/not_kept")
    else:
        _tell_kept(turn, live_shares.keep(turn, rep, share, first))


def ask_consent(turn: Turn, share_id: int) -> None:
    """Ask once whether what he shares live may be kept; `share_id` is 0 where it is about a day to begin."""
    turn.say("live/consent", share_id=share_id, days=turn.policy.live_kept.days)


def _tell_kept(turn: Turn, share: Row[Any] | None) -> None:
    if share is None:
        return
    customer = stored_visits.get(turn.connection, share.visit_id).customer.name if share.visit_id else None
    turn.say("live/kept", customer=customer, until=share.kept_until.isoformat())


def moved(turn: Turn, located: Located, period: timedelta | None, resume: Resume) -> None:
    """What the way in could not store by itself: a share that was made longer, is waited for, or was stopped.

    One that was stopped has no `period` any more.
    """
    person, share = turn.visitor, _share_of(turn)
    if person is None or share is None or share.stopped_at is not None:
        return
    if period is None:
        _stopped(turn, share)
        return
    if share.until != share.began_at + period:
        share = stored.change(turn.connection, share.id, until=share.began_at + period)
        if share.kept_until is not None:
            live_shares.keep(turn, person, share)
    if share.awaited:
        stored.change(turn.connection, share.id, awaited=False)
        if checkins.waits_for_location(turn, person):
            resume(turn, located)
            return
    share = stored.find(turn.connection, share.chat_id, share.message_id)
    if share is not None and share.kept_until is not None and turn.now <= share.kept_until:
        location_fixes.add(turn.connection, share, Fix(located.point, turn.now, located.accuracy, live=True))


def _stopped(turn: Turn, share: Row[Any]) -> None:
    _say_over(turn, turn.person, share, stopped=True)
    stored.change(turn.connection, share.id, **{**stored.NOTHING_KEPT, "stopped_at": turn.now, "awaited": False})


def _say_over(turn: Turn, rep: Person, share: Row[Any], *, stopped: bool) -> None:
    """Nothing is closed by it, and he hears so; nothing is said of what was not kept."""
    if share.kept_until is None or not may_be_told(rep):
        return
    customer = stored_visits.get(turn.connection, share.visit_id).customer.name if share.visit_id else None
    day = stored.find_day(turn.connection, rep.id, turn.now.astimezone(rep.zone).date())
    day_goes_on = day is not None and day.ended_at is None and turn.now < day.until
    turn.say("live/over", to=rep, customer=customer, stopped=stopped, day_goes_on=day_goes_on)


# --- what for ---------------------------------------------------------------------------------


def _ask_what_for(turn: Turn, rep: Person, share: Row[Any], located: Located) -> None:
    at = located.point
    state = {"point": [at.latitude, at.longitude], "accuracy": located.accuracy, "at": turn.now.isoformat()}
    place = conversations.begin(turn.connection, rep.id, FLOW_NAME, turn.now, subject=share.id, state=state)
    ask(turn, place)


def ask(turn: Turn, place: Place) -> None:
    """What the live location is for: nothing of it is kept before that is said."""
    rep = turn.require(Role.REP)
    turn.ask(place, "live/what_for", in_hours=live_shares.hours_end_at(turn, rep) is not None)


def given(turn: Turn, place: Place, what: Input) -> None:
    """There are buttons for it."""
    raise Refusal("conversation/choose")


def cancel(turn: Turn, place: Place) -> bool:
    """It is for nothing."""
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    turn.say("live/not_kept")
    return True


def pressed(turn: Turn, place: Place | None, press: Pressed) -> None:
    """What it is for, the answer to the consent, or whether he has left his customer."""
    rep = turn.require(Role.REP)
    choice, _, detail = press.choice.partition("-")
    match choice:
        case "agree":
            _agree(turn, rep, press.subject)
        case "decline":
            stored.answer(turn.connection, rep.id, given=False, now=turn.now)
            turn.say("live/declined")
        case "left" if detail.isdigit():
            _leave(turn, rep, press.subject, datetime.fromtimestamp(int(detail), UTC))
        case "still":
            turn.say("live/still")
        case "visit" | "day" | "nothing" if place is not None and press.revision:
            _for_what(turn, rep, place, choice)
        case _:
            raise Refusal("conversation/changed")


def _for_what(turn: Turn, rep: Person, place: Place, choice: str) -> None:
    conversations.end(turn.connection, rep.id, FLOW_NAME)
    state = place.state
    if choice == "nothing":
        turn.say("live/not_kept")
    elif choice == "day":
        workdays.begin(turn, rep)
    elif turn.now - datetime.fromisoformat(state["at"]) <= LOCATION_LASTS:
        checkins.at_location(turn, Located(Point(*state["point"]), state["accuracy"], live=True))
    else:
        checkins.command_visit(turn)


def _agree(turn: Turn, rep: Person, share_id: int) -> None:
    stored.answer(turn.connection, rep.id, given=True, now=turn.now)
    if not share_id:
        workdays.begin(turn, rep)
        return
    share = stored.find_running(turn.connection, rep.id, turn.now)
    kept = live_shares.keep(turn, rep, share) if share is not None and share.id == share_id else None
    if kept is None:
        turn.say("live/agreed")
    _tell_kept(turn, kept)


def _leave(turn: Turn, rep: Person, visit_id: int, left_at: datetime) -> None:
    """He checks out as of when his phone left."""
    place = conversations.find(turn.connection, rep.id, visits.FLOW_NAME)
    if place is None or place.subject != visit_id:
        raise Refusal("conversation/changed")
    visits.check_out_at(turn, place, visits.own(turn, place), left_at)


# --- the tick ---------------------------------------------------------------------------------


def tick(turn: Turn) -> None:
    """Shares that are kept no longer, reps who have left their customer, and places that are to be forgotten."""
    location_fixes.forget_before(turn.connection, turn.now - turn.policy.live_kept, FORGOTTEN_AT_ONCE)
    for share in stored.list_ended(turn.connection, turn.now, AT_ONCE):
        turn.cause = f"live-over:{share.id}:{share.kept_until.isoformat()}"
        _say_over(turn, people.get(turn.connection, share.person_id), share, stopped=False)
        stored.change(turn.connection, share.id, **stored.NOTHING_KEPT)
    for share in stored.list_left(turn.connection, turn.now - turn.policy.live_left_after, AT_ONCE):
        turn.cause = f"left:{share.id}:{share.left_at.isoformat()}"
        stored.change(turn.connection, share.id, asked=True)
        visit = stored_visits.get(turn.connection, share.visit_id)
        rep = people.get(turn.connection, share.person_id)
        if may_be_told(rep) and not visit.is_checked_out:
            at = {"at": share.left_at.isoformat(), "seconds": int(share.left_at.timestamp())}
            turn.say("live/left", to=rep, visit_id=visit.id, customer=visit.customer.name, **at)


FLOW = Flow(given=given, pressed=pressed, ask=ask, cancel=cancel, standing=True)
