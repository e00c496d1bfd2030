"""What the messages of an open visit speak of: the card, the question, and what was just noted."""

from typing import Any

from bot.domain.checklist import Item, Kind
from bot.domain.conversation import Refusal
from bot.domain.flags import Flag
from bot.domain.visit import NextStep, NoNextStep, Step, Visit, next_step

ITEM_BUTTONS = 40  # more than any card of one screen


def begun(visit: Visit) -> dict[str, Any]:
    """The check-in, as it was judged."""
    return {
        "customer": visit.customer.name,
        "at": visit.checked_in_at.isoformat(),
        "outcome": visit.arrival.outcome.value,
        "metres": visit.arrival.distance,
        "accuracy": visit.arrival.accuracy,
        "flags": flags_json(visit),
        "proposes": visit.customer.position is None and visit.arrival.proposes is not None,
    }


def flags_json(visit: Visit) -> list[dict[str, Any]]:
    """Flags as a message's context."""
    return [flag_json(flag) for flag in visit.flags]


def flag_json(flag: Flag) -> dict[str, Any]:
    """A flag as a message's context."""
    return {"code": flag.code.value, "facts": dict(flag.facts)}


def card(visit: Visit, focus: str | None) -> dict[str, Any]:
    """The whole checklist and its progress."""
    wanted = visit.checklist.wanted(focus)
    items = [line(visit, item, wanted) for item in visit.checklist.sop.items]
    return {
        "customer": visit.customer.name,
        "title": dict(visit.checklist.sop.title),
        "purpose": visit.purpose.value,
        "checked_in_at": visit.checked_in_at.isoformat(),
        "items": items,
        "done": sum(item["settled"] for item in items),
        "step": next_step(visit).value,
    }


def line(visit: Visit, item: Item, wanted: Item | None) -> dict[str, Any]:
    """An item as a line of the card: no more than the line says, as it is kept with every answer."""
    return {
        "id": item.id,
        "kind": item.kind.value,
        "title": dict(item.title),
        "unit": dict(item.unit),
        "required": item.required,
        "settled": visit.checklist.is_settled(item),
        "wanted": item is wanted,
        "value": _value(visit, item),
        "skipped": item.id in visit.checklist.answers and visit.checklist.answers[item.id] is None,
        "photos": visit.checklist.photos.get(item.id, 0),
    }


def answered(visit: Visit, item: Item, wanted: Item | None) -> dict[str, Any]:
    """An item with its answer, ready to be read."""
    return {**item_json(item), **line(visit, item, wanted)}


def _value(visit: Visit, item: Item) -> Any:
    value = visit.checklist.answers.get(item.id)
    if item.kind is Kind.ONE_OF:
        return next((dict(choice.label) for choice in item.choices if choice.id == value), None)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def item_json(item: Item) -> dict[str, Any]:
    """An item as a message's context."""
    return {
        "id": item.id,
        "kind": item.kind.value,
        "title": dict(item.title),
        "hint": dict(item.hint),
        "unit": dict(item.unit),
        "required": item.required,
        "minimum": item.minimum,
        "least": _whole(item.least),
        "most": _whole(item.most),
        "choices": [{"id": choice.id, "label": dict(choice.label)} for choice in item.choices],
    }


def _whole(number: float | None) -> float | None:
    return int(number) if number is not None and float(number).is_integer() else number


def question(visit: Visit, focus: str | None) -> tuple[str, dict[str, Any]]:
    """The message that asks what is missing now, and what it speaks of."""
    wanted = visit.checklist.wanted(focus)
    step = Step.CHECKLIST if focus is not None else next_step(visit)
    match step:
        case Step.CHECKLIST if wanted is not None:
            number = visit.checklist.sop.items.index(wanted) + 1
            return "visit/item", {"item": answered(visit, wanted, wanted), "number": number}
        case Step.CHECK_OUT:
            return "visit/check_out", {"customer": visit.customer.name}
        case Step.RESULT:
            return "visit/result", {"purpose": visit.purpose.value, **stay_json(visit)}
        case Step.WORDS:
            return "visit/words", {}
        case Step.REVIEW:
            return "visit/review", summary(visit)
        case _:
            raise Refusal("conversation/changed")


def noted(visit: Visit, filed: str | None) -> dict[str, Any] | None:
    """What was just filed, to be shown above the next question."""
    return answered(visit, visit.checklist.item(filed), visit.checklist.wanted()) if filed is not None else None


def stay_json(visit: Visit) -> dict[str, Any]:
    """The stay in seconds, None while unknown."""
    return {"stay": visit.stay.total_seconds() if visit.stay is not None else None}


def summary(visit: Visit) -> dict[str, Any]:
    """Everything about a visit on one screen: for its review, and for its manager."""
    step = visit.next_step
    return {
        "visit_id": visit.id,
        "customer": visit.customer.name,
        "grade": visit.customer.grade,
        "title": dict(visit.checklist.sop.title),
        "purpose": visit.purpose.value,
        "checked_in_at": visit.checked_in_at.isoformat(),
        "checked_out_at": visit.checked_out_at.isoformat() if visit.checked_out_at else None,
        **stay_json(visit),
        "items": [answered(visit, item, visit.checklist.wanted()) for item in visit.checklist.sop.items],
        "result": visit.result.value if visit.result else None,
        "words": visit.words or "",
        "next_step": next_step_json(step) if isinstance(step, NextStep) else None,
        "no_next_reason": step.reason if isinstance(step, NoNextStep) else None,
        "flags": flags_json(visit),
    }


def next_step_json(step: NextStep) -> dict[str, Any]:
    """A next step as a message's context."""
    at = step.due_time.isoformat("minutes") if step.due_time is not None else None
    return {"what": step.what, "on": step.due_on.isoformat(), "at": at}
