"""Finding customers, and what is shown of one."""

from typing import Any

from bot.domain.cadence import days_since, overdue_by
from bot.domain.calendar import local_date
from bot.domain.conversation import Chose, Input, Located, Pressed, Refusal, Said
from bot.domain.customer import Customer
from bot.domain.evidence import refuse
from bot.domain.people import Person, Role
from bot.services import checkins, menus, positions
from bot.services.conversations import Flow
from bot.services.turn import Turn
from storage import conversations, customers, followups, people, pins, search
from storage.conversations import Place

FLOW_NAME = "customers"
LISTED = 8
REACH = 5000.0  # metres that "near me" looks around: a walk or a short ride


def command_customers(turn: Turn, argument: str) -> None:
    """`/customers 长乐`: find by name, pinyin or initials; alone it asks for one."""
    person = turn.require(Role.REP, Role.MANAGER, Role.ADMIN)
    if argument:
        look_for(turn, argument)
        return
    place = conversations.begin(turn.connection, person.id, FLOW_NAME, turn.now, state={})
    ask(turn, place)


def command_near(turn: Turn, _argument: str = "") -> None:
    """`/near`: asks for the location first."""
    person = turn.require(Role.REP, Role.MANAGER, Role.ADMIN)
    place = conversations.begin(turn.connection, person.id, FLOW_NAME, turn.now, state={"near": True})
    ask(turn, place)


def ask(turn: Turn, place: Place) -> None:
    """What to look for."""
    pin_of = place.state.get("pin_of")
    if pin_of is not None:
        turn.ask(place, "customer/pin_where", customer=checkins.get_for(turn, turn.person, pin_of).name)
        return
    turn.ask(place, "customer/near_where" if place.state.get("near") else "customer/which")


def given(turn: Turn, place: Place, what: Input) -> None:
    """A name, or a place to look around."""
    match what:
        case Located() if place.state.get("pin_of") is not None:
            _pin_wrong(turn, place, what)
        case Said(text):
            look_for(turn, text)
        case Located() if refuse(what) is None:
            _near(turn, what)
        case _:
            raise Refusal("customer/name_wanted")
    conversations.end(turn.connection, place.person_id, FLOW_NAME)


def _pin_wrong(turn: Turn, place: Place, located: Located) -> None:
    """Somebody stands at the customer's door: a manager hears where that is."""
    why = refuse(located)
    if why is not None:
        raise Refusal(f"checkin/{why}")
    customer = checkins.get_for(turn, turn.person, place.state["pin_of"])
    positions.pin_is_wrong(turn, customer, located)
    turn.say("pin/proposed", customer=customer.name, rows=menus.keys_of(turn.person.roles))


def look_for(turn: Turn, text: str) -> None:
    """Customers whose name, pinyin, initials, phone or tag fits; a single one is shown at once."""
    person = turn.person
    found = search.find(turn.connection, text, owners=_scope(turn, person), limit=LISTED)
    found = [customer for customer in found if _visible(turn, person, customer)]
    if not found:
        raise Refusal("customer/none_found", text=text)
    if len(found) == 1:
        _show(turn, person, found[0])
        return
    turn.say("customer/list", text=text, found=[_line(turn, customer, None) for customer in found])


def _near(turn: Turn, located: Located) -> None:
    person = turn.person
    near = customers.find_near(turn.connection, located.point, REACH, owners=_scope(turn, person), limit=LISTED)
    lines = [_line(turn, customer, away) for customer, away in near if _visible(turn, person, customer)]
    turn.say("customer/near", found=lines, reach=REACH, rows=menus.keys_of(person.roles))


def _scope(turn: Turn, person: Person) -> list[int] | None:
    """Whose customers he may see beside those of nobody; None means everybody's."""
    if Role.ADMIN in person.roles:
        return None
    led = Role.MANAGER in person.roles and person.team_path
    team = people.list_in(turn.connection, person.team_path) if led else []
    return [person.id, *(member.id for member in team)]


def _visible(turn: Turn, person: Person, customer: Customer) -> bool:
    if customer.owner_id is None or customer.owner_id == person.id or Role.ADMIN in person.roles:
        return True
    return Role.MANAGER in person.roles and person.may_see(people.get(turn.connection, customer.owner_id))


def _line(turn: Turn, customer: Customer, away: float | None) -> dict[str, Any]:
    row = customers.get_row(turn.connection, customer.id)
    seen_on = local_date(row.last_visit_at, turn.zone) if row.last_visit_at is not None else None
    return {
        "id": customer.id,
        "name": customer.name,
        "grade": customer.grade,
        "metres": away,
        "days": days_since(seen_on, turn.today),
        "overdue": overdue_by(row.due_on, turn.today) if row.due_on is not None else 0,
    }


def _show(turn: Turn, person: Person, customer: Customer) -> None:
    row = customers.get_row(turn.connection, customer.id)
    owner = people.get(turn.connection, customer.owner_id).name if customer.owner_id is not None else None
    promised = [
        {"what": promise.what, "on": promise.due_on.isoformat()}
        for promise in followups.list_open_of_customer(turn.connection, customer.id)
    ]
    pin = pins.find_open(turn.connection, customer.id)
    turn.say(
        "customer/page",
        **_line(turn, customer, None),
        address=customer.address,
        contact=customer.contact_name,
        phone=customer.phone,
        owner=owner,
        has_position=customer.position is not None,
        due_on=row.due_on.isoformat() if row.due_on is not None else None,
        promised=promised,
        may_visit=Role.REP in person.roles,
        pin_id=pin.id if pin is not None else None,
        may_decide=pin is not None and person.may_see(people.get(turn.connection, pin.person_id)) and _leads(person),
    )


def _leads(person: Person) -> bool:
    return bool(person.roles & {Role.MANAGER, Role.ADMIN})


def pressed(turn: Turn, _place: Place | None, press: Pressed) -> None:
    """A customer of a list, or "visit him"."""
    person = turn.person
    customer = checkins.get_for(turn, person, press.subject)
    if press.choice == "open":
        _show(turn, person, customer)
    elif press.choice == "pin":
        state = {"pin_of": customer.id}
        ask(turn, conversations.begin(turn.connection, person.id, FLOW_NAME, turn.now, state=state))
    elif press.choice == "visit":
        checkins.at_customer(turn, customer.id)
    else:
        raise Refusal("conversation/changed")


def cancel(turn: Turn, place: Place) -> bool:
    """Stop looking."""
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    turn.say("checkin/cancelled", rows=menus.keys_of(turn.person.roles))
    return True


def idle(turn: Turn, what: Input) -> None:
    """Nothing is open: a place begins a visit, words look for a customer."""
    person = turn.person
    match what:
        case Located():
            checkins.at_location(turn, what)
        case Said(text):
            look_for(turn, text)
        case Chose():
            menus.show(turn)
        case _ if Role.REP in person.roles:
            raise Refusal("conversation/nothing_open")
        case _:
            raise Refusal("conversation/unexpected")


FLOW = Flow(given=given, pressed=pressed, ask=ask, cancel=cancel, standing=True)
