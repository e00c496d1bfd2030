"""What a trial of a checklist shows: the card and the questions of a visit that is in no table."""

from datetime import timedelta
from typing import Any

from bot.domain.checklist import Checklist
from bot.domain.customer import Customer
from bot.domain.evidence import Arrival, Level, Outcome
from bot.domain.people import Role
from bot.domain.visit import Purpose, Visit
from bot.services import visit_cards
from bot.services.sop_drafting import load
from bot.services.turn import Turn
from bot.services.visit_talk import CARD_GATHERS
from storage import conversations
from storage.conversations import Place

SLOT = "try"
NOTHING_YET: dict[str, Any] = {"focus": None, "ticked": None, "doubt": None, "pending": None, "page": None}


def visit_of(turn: Turn, place: Place) -> Visit:
    """A visit at nobody, which is in no table: what is asked of a rep is worked out from it."""
    turn.require(Role.ADMIN)
    sop = load(turn, place).sop
    return Visit(
        id=0,
        person_id=place.person_id,
        customer=Customer(0, ""),
        type=sop.type,
        purpose=Purpose.RELATIONSHIP,
        checklist=Checklist(sop, place.state["answers"], place.state["photos"]),
        arrival=Arrival(Outcome.CANNOT_TELL, Level.NOTHING),
        checked_in_at=turn.now,
    )


def show(
    turn: Turn, place: Place, *, filed: str | None = None, card_anew: bool = False, delay: timedelta | None = None
) -> None:
    """The card and the question, as a rep sees them, or that everything is answered."""
    visit, focus = visit_of(turn, place), place.state["focus"]
    card = visit_cards.card(visit, focus, place.state["page"])
    if card_anew:
        turn.show(SLOT, "sop/try_card", anew=True, place=place.at, **card)
    if focus is None and not visit.checklist.open_items():
        about: dict[str, Any] = {
            "title": dict(visit.checklist.sop.title),
            "left_out": [visit_cards.number_of(visit, item) for item in visit.checklist.skipped()],
            "note": visit_cards.noted(visit, filed),
        }
        turn.ask(place, "sop/tried", below=card_anew, delay=delay, **about)
    else:
        message, context = visit_cards.question(visit, focus, place.state["ticked"])
        turn.ask(place, message, below=card_anew, delay=delay, note=visit_cards.noted(visit, filed), **context)
    if not card_anew:
        turn.show(SLOT, "sop/try_card", delay=CARD_GATHERS, place=place.at, **card)


def moved(turn: Turn, place: Place, **state: Any) -> Place:
    """The trial goes on; what is not named here is over."""
    return conversations.save(turn.connection, place, {**place.state, **NOTHING_YET, **state})
