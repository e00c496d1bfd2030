"""Handing over: what a leaver holds goes to a named colleague, in one transaction, from a list."""

from dataclasses import asdict, dataclass
from typing import Any

from bot.domain.conversation import Input, Pressed, Refusal, Said
from bot.domain.people import Person, Role
from bot.services import handover_lists as lists
from bot.services import handover_work as work
from bot.services import pages
from bot.services.conversations import Flow
from bot.services.people_pages import get_visible, show_person
from bot.services.turn import Turn
from storage import conversations, people, search
from storage.conversations import Place

FLOW_NAME = "handover"
TYPED_TICKS = 50  # customers that typed words may tick at once


@dataclass(frozen=True)
class Handing:
    """What was chosen so far: `ticked` customers (None: all of them), to whom, and the page that is shown.

    `choosing`: customers are still being ticked.
    """

    leaves: bool
    ticked: list[int] | None = None
    choosing: bool = False
    to_id: int | None = None
    page: int = 0
    typed: str = ""


def pressed(turn: Turn, place: Place | None, press: Pressed) -> None:
    """A button of a person's page, or of the list."""
    turn.require(Role.ADMIN)
    if press.choice in ("leaves", "some"):
        _begin(turn, press.subject, leaves=press.choice == "leaves")
        return
    if place is None:
        raise Refusal("conversation/changed")
    handing = _read(place)
    choice, _, detail = press.choice.partition(".")
    match choice:
        case "page":
            _go_on(turn, place, handing, page=pages.page_of(detail))
        case "tick" if handing.choosing and handing.ticked is not None and detail.isdigit():
            _go_on(turn, place, handing, ticked=sorted({*handing.ticked} ^ {int(detail)}), page=handing.page)
        case "ticked" if handing.choosing and handing.ticked:
            _go_on(turn, place, handing, choosing=False)
        case "to" if not handing.choosing and detail.isdigit():
            _go_on(turn, place, handing, to_id=_receiver(turn, place.subject, int(detail)).id)
        case "other":
            _go_on(turn, place, handing, to_id=None)
        case "go":
            _hand_over(turn, place, handing, detail)
        case "cancel":
            conversations.end(turn.connection, place.person_id, FLOW_NAME)
            turn.ask(place, "handover/cancelled")
            show_person(turn, place.subject)
        case _:
            raise Refusal("conversation/changed")


def _begin(turn: Turn, person_id: int, *, leaves: bool) -> None:
    person = get_visible(turn, person_id)
    if leaves:
        work.may_leave(turn, person)
    handing = Handing(leaves, ticked=None if leaves else [], choosing=not leaves)
    state = asdict(handing)
    ask(turn, conversations.begin(turn.connection, turn.person.id, FLOW_NAME, turn.now, subject=person_id, state=state))


def _go_on(turn: Turn, place: Place, handing: Handing, **changed: Any) -> None:
    state = {**asdict(handing), "page": 0, "typed": "", **changed}
    ask(turn, conversations.save(turn.connection, place, state))


def _read(place: Place) -> Handing:
    return Handing(**place.state)


def _receiver(turn: Turn, from_id: int, to_id: int) -> Person:
    """The colleague, who must be an active rep."""
    person = people.find(turn.connection, to_id)
    if person is None or person.id == from_id or not person.active or Role.REP not in person.roles:
        raise Refusal("handover/no_rep", name=person.name if person is not None else "")
    return person


def _hand_over(turn: Turn, place: Place, handing: Handing, seen: str) -> None:
    """Do it, if what would go is what the list showed."""
    person = people.get_acting(turn.connection, place.subject)
    if handing.leaves:
        work.may_leave(turn, person)
    found = lists.find(turn, person.id, handing.ticked)
    if handing.choosing or seen != found.fingerprint(handing.to_id):
        raise Refusal("handover/changed_meanwhile", name=person.name)
    to = _receiver(turn, person.id, handing.to_id) if handing.to_id is not None else None
    if to is None and not found.is_empty:
        raise Refusal("conversation/changed")
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    work.hand_over(turn, person, to, found, leaves=handing.leaves)
    turn.ask(
        place,
        "handover/done",
        name=person.name,
        leaves=handing.leaves,
        receiver=to.name if to is not None else None,
        customers=len(found.customers),
        promises=len(found.promises),
        routes=len(found.routes),
    )


# --- what is asked ----------------------------------------------------------------------------


def ask(turn: Turn, place: Place) -> None:
    """Which customers, to whom, or whether this list is right."""
    person = people.find(turn.connection, place.subject)
    handing = _read(place)
    if person is None or Role.ADMIN not in turn.person.roles or (handing.leaves and person.status == "gone"):
        conversations.end(turn.connection, place.person_id, FLOW_NAME)
        return
    found = lists.find(turn, person.id, None if handing.choosing else handing.ticked)
    about: dict[str, Any] = {"name": person.name, "leaves": handing.leaves}
    if handing.choosing:
        assert handing.ticked is not None
        turn.ask(place, "handover/which", **about, **lists.to_tick(found, handing.ticked, handing.page))
    elif handing.to_id is None and not found.is_empty:
        colleagues = lists.colleagues(turn, person, handing.typed, handing.page)
        turn.ask(place, "handover/to", **about, typed=handing.typed, **colleagues)
    else:
        to = people.get(turn.connection, handing.to_id).name if handing.to_id is not None else None
        shown = lists.to_confirm(found, handing.page)
        print_ = found.fingerprint(handing.to_id)
        turn.ask(place, "handover/confirm", **about, receiver=to, fingerprint=print_, leads=_leads(person), **shown)


def _leads(person: Person) -> bool:
    return Role.MANAGER in person.roles and person.team_id is not None


def given(turn: Turn, place: Place, what: Input) -> None:
    """Words that tick customers, or a colleague's name."""
    turn.require(Role.ADMIN)
    handing = _read(place)
    if not isinstance(what, Said):
        raise Refusal("conversation/choose")
    if handing.choosing and handing.ticked is not None:
        _go_on(turn, place, handing, ticked=_also(turn, place.subject, handing.ticked, what.text))
    elif handing.to_id is None:
        _go_on(turn, place, handing, typed=what.text[: lists.TYPED_MOST])
    else:
        raise Refusal("conversation/choose")


def _also(turn: Turn, person_id: int, ticked: list[int], typed: str) -> list[int]:
    """The customers of his whom the words fit are ticked beside the others."""
    found = search.find(turn.connection, typed, owners=[person_id], limit=TYPED_TICKS)
    his = {customer.id for customer in found if customer.owner_id == person_id}
    if not his:
        raise Refusal("customer/none_found", text=typed)
    return sorted({*ticked, *his})


def cancel(turn: Turn, place: Place) -> bool:
    """Nothing is handed over."""
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    turn.say("handover/cancelled")
    return True


FLOW = Flow(given=given, pressed=pressed, ask=ask, cancel=cancel, standing=True)
