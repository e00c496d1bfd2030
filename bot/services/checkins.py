"""Checking in, step by step; at its end the visit begins."""

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from bot.domain import checkin
from bot.domain.cadence import days_since
from bot.domain.calendar import local_date
from bot.domain.checkin import CheckIn, Step
from bot.domain.conversation import Chose, Input, Located, Pressed, Refusal, Said
from bot.domain.customer import Customer
from bot.domain.evidence import Arrival, judge_arrival
from bot.domain.geography import Point
from bot.domain.people import Person, Role
from bot.domain.visit import Purpose
from bot.services import arrivals, live_shares, transitions, visit_cards, visit_types, visits
from bot.services.conversations import Flow
from bot.services.turn import Turn
from storage import conversations, customers, people, search
from storage import visits as stored
from storage.conversations import Place

FLOW_NAME = "checkin"
OFFERED = 8  # customers on one screen of a phone
# As templates/messages/reasons.html has them
REASONS = ("weak_signal", "met_elsewhere", "pin_wrong", "customer_moved", "large_site")


def command_visit(turn: Turn, _argument: str = "") -> None:
    """`/visit`: go on with the open visit, or begin to check in."""
    rep = turn.require(Role.REP)
    if visits.resume_open(turn, rep):
        return
    _begin(turn, rep, CheckIn(visit_types.usual(turn, rep)))


def at_location(turn: Turn, located: Located) -> None:
    """A location out of the blue: begin a check-in that has its location already."""
    rep = turn.require(Role.REP)
    if visits.resume_open(turn, rep):
        return
    _begin(turn, rep, checkin.at(CheckIn(visit_types.usual(turn, rep, on_site=True)), located, turn.now))


def at_customer(turn: Turn, customer_id: int) -> None:
    """A customer was opened and "visit" tapped: begin a check-in that knows its customer."""
    rep = turn.require(Role.REP)
    customer = get_for(turn, rep, customer_id)
    if visits.resume_open(turn, rep):
        return
    _begin(turn, rep, CheckIn(visit_types.usual(turn, rep), customer_id=customer.id))


def get_for(turn: Turn, person: Person, customer_id: int) -> Customer:
    """A customer, if this person may work on him: a rep sees his own and those of nobody."""
    customer = customers.find(turn.connection, customer_id)
    if customer is None:
        raise Refusal("conversation/changed")
    if Role.ADMIN in person.roles or customer.owner_id in (None, person.id):
        return customer
    if Role.MANAGER in person.roles and person.may_see(people.get(turn.connection, customer.owner_id)):
        return customer
    raise Refusal("checkin/not_yours")


def _begin(turn: Turn, rep: Person, check_in: CheckIn) -> None:
    place = conversations.begin(turn.connection, rep.id, FLOW_NAME, turn.now, state=_store(check_in))
    ask(turn, place)


def ask(turn: Turn, place: Place) -> None:
    """Put the step's question, or begin the visit when nothing is missing."""
    rep = turn.require(Role.REP)
    check_in = _read(place)
    customer = get_for(turn, rep, check_in.customer_id) if check_in.customer_id is not None else None
    arrival = _judge(turn, rep, check_in, customer)
    match _step(turn, rep, check_in, arrival):
        case Step.PURPOSE:
            _ask_purpose(turn, place, check_in, customer)
        case Step.LOCATION:
            _ask_location(turn, rep, place, check_in, customer)
        case Step.CUSTOMER:
            _offer(turn, rep, place, check_in)
        case Step.REASON:
            assert customer is not None and arrival is not None
            facts = [visit_cards.flag_json(flag) for flag in arrival.flags]
            held_back = transitions.hides(turn, rep)
            turn.ask(place, "checkin/reason", customer=customer.name, flags=facts, held_back=held_back)
        case Step.AGAIN:
            assert customer is not None
            turn.ask(place, "checkin/again", customer=customer.name)
        case Step.READY if check_in.type not in visit_types.titles(turn):
            visit_types.offer(turn, place, check_in.type, papers=check_in.type in visit_types.PAPERS, withdrawn=True)
        case Step.READY:
            assert customer is not None
            visit_id = arrivals.check_in(turn, rep, check_in, customer, arrival)
            conversations.end(turn.connection, rep.id, FLOW_NAME)
            visits.begin(turn, rep, visit_id)


