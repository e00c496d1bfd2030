"""Places that wait for a manager, one after another: is this where the customer is?"""

from typing import Any

from bot.domain.conversation import Input, Pressed, Refusal
from bot.domain.people import Person, Role
from bot.services import positions
from bot.services.conversations import Flow
from bot.services.turn import Turn
from storage import customers, people, pins
from storage.conversations import Place
from storage.database import Row

FLOW_NAME = "pins"


def waiting(turn: Turn, manager: Person) -> int:
    """How many places wait for him."""
    return pins.count_open(turn.connection, _path_of(manager)) if _may_decide(manager) else 0


def _may_decide(person: Person) -> bool:
    return Role.ADMIN in person.roles or (Role.MANAGER in person.roles and bool(person.team_path))


def _path_of(manager: Person) -> str:
    return "" if Role.ADMIN in manager.roles else manager.team_path


def pressed(turn: Turn, _place: Place | None, press: Pressed) -> None:
    """The list's first place, a later one, or what he says to the one that he sees."""
    manager = turn.require(Role.MANAGER, Role.ADMIN)
    if press.choice == "all":
        _show_next(turn, manager, after=0)
        return
    pin = pins.find(turn.connection, press.subject)
    if pin is None:
        raise Refusal("conversation/changed")
    proposer = people.get(turn.connection, pin.person_id)
    if not (_may_decide(manager) and manager.may_see(proposer)):
        raise Refusal("people/not_yours")
    match press.choice:
        case "show":
            _show(turn, manager, pin)
            return
        case "later":
            pass
        case "right":
            _decide(turn, manager, proposer, pin, "confirmed")
        case "wrong":
            _decide(turn, manager, proposer, pin, "refused")
        case _:
            raise Refusal("conversation/changed")
    _show_next(turn, manager, after=pin.id)


def _decide(turn: Turn, manager: Person, proposer: Person, pin: Row[Any], state: str) -> None:
    if not pins.decide(turn.connection, pin.id, state, manager.id, turn.now):
        raise Refusal("pin/decided")
    if state == "confirmed":
        positions.confirm(turn, pin)
    else:
        positions.refuse(turn, pin)
    told: dict[str, Any] = {
        "customer": customers.get(turn.connection, pin.customer_id).name,
        "state": state,
        "manager": manager.name,
    }
    turn.say("pin/done", **told)
    if pin.why in ("pin_wrong", "moved") and proposer.active and proposer.id != manager.id:
        turn.say("pin/heard", to=proposer, **told)


def _show_next(turn: Turn, manager: Person, *, after: int) -> None:
    """The next place beyond one that was seen, and from the front again when there is none."""
    pin = pins.next_open(turn.connection, _path_of(manager), after)
    if pin is None:
        left = pins.count_open(turn.connection, _path_of(manager))
        turn.show("pins", "pin/none", left=left)
    else:
        _show(turn, manager, pin)


def _show(turn: Turn, manager: Person, pin: Row[Any]) -> None:
    if pin.state != "open":
        raise Refusal("pin/decided")
    customer = customers.get(turn.connection, pin.customer_id)
    turn.show(
        "pins",
        "pin/place",
        anew=True,
        id=pin.id,
        customer=customer.name,
        customer_id=customer.id,
        address=customer.address,
        why=pin.why,
        who=people.get(turn.connection, pin.person_id).name,
        at=pin.proposed_at.isoformat(),
        metres=pin.metres,
        accuracy=pin.accuracy,
        latitude=f"{pin.latitude:.6f}",
        longitude=f"{pin.longitude:.6f}",
        waiting=pins.count_open(turn.connection, _path_of(manager)),
    )


def _never(turn: Turn, place: Place, given: Input | None = None) -> None:
    """The list asks nothing that is typed."""
    raise Refusal("conversation/changed")


def _nothing_open(turn: Turn, place: Place) -> bool:
    return True


FLOW = Flow(given=_never, pressed=pressed, ask=_never, cancel=_nothing_open, standing=True)
