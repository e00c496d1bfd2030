"""`/answers`: what the checklists have brought, counted; one message that turns from types into items into counts."""

from dataclasses import dataclass
from datetime import date
from typing import NoReturn

from bot.domain.answer_counts import COUNTED, Period, span
from bot.domain.conversation import Input, Pressed, Refusal
from bot.domain.people import Role
from bot.domain.sop import Item, Kind
from bot.services import answer_exports, answer_views, pages
from bot.services.conversations import Flow
from bot.services.turn import Turn
from storage import answer_facts, sops
from storage.answer_facts import Asked

FLOW_NAME = "answers"
ITEMS_LISTED, ANSWERS_LISTED = 12, 8


@dataclass(frozen=True)
class Look:
    """What somebody looks at: the answers of a subtree (its path; empty: of everybody) in a period."""

    path: str
    period: Period
    first: date
    last: date

    def asked(self, sop_type: str, *items: str) -> Asked:
        """The answers to these items of a type."""
        return Asked(sop_type, items, self.first, self.last, self.path)

    def json(self) -> dict[str, str]:
        """As every page tells it."""
        return {"period": self.period.value, "first": self.first.isoformat(), "last": self.last.isoformat()}


def command_answers(turn: Turn, _argument: str = "") -> None:
    """`/answers`: the checklists that were answered in the last four weeks."""
    turn.require(Role.MANAGER, Role.ADMIN)
    _show_types(turn, _look(turn, Period.FOUR_WEEKS))


def pressed(turn: Turn, _place: object, press: Pressed) -> None:
    """Another page or period, or the file. `subject` is the version whose item is meant, by its place there."""
    turn.require(Role.MANAGER, Role.ADMIN)
    verb, period, *numbers = (*press.choice.split("."), "")[:4]
    if period not in list(Period):
        raise Refusal("conversation/changed")
    look, (at, page) = _look(turn, Period(period)), (*(pages.page_of(number) for number in numbers), 0)[:2]
    match verb:
        case "types":
            _show_types(turn, look)
        case "type":
            _show_items(turn, look, press.subject, at)
        case "item":
            _show_item(turn, look, press.subject, at)
        case "list":
            _show_list(turn, look, press.subject, at, page)
        case "excel":
            question = answer_views.question(turn.connection, press.subject, at)
            answer_exports.order(turn, question, look.first, look.last)
        case _:
            raise Refusal("conversation/changed")


def _look(turn: Turn, period: Period) -> Look:
    return Look(pages.scope(turn), period, *span(period, turn.today))


def _show_types(turn: Turn, look: Look) -> None:
    """The checklists with answers; the only one is opened at once."""
    types: dict[str, list[sops.Asked]] = {}
    for version in sops.list_asked(turn.connection):
        types.setdefault(version.type, []).append(version)
    answered = []
    for sop_type, versions in sorted(types.items(), key=lambda each: each[1][-1].id):
        items = {item.id for version in versions for item in version.sop.items}
        if answer_facts.has_any(turn.connection, look.asked(sop_type, *sorted(items))):
            answered.append(versions[0])
    if len(answered) == 1:
        _show_items(turn, look, answered[0].id, 0)
        return
    listed = [{"id": version.id, "title": dict(version.sop.title)} for version in answered]
    pages.show(turn, "answers/types", types=listed, **look.json())


def _show_items(turn: Turn, look: Look, version_id: int, page: int) -> None:
    """The items of a type that were answered, as the newest version that asks each has it."""
    versions = answer_views.versions_of(turn.connection, version_id)
    newest: dict[str, tuple[int, int, Item]] = {}
    for version in versions:
        for at, item in enumerate(version.sop.items):
            if item.kind is not Kind.PHOTO:
                newest.setdefault(item.id, (version.id, at, item))
    counts = answer_facts.count_by_item(turn.connection, look.asked(versions[0].type, *newest)) if newest else {}
    listed = [
        {"version": asked_in, "at": at, "title": dict(item.title), "answers": counts[item.id]}
        for asked_in, at, item in newest.values()
        if item.id in counts
    ]
    pages.show(
        turn,
        "answers/items",
        version=versions[0].id,
        title=dict(versions[0].sop.title),
        items=listed[page * ITEMS_LISTED :][:ITEMS_LISTED],
        **pages.turning(page, ITEMS_LISTED, len(listed)),
        **look.json(),
    )


def _show_item(turn: Turn, look: Look, version_id: int, at: int) -> None:
    """The counts of an item; what cannot be counted is read one by one."""
    question = answer_views.question(turn.connection, version_id, at)
    if question.item.kind not in COUNTED:
        _show_list(turn, look, version_id, at, 0)
        return
    found = answer_views.count(turn.connection, question, look.asked(question.type, question.item.id))
    pages.show(turn, "answers/counted", **answer_views.counted_json(question, found), **look.json())


def _show_list(turn: Turn, look: Look, version_id: int, at: int, page: int) -> None:
    """The answers one by one, the newest first."""
    question = answer_views.question(turn.connection, version_id, at)
    asked = look.asked(question.type, question.item.id)
    total = answer_facts.count_by_item(turn.connection, asked).get(question.item.id, 0)
    rows = answer_facts.list_answers(turn.connection, asked, page * ANSWERS_LISTED, ANSWERS_LISTED)
    pages.show(
        turn,
        "answers/list",
        answers=[answer_views.answer_json(question, row) for row in rows],
        countable=question.item.kind in COUNTED,
        **answer_views.question_json(question),
        **pages.turning(page, ANSWERS_LISTED, total),
        **look.json(),
    )


def _never(turn: Turn, place: object, given: Input | None = None) -> NoReturn:
    """The pages ask nothing."""
    raise Refusal("conversation/changed")


FLOW = Flow(given=_never, pressed=pressed, ask=_never, cancel=_never, standing=True)