def _ask_location(turn: Turn, rep: Person, place: Place, check_in: CheckIn, customer: Customer | None) -> None:
    """His live location answers it, where one runs; within working hours he is told of that way.

    A form of a sale may be filled in anywhere: there he is asked all the same.
    """
    may_be_off_site = check_in.type in visit_types.PAPERS
    seen = live_shares.newest_place(turn, rep) if not may_be_off_site else None
    if seen is not None:
        here = checkin.at(check_in, Located(seen.point, seen.accuracy, live=True), seen.at)
        _go_on(turn, place, replace(here, customer_id=check_in.customer_id))
        return
    turn.ask(
        place,
        "checkin/location",
        customer=customer.name if customer is not None else None,
        may_be_off_site=may_be_off_site,
        live=live_shares.await_place(turn, rep),
        offers_live=live_shares.hours_end_at(turn, rep) is not None,
    )


def waits_for_location(turn: Turn, rep: Person) -> bool:
    """Whether the question that is open is where he is."""
    place = conversations.find_current(turn.connection, rep.id)
    if place is None or place.flow != FLOW_NAME:
        return False
    check_in = _read(place)
    customer = get_for(turn, rep, check_in.customer_id) if check_in.customer_id is not None else None
    return _step(turn, rep, check_in, _judge(turn, rep, check_in, customer)) is Step.LOCATION


def _ask_purpose(turn: Turn, place: Place, check_in: CheckIn, customer: Customer | None) -> None:
    """Purpose and type stand in one message; a type that was withdrawn meanwhile gives way to another."""
    types = visit_types.titles(turn)
    if check_in.type not in types:
        check_in = replace(check_in, type=next(iter(types)))
        place = conversations.save(turn.connection, place, _store(check_in))
    name = customer.name if customer else None
    turn.ask(place, "checkin/purpose", title=types[check_in.type], several=len(types) > 1, customer=name)


def _step(turn: Turn, rep: Person, check_in: CheckIn, arrival: Arrival | None) -> Step:
    may_repeat = check_in.type in visit_types.PAPERS  # a form is filled in after the visit that it is about
    again = (
        check_in.customer_id is not None
        and not may_repeat
        and stored.visited_on(turn.connection, rep.id, check_in.customer_id, turn.today)
    )
    return checkin.next_step(check_in, arrival, turn.now, visited_today=again)


def _judge(turn: Turn, rep: Person, check_in: CheckIn, customer: Customer | None) -> Arrival | None:
    if customer is None or check_in.is_remote or (check_in.located is None and not check_in.no_location):
        return None
    policy = turn.policy_for(person=rep, customer=customer, visit_type=check_in.type)
    confirmed = not customer.is_proposed
    return judge_arrival(check_in.located, customer.position, policy.fence_radius, policy, confirmed=confirmed)


def _offer(turn: Turn, rep: Person, place: Place, check_in: CheckIn) -> None:
    """Customers near the point, nearest first; without a point the rep types a name."""
    located = check_in.located if not check_in.is_remote else None
    if located is None:
        turn.ask(place, "checkin/which", near=[], reach=0, remote=check_in.is_remote)
        return
    policy = turn.policy_for(person=rep, visit_type=check_in.type)
    reach = policy.check_in_nearby + min(located.accuracy or 0, policy.fence_flagged)
    near = customers.find_near(turn.connection, located.point, reach, owners=[rep.id], limit=OFFERED)
    offered = [_line(turn, customer, away) for customer, away in near]
    turn.ask(place, "checkin/which", near=offered, reach=reach)


def _line(turn: Turn, customer: Customer, away: float | None) -> dict[str, Any]:
    last = customers.get_row(turn.connection, customer.id).last_visit_at
    days = days_since(local_date(last, turn.zone) if last is not None else None, turn.today)
    return {"id": customer.id, "name": customer.name, "grade": customer.grade, "metres": away, "days": days}


