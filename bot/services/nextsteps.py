"""The next step of a visit, agreed on in a few taps: words, date, confirmation; or none, with a reason."""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date, time
from typing import Any

from bot.domain import nextstep
from bot.domain.conversation import Refusal
from bot.domain.nextstep import Day, Draft
from bot.domain.visit import NoNextStep, Step, Visit
from bot.services import calendars
from bot.services.turn import Turn
from storage import conversations
from storage.conversations import Place

Save = Callable[[Turn, Place, Visit], None]
NONE = {"none": True}
NO_NEXT_REASONS = ("no_interest", "all_done", "closed_down", "other_contact")  # templates/messages/reasons.html
QUICK_DAYS = (1, 2, 7, 14)


def ask(turn: Turn, place: Place, visit: Visit) -> None:
    """Where the draft stands: words, a date to pick, or a date to confirm."""
    state = place.state["draft"]
    if state is None:
        turn.ask(place, "visit/next_step", customer=visit.customer.name)
    elif state == NONE:
        turn.ask(place, "visit/no_next_reason", reasons=list(NO_NEXT_REASONS))
    elif "month" in state:
        weeks = nextstep.month_of(date.fromisoformat(state["month"]))
        days = [[day.isoformat() if day is not None and day >= turn.today else None for day in week] for week in weeks]
        first = state["month"] <= turn.today.replace(day=1).isoformat()
        turn.ask(place, "visit/calendar", what=state["what"], month=state["month"], weeks=days, first=first)
    else:
        _ask_draft(turn, place, _read(state))


def _ask_draft(turn: Turn, place: Place, known: Draft) -> None:
    if known.day is not None:
        turn.ask(place, "visit/next_step_confirm", what=known.what, day=_day_json(known.day))
    elif known.options:
        turn.ask(
            place,
            "visit/next_step_pick",
            what=known.what,
            past=known.past,
            days=[_day_json(day) for day in known.options],
        )
    else:
        quick = [date.fromordinal(turn.today.toordinal() + days).isoformat() for days in QUICK_DAYS]
        turn.ask(place, "visit/next_step_when", what=known.what, past=known.past, days=quick)


def given(turn: Turn, place: Place, visit: Visit, text: str, save: Save) -> None:
    """Words, a date, or the reason for none."""
    state = place.state["draft"]
    now = turn.now.astimezone(turn.zone)
    is_working_day = calendars.working_days(turn, turn.zone.key, turn.today).is_working_day
    if state == NONE:
        if len(text.strip()) < 2:
            raise Refusal("checkin/reason_too_short")
        save(turn, place, replace(visit, next_step=NoNextStep(text.strip()[: nextstep.WHAT_MOST])))
    elif state is None and nextstep.is_none(text):
        _keep(turn, place, visit, NONE)
    elif state is None:
        _keep(turn, place, visit, _store(nextstep.draft(text, now, is_working_day)))
    else:
        known = Draft(state["what"]) if "month" in state else _read(state)
        _keep(turn, place, visit, _store(nextstep.redated(known, text, now, is_working_day)))


def pressed(turn: Turn, place: Place, visit: Visit, choice: str, save: Save) -> None:
    """A button of the draft."""
    state = place.state["draft"] or {}
    name, _, value = choice.partition(".")
    if name == "none":
        _keep(turn, place, visit, NONE)
    elif name == "because" and state == NONE and value in NO_NEXT_REASONS:
        save(turn, place, replace(visit, next_step=NoNextStep(value)))
    elif name == "again":
        _keep(turn, place, visit, None)
    elif name == "yes" and state:
        save(turn, place, replace(visit, next_step=nextstep.agreed(_read(state))))
    elif name == "month" and "what" in state:
        first = date.fromisoformat(value).replace(day=1) if value else turn.today.replace(day=1)
        _keep(turn, place, visit, {"what": state["what"], "month": first.isoformat()})
    elif name == "pick" and "options" in state and value.isdigit() and int(value) < len(state["options"]):
        known = _read(state)
        _keep(turn, place, visit, _store(Draft(known.what, day=known.options[int(value)])))
    elif name == "day" and "what" in state:
        picked = date.fromisoformat(value)
        if picked < turn.today:
            raise Refusal("followup/in_the_past", due_on=picked.isoformat())
        _keep(turn, place, visit, _store(Draft(state["what"], day=Day(picked))))
    else:
        raise Refusal("conversation/changed")


def _keep(turn: Turn, place: Place, visit: Visit, state: dict[str, Any] | None) -> None:
    place = conversations.save(turn.connection, place, {**place.state, "draft": state}, Step.NEXT_STEP)
    ask(turn, place, visit)


def _day_json(day: Day) -> dict[str, Any]:
    return {"on": day.on.isoformat(), "at": day.at.isoformat("minutes") if day.at is not None else None}


def _store(known: Draft) -> dict[str, Any]:
    options = [_day_json(day) for day in known.options]
    return {**asdict(known), "day": _day_json(known.day) if known.day is not None else None, "options": options}


def _read(state: dict[str, Any]) -> Draft:
    if "options" not in state:
        raise Refusal("conversation/changed")
    day = _day(state["day"]) if state["day"] is not None else None
    return Draft(state["what"], day, tuple(_day(option) for option in state["options"]), state["past"])


def _day(stored: dict[str, Any]) -> Day:
    return Day(date.fromisoformat(stored["on"]), time.fromisoformat(stored["at"]) if stored["at"] else None)
