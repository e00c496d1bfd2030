"""The pages of a checklist that is drafted: its items, one item, and the questions that change them."""

from collections.abc import Sequence
from typing import Any

from bot.domain.sop import Item, Kind
from bot.domain.sop_editing import item_of, number_of
from bot.services import sop_views
from bot.services.sop_drafting import Work, shown
from bot.services.turn import Turn

KINDS = [kind.value for kind in Kind if kind is not Kind.NAMES]


def show_page(turn: Turn, work: Work, note: dict[str, Any] | None = None, **state: Any) -> None:
    """The checklist's items; `note` says what has just become of it."""
    place = shown(turn, work, "page", **{"asks": None, **state})
    work = Work(place, work.sop, work.draft, work.version)
    deleted = place.state.get("deleted")
    is_gone = deleted is not None and all(item.id != deleted["item"]["id"] for item in work.sop.items)
    turn.ask(
        place,
        "sop/page",
        note=note,
        deleted=deleted["item"]["title"] if deleted is not None and is_gone else None,
        **sop_views.page(work),
    )


def show_added(turn: Turn, work: Work, items: Sequence[Item], *, guessed: bool, kind: str | None = None) -> None:
    """What was just added, alone: the list grows too long for a phone; for a guessed kind the others are offered."""
    lines = [sop_views.line(work.sop, number_of(work.sop, item.id), item) for item in items]
    item_id, page = items[-1].id, sop_views.last_page(work.sop)
    place = shown(turn, work, "page", asks=None, item=item_id, page=page)
    about: dict[str, Any] = {"title": dict(work.sop.title), "all": len(work.sop.items), "kinds": KINDS}
    turn.ask(place, "sop/added", added=lines, line=lines[-1], guessed=guessed, kind=kind, **about)


def ask_whether_item(turn: Turn, work: Work, typed: str) -> None:
    """Words that read like a greeting, a command or a question to us: they become an item only when he says so."""
    place = shown(turn, work, "page", asks=None, doubted=typed)
    turn.ask(place, "sop/is_it_an_item", typed=typed)


def show_item(turn: Turn, work: Work, item_id: str, note: str | None = None) -> None:
    """All of one item, and what can be changed about it."""
    item = item_of(work.sop, item_id)
    number = number_of(work.sop, item_id)
    place = shown(turn, work, "item", item=item_id, asks=None, page=(number - 1) // sop_views.PAGE)
    turn.ask(place, "sop/item", note=note, head=sop_views.head(work), line=sop_views.line(work.sop, number, item))


def ask(turn: Turn, work: Work, asks: str, **more: Any) -> None:
    """A question about the item that is open, or about the checklist: what is typed next answers it."""
    item_id = work.state.get("item")
    known = next((item for item in work.sop.items if item.id == item_id), None)
    number = number_of(work.sop, known.id) if known is not None else 0
    place = shown(turn, work, "ask", asks=asks, **more)
    turn.ask(
        place,
        "sop/ask",
        asks=asks,
        language_wanted=place.state.get("language"),
        head=sop_views.head(work),
        line=sop_views.line(work.sop, number, known) if known is not None else None,
        groups=[sop_views.group_json(group) for group in work.sop.groups],
        kinds=KINDS,
        others=[sop_views.line(work.sop, at, item) for at, item in enumerate(work.sop.items[:number], 1)][-8:-1],
    )