def given(turn: Turn, place: Place, what: Input) -> None:
    """A location, a name to look for, or a reason."""
    rep = turn.require(Role.REP)
    check_in = _read(place)
    customer = get_for(turn, rep, check_in.customer_id) if check_in.customer_id is not None else None
    step = _step(turn, rep, check_in, _judge(turn, rep, check_in, customer))
    match step, what:
        case _, Located() if check_in.is_remote and not check_in.off_site:
            raise Refusal("checkin/no_location_needed")
        case _, Located():
            named = check_in.customer_id if step is Step.LOCATION else None
            _go_on(turn, place, replace(checkin.at(check_in, what, turn.now), customer_id=named))
        case Step.LOCATION, Chose("no_location"):
            _go_on(turn, place, replace(check_in, no_location=True, located=None, located_at=None))
        case Step.LOCATION, Chose("off_site") if check_in.type in visit_types.PAPERS:
            _go_on(turn, place, replace(check_in, off_site=True))
        case ((Step.LOCATION | Step.CUSTOMER), Said(text)):
            _look_for(turn, rep, place, text)
        case ((Step.REASON | Step.AGAIN), Said(text)):
            _go_on(turn, place, checkin.because(check_in, step, text))
        case Step.LOCATION, _:
            raise Refusal("checkin/location_wanted")
        case ((Step.REASON | Step.AGAIN), _):
            raise Refusal("checkin/reason_wanted")
        case _:
            raise Refusal("conversation/choose")


def _look_for(turn: Turn, rep: Person, place: Place, text: str) -> None:
    found = search.find(turn.connection, text, owners=[rep.id], limit=OFFERED)
    if not found:
        raise Refusal("customer/none_found", text=text)
    check_in = _read(place)
    located = check_in.located if not check_in.is_remote else None
    lines = [_line(turn, customer, customer.metres_from(located.point) if located else None) for customer in found]
    turn.ask(place, "checkin/found", text=text, found=lines, remote=check_in.is_remote)


def pressed(turn: Turn, place: Place | None, press: Pressed) -> None:
    """A purpose, another type of visit, or a customer."""
    rep = turn.require(Role.REP)
    if place is None:
        raise Refusal("conversation/changed")
    check_in = _read(place)
    choice, _, detail = press.choice.partition("-")
    if choice in ("types", "papers"):
        visit_types.offer(turn, place, check_in.type, papers=choice == "papers")
    elif choice == "type" and detail in visit_types.titles(turn):
        _go_on(turn, place, replace(check_in, type=detail, off_site=False))
    elif choice == "purpose" and detail in set(Purpose):
        _go_on(turn, place, replace(check_in, purpose=Purpose(detail)))
    elif choice == "customer" and detail.isdigit():
        customer = get_for(turn, rep, int(detail))
        _go_on(turn, place, replace(check_in, customer_id=customer.id))
    elif choice == "reason" and detail in REASONS:
        _go_on(turn, place, replace(check_in, reason=detail))
    elif choice == "elsewhere":
        _go_on(
            turn,
            place,
            CheckIn(check_in.type, check_in.purpose),
        )
    else:
        raise Refusal("conversation/changed")


def cancel(turn: Turn, place: Place) -> bool:
    """Nothing was checked in yet: forget it."""
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    visits.say_cancelled(turn, "checkin/cancelled")
    return True


def _go_on(turn: Turn, place: Place, check_in: CheckIn) -> None:
    ask(turn, conversations.save(turn.connection, place, _store(check_in)))


def _store(check_in: CheckIn) -> dict[str, Any]:
    state = asdict(check_in)
    if check_in.located is not None:
        state["located"]["point"] = [check_in.located.point.latitude, check_in.located.point.longitude]
    if check_in.located_at is not None:
        state["located_at"] = check_in.located_at.isoformat()
    return state


def _read(place: Place) -> CheckIn:
    state = dict(place.state)
    located = state["located"]
    if located is not None:
        state["located"] = Located(**{**located, "point": Point(*located["point"])})
    if state["located_at"] is not None:
        state["located_at"] = datetime.fromisoformat(state["located_at"])
    if state["purpose"] is not None:
        state["purpose"] = Purpose(state["purpose"])
    return CheckIn(**state)


FLOW = Flow(given=given, pressed=pressed, ask=ask, cancel=cancel)
