"""What the messages about checklists speak of: types, a page of items, one item, and differences."""

from typing import Any

from bot.domain.sop import Group, Item, Sop
from bot.domain.sop_telling import Differences, told
from bot.services.sop_drafting import Work
from bot.services.visit_cards import item_json
from storage.sop_drafts import Draft
from storage.sops import Version

PAGE = 20  # items on one message


def head(work: Work) -> dict[str, Any]:
    """Which checklist this is, and how far it is."""
    return {
        "type": work.sop.type,
        "title": dict(work.sop.title),
        "ordered": work.sop.ordered,
        "all": len(work.sop.items),
        "draft": draft_json(work.draft),
        "version": version_json(work.version),
    }


def page(work: Work) -> dict[str, Any]:
    """Its items, those of one page; the newest are on the last one."""
    pages = max(1, -(-len(work.sop.items) // PAGE))
    asked = work.state.get("page")
    at = min(asked if asked is not None else 0, pages - 1)
    numbered = list(enumerate(work.sop.items, 1))[at * PAGE : (at + 1) * PAGE]
    lines = [line(work.sop, number, item) for number, item in numbered]
    return {**head(work), "items": lines, "page": at, "pages": pages}


def last_page(sop: Sop) -> int:
    """The page on which a new item stands."""
    return max(0, len(sop.items) - 1) // PAGE


def line(sop: Sop, number: int, item: Item) -> dict[str, Any]:
    """An item in short, and in full: its page tells all of it."""
    group = next((one for one in sop.groups if one.id == item.group), None)
    checks = [
        {"holds": told(sop, check.holds, item), "message": dict(check.message), "soft": check.soft}
        for check in item.checks
    ]
    about = {"number": number, "when": told(sop, item.when, item), "checks": checks}
    return {**item_json(item), **about, "group": group_json(group) if group is not None else None}


def group_json(group: Group) -> dict[str, Any]:
    """Of what an item is asked."""
    return {
        "title": dict(group.title),
        "entries": [dict(entry.label) for entry in group.entries],
        "open": group.open,
        "required": group.required,
    }


def draft_json(draft: Draft | None) -> dict[str, Any] | None:
    """Who changed a draft last."""
    return {"who": draft.changed_by_name, "at": draft.changed_at.isoformat()} if draft is not None else None


def version_json(version: Version | None) -> dict[str, Any] | None:
    """A published version; `who` is empty for what Rounds brought along."""
    if version is None:
        return None
    return {
        "id": version.id,
        "number": version.number,
        "who": version.by or "",
        "at": version.published_at.isoformat(),
        "withdrawn_at": version.withdrawn_at.isoformat() if version.withdrawn_at is not None else None,
        "items": len(version.sop.items),
    }


def differences_json(old: Sop, new: Sop, found: Differences) -> dict[str, Any]:
    """In what a checklist differs, items with their numbers and titles."""
    numbers = {item.id: number for number, item in enumerate(new.items, 1)}
    before = {item.id: number for number, item in enumerate(old.items, 1)}

    def short(item: Item, number: int) -> dict[str, Any]:
        return {"number": number, "title": dict(item.title)}

    return {
        "added": [short(item, numbers[item.id]) for item in found.added],
        "changed": [{**short(item, numbers[item.id]), "what": list(what)} for item, what in found.changed],
        "moved": [{**short(item, numbers[item.id]), "was": before[item.id]} for item in found.moved],
        "removed": [short(item, before[item.id]) for item in found.removed],
        "title": found.title,
        "ordered": found.ordered,
        "groups": found.groups,
    }
