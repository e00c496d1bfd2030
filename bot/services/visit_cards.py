"""What the messages of an open visit speak of: the card, the question, and what was just noted."""

from dataclasses import asdict, replace
from typing import Any

from bot.domain.answers import Value, best_mark
from bot.domain.conversation import Refusal
from bot.domain.flags import Flag
from bot.domain.screening import Score
from bot.domain.sop import CHOSEN, Item, Kind, reading
from bot.domain.visit import NextStep, NoNextStep, Step, Visit, next_step

ON_ONE_CARD = 24  # lines; a longer checklist is shown by pages
PAGE = 20


def begun(visit: Visit) -> dict[str, Any]:
    """The check-in, as it was judged."""
    return {
        "customer": visit.customer.name,
        "at": visit.checked_in_at.isoformat(),
        "outcome": visit.arrival.outcome.value if visit.arrival is not None else "remote",
        "flags": flags_json(visit),
    }


def flags_json(visit: Visit) -> list[dict[str, Any]]:
    """Flags as a message's context."""
    return [flag_json(flag) for flag in visit.flags]


def flag_json(flag: Flag) -> dict[str, Any]:
    """A flag as a message's context."""
    return {"code": flag.code.value, "facts": dict(flag.facts)}


def card(visit: Visit, focus: str | None, page: int | None = None) -> dict[str, Any]:
    """The checklist and its progress; of a long one the `page` that is asked for, else where the wanted item is."""
    wanted = visit.checklist.wanted(focus)
    items = lines(visit, wanted)
    pages = 1 if len(items) <= ON_ONE_CARD else -(-len(items) // PAGE)
    at = next((number for number, item in enumerate(items) if item["wanted"]), len(items) - 1) // PAGE
    at = min(page if page is not None else at, pages - 1) if pages > 1 else 0
    return {
        "customer": visit.customer.name,
        "title": dict(visit.checklist.sop.title),
        "purpose": visit.purpose.value,
        "checked_in_at": visit.checked_in_at.isoformat(),
        "remote": visit.is_remote,
        "items": items[at * PAGE : (at + 1) * PAGE] if pages > 1 else items,
        "page": at,
        "pages": pages,
        "all": len(items),
        "done": sum(item["settled"] for item in items),
        "step": next_step(visit).value,
    }


def lines(visit: Visit, wanted: Item | None) -> list[dict[str, Any]]:
    """Every item as a line of the card, with its number there."""
    asked = visit.checklist.items
    return [{"number": number, **line(visit, item, wanted)} for number, item in enumerate(asked, 1)]


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
        "value": worded(item, visit.checklist.answers.get(item.id)),
        "skipped": item.id in visit.checklist.answers and visit.checklist.answers[item.id] is None,
        "photos": visit.checklist.photos.get(item.id, 0),
    }


def answered(visit: Visit, item: Item, wanted: Item | None) -> dict[str, Any]:
    """An item with its answer, ready to be read."""
    return {**item_json(item), **line(visit, item, wanted)}


def worded(item: Item, value: Value) -> Any:
    """An answer as it is read: choices by their wordings, a contact with his phone, whole numbers whole."""
    if item.kind in CHOSEN and value is not None:
        chosen = value if isinstance(value, list) else [value]
        labels = [choice.label for choice in item.choices if choice.id in chosen]
        return {language: " · ".join(reading(label, language) for label in labels) for language in item.title}
    if item.kind is Kind.CONTACT and isinstance(value, dict):
        return f"{value['name']} {value['phone']}"
    if isinstance(value, list):
        return " · ".join(value)
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
        "most": best_mark(item) if item.kind is Kind.RATING else _whole(item.most),
        "choices": [{"id": choice.id, "label": dict(choice.label)} for choice in item.choices],
    }


def _whole(number: float | None) -> float | None:
    return int(number) if number is not None and float(number).is_integer() else number


def question(
    visit: Visit, focus: str | None, taps: dict[str, Any] | None, score: Score | None = None
) -> tuple[str, dict[str, Any]]:
    """The message that asks what is missing now, and what it speaks of; `taps` ticked what is no answer yet."""
    wanted = visit.checklist.wanted(focus)
    step = Step.CHECKLIST if focus is not None else next_step(visit)
    match step:
        case Step.CHECKLIST if wanted is not None:
            asked = {**answered(visit, wanted, wanted), "ticked": ticked(visit, wanted, taps)}
            return "visit/item", {"item": asked, "number": number_of(visit, wanted)}
        case Step.CHECK_OUT:
            return "visit/check_out", {"customer": visit.customer.name}
        case Step.RESULT:
            return "visit/result", {"purpose": visit.purpose.value, **stay_json(visit)}
        case Step.WORDS:
            return "visit/words", {}
        case Step.REVIEW:
            return "visit/review", summary(visit, score)
        case _:
            raise Refusal("conversation/changed")


def ticked(visit: Visit, item: Item, taps: dict[str, Any] | None) -> list[str]:
    """What is ticked of several choices so far: by taps, else by the answer that is to be corrected."""
    if taps is not None and taps["item"] == item.id:
        return list(taps["choices"])
    told = visit.checklist.answers.get(item.id)
    return told if isinstance(told, list) else []


def noted_as(visit: Visit, item: Item, value: Value) -> dict[str, Any]:
    """An item as it would be with an answer."""
    told = replace(visit, checklist=replace(visit.checklist, answers={**visit.checklist.answers, item.id: value}))
    return answered(told, item, item)


def number_of(visit: Visit, item: Item) -> int:
    """Where an item stands on the card."""
    return visit.checklist.items.index(item) + 1


def noted(visit: Visit, filed: str | None) -> dict[str, Any] | None:
    """What was just filed, to be shown above the next question."""
    return answered(visit, visit.checklist.item(filed), visit.checklist.wanted()) if filed is not None else None


def stay_json(visit: Visit) -> dict[str, Any]:
    """The stay in seconds, None while unknown, and where there is none: a remote contact."""
    return {"stay": visit.stay.total_seconds() if visit.stay is not None else None, "remote": visit.is_remote}


def summary(visit: Visit, score: Score | None = None) -> dict[str, Any]:
    """Everything about a visit on one screen: for its review, and for its manager; `score` if it screens."""
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
        "items": lines(visit, visit.checklist.wanted()),
        "left_out": [number_of(visit, item) for item in visit.checklist.skipped()],
        "score": score_json(score) if score is not None else None,
        "result": visit.result.value if visit.result else None,
        "words": visit.words or "",
        "next_step": next_step_json(step) if isinstance(step, NextStep) else None,
        "no_next_reason": step.reason if isinstance(step, NoNextStep) else None,
        "flags": flags_json(visit),
    }


def score_json(score: Score) -> dict[str, Any]:
    """A screening score as a message's context."""
    return {
        "parts": [asdict(part) for part in score.parts],
        "points": score.shown,
        "weights": score.weights,
        "goes_on": score.goes_on,
        "least": score.pass_mark,
        "grade": score.grade.value if score.grade is not None else None,
    }


def next_step_json(step: NextStep) -> dict[str, Any]:
    """A next step as a message's context."""
    at = step.due_time.isoformat("minutes") if step.due_time is not None else None
    return {"what": step.what, "on": step.due_on.isoformat(), "at": at}
