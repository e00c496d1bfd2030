"""What an open visit says: its card, edited in place, and the question below it."""

from datetime import timedelta
from typing import Any

from bot.domain.screening import score_of
from bot.domain.visit import Step, Visit, next_step
from bot.services import live_shares, nextsteps, visit_cards
from bot.services.turn import Turn
from storage import conversations
from storage import visits as stored
from storage.conversations import Place

CARD_GATHERS = timedelta(seconds=1)  # who answers fast sees his question at once, and one edit of the card


def save(turn: Turn, place: Place, visit: Visit, **more: Any) -> None:
    """Store the visit and put the next question."""
    stored.save(turn.connection, visit, **more)
    state = {**place.state, "draft": None, "focus": None, "pending": None, "ticked": None, "doubt": None, "page": None}
    show(turn, conversations.save(turn.connection, place, state, next_step(visit)), visit, changed=True)


def show(
    turn: Turn,
    place: Place,
    visit: Visit,
    *,
    card_anew: bool = False,
    changed: bool = False,
    filed: str | None = None,
    delay: timedelta | None = None,
) -> None:
    """The question, and the checklist card above it; its edits are gathered, as answers come in bursts."""
    step = next_step(visit)
    focus = place.state["focus"]
    if card_anew:
        show_card(turn, place, visit, anew=True, delay=delay)
    if step is Step.NEXT_STEP and focus is None:
        nextsteps.ask(turn, place, visit)
    else:
        score = score_of(visit.checklist, turn.policy)
        message, context = visit_cards.question(visit, focus, place.state.get("ticked"), score)
        note = visit_cards.noted(visit, filed)
        if step is Step.CHECK_OUT:
            context["live"] = live_shares.shown_on(turn, visit) is not None
        turn.ask(place, message, delay=delay, below=card_anew, note=note, **context)
    if changed and not card_anew:
        show_card(turn, place, visit, anew=False, delay=CARD_GATHERS)


def show_card(turn: Turn, place: Place, visit: Visit, *, anew: bool, delay: timedelta | None) -> None:
    """The checklist card, with the live location while one is on."""
    live = live_shares.shown_on(turn, visit)
    shown = visit_cards.card(visit, place.state["focus"], place.state.get("page"))
    turn.show("card", "visit/card", anew=anew, delay=delay, place=place.at, live=live, **shown)
