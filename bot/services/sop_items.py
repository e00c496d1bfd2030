"""One item of a draft: its buttons, what is typed about it, and the answers to the questions that it asks."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.domain.conversation import Refusal
from bot.domain.sop import CHOSEN, HINT_MOST, TITLE_MOST, Item, Kind, Sop, Wording
from bot.domain.sop_editing import (
    choices_of,
    item_of,
    moved,
    number_of,
    put_back,
    removed,
    with_check,
    with_condition,
    with_group,
    with_group_changed,
    with_item,
    with_kind,
    with_typed,
)
from bot.domain.sop_lines import NAMES, PARTS, names_of, typed_of
from bot.domain.sop_words import wording_of
from bot.services import sop_talk
from bot.services.sop_drafting import Work, keep
from bot.services.turn import Turn
from storage import sops
from storage.pinyin import sounds

Act = Callable[[Turn, Work, str], None]
LANGUAGES = ("en", "zh_Hans")
WORDED = {"title": TITLE_MOST, "hint": HINT_MOST, "sop_title": TITLE_MOST}  # what is told in each language
ASKED = (*WORDED, "choices", "amounts", "minimum", "when", "check", "group", "entries", "move", "kind")


def _item(work: Work) -> Item:
    return item_of(work.sop, str(work.state["item"]))


def _changed(turn: Turn, work: Work, sop: Sop, note: str = "changed") -> None:
    """Keep a change of the open item, and show it."""
    item_id = str(work.state["item"])
    sop_talk.show_item(turn, keep(turn, work, sop), item_id, note)


# --- typed ------------------------------------------------------------------------------------


def say_more(turn: Turn, work: Work, text: str) -> None:
    """Parts as of a new item's line: `optional; 0-50; if 1 = yes`."""
    parts = [part for part in PARTS.split(text.strip()) if part]
    typed = typed_of(parts, turn.person.language, kind=_item(work).kind)
    _changed(turn, work, with_typed(work.sop, _item(work).id, typed, sounds))


def answer(turn: Turn, work: Work, text: str) -> None:
    """The answer to the question that was put."""
    asks, text = str(work.state["asks"]), text.strip()
    if asks in WORDED:
        _worded(turn, work, asks, text)
        return
    item = _item(work)
    match asks:
        case "choices":
            choices = choices_of(names_of(text), item.choices, sounds)
            if len(choices) < 2:
                raise Refusal("sop/two_choices")
            _changed(turn, work, with_item(work.sop, replace(item, choices=choices)))
        case "amounts" | "minimum":
            parts = [part for part in (*PARTS.split(text),) for part in NAMES.split(part) if part]
            parts = [f"min {part}" if asks == "minimum" and part.isdecimal() else part for part in parts]
            typed = typed_of(parts, turn.person.language, kind=item.kind)
            _changed(turn, work, with_typed(work.sop, item.id, typed, sounds))
        case "when":
            _changed(turn, work, with_condition(work.sop, item.id, text))
        case "check":
            holds, colon, message = text.replace("：", ":").partition(":")
            if not colon or not message.strip():
                raise Refusal("sop/check_how")
            wording = wording_of(message, turn.person.language)
            _changed(turn, work, with_check(work.sop, item.id, holds, wording, soft=False))
        case "group":
            name, _, entries = text.replace("：", ":").partition(":")
            _changed(turn, work, with_group(work.sop, item.id, name.strip(), names_of(entries), sounds))
        case "entries":
            group = work.sop.group(item.group)
            added = choices_of(names_of(text), group.entries, sounds)
            _changed(turn, work, with_group_changed(work.sop, replace(group, entries=added)))
        case "move":
            if not text.isdecimal():
                raise Refusal("sop/no_such_number", most=len(work.sop.items))
            _changed(turn, work, moved(work.sop, item.id, int(text)))
        case _:
            raise Refusal("conversation/choose")


def _worded(turn: Turn, work: Work, asks: str, text: str) -> None:
    """A title or hint in one language, or in both; the other one is asked for next, and may be left out."""
    wanted = work.state.get("language")
    told = {wanted: text} if wanted else wording_of(text, turn.person.language)
    if any(len(words) > WORDED[asks] for words in told.values()):
        raise Refusal("sop/title_long", most=WORDED[asks])
    work = keep(turn, work, _with_wording(work.sop, work.state.get("item"), asks, told))
    missing = [language for language in LANGUAGES if language not in told]
    if missing and not wanted:
        sop_talk.ask(turn, work, asks, language=missing[0])
    else:
        _back(turn, work, "")


def _with_wording(sop: Sop, item_id: str | None, asks: str, told: Wording) -> Sop:
    if asks == "sop_title":
        return replace(sop, title={**sop.title, **told})
    item = item_of(sop, str(item_id))
    if asks == "hint":
        return with_item(sop, replace(item, hint={**item.hint, **told}))
    return with_item(sop, replace(item, title={**item.title, **told}))


# --- tapped -----------------------------------------------------------------------------------


def _open(turn: Turn, work: Work, number: str) -> None:
    if not number.isdecimal() or not 0 < int(number) <= len(work.sop.items):
        raise Refusal("conversation/changed")
    sop_talk.show_item(turn, work, work.sop.items[int(number) - 1].id)


def _back(turn: Turn, work: Work, _detail: str) -> None:
    """From a question to what it was about."""
    if work.state.get("asks") == "sop_title":
        sop_talk.show_page(turn, work)
    else:
        sop_talk.show_item(turn, work, _item(work).id)


def _ask(turn: Turn, work: Work, asks: str) -> None:
    if asks not in ASKED:
        raise Refusal("conversation/changed")
    sop_talk.ask(turn, work, asks, language=None)


def _kind(turn: Turn, work: Work, kind: str) -> None:
    """Another kind; one that is chosen from needs its choices next."""
    if kind not in sop_talk.KINDS:
        raise Refusal("conversation/changed")
    item = with_kind(_item(work), Kind(kind))
    from_page = work.state["view"] == "page"
    work = keep(turn, work, with_item(work.sop, item))
    if item.kind in CHOSEN and not item.choices:
        sop_talk.ask(turn, work, "choices")
    elif from_page:
        sop_talk.show_added(turn, work, [item], guessed=False, kind=kind)
    else:
        sop_talk.show_item(turn, work, item.id, "changed")


def _required(turn: Turn, work: Work, _detail: str) -> None:
    item = _item(work)
    _changed(turn, work, with_item(work.sop, replace(item, required=not item.required)))


def _move(turn: Turn, work: Work, way: str) -> None:
    item = _item(work)
    number = number_of(work.sop, item.id) + (1 if way == "down" else -1)
    _changed(turn, work, moved(work.sop, item.id, number))


def _without(turn: Turn, work: Work, what: str) -> None:
    """Take a condition, a check, the group or a bound away again."""
    item = _item(work)
    what, _, number = what.partition("-")
    match what:
        case "when":
            item = replace(item, when="")
        case "hint":
            item = replace(item, hint={})
        case "group":
            item = replace(item, group="")
        case "amounts":
            item = replace(item, least=None, most=None, unit={})
        case "check" if number.isdecimal() and int(number) < len(item.checks):
            item = replace(item, checks=(*item.checks[: int(number)], *item.checks[int(number) + 1 :]))
        case _:
            raise Refusal("conversation/changed")
    _changed(turn, work, with_item(work.sop, item))


def _soft(turn: Turn, work: Work, number: str) -> None:
    """A check asks whether so, or forbids."""
    item = _item(work)
    if not number.isdecimal() or int(number) >= len(item.checks):
        raise Refusal("conversation/changed")
    checks = list(item.checks)
    checks[int(number)] = replace(checks[int(number)], soft=not checks[int(number)].soft)
    _changed(turn, work, with_item(work.sop, replace(item, checks=tuple(checks))))


def _group(turn: Turn, work: Work, number: str) -> None:
    """One of the groups that there are; `open` and `required` are switched of the one that the item has."""
    item = _item(work)
    if number.isdecimal() and int(number) < len(work.sop.groups):
        _changed(turn, work, with_item(work.sop, replace(item, group=work.sop.groups[int(number)].id)))
    elif number in ("open", "required") and item.group:
        group = work.sop.group(item.group)
        is_open = group.open != (number == "open")
        group = replace(group, open=is_open, required=group.required != (number == "required"))
        _changed(turn, work, with_group_changed(work.sop, group))
    else:
        raise Refusal("conversation/changed")


def _delete(turn: Turn, work: Work, _detail: str) -> None:
    """Away with it; it can be put back as long as the admin stays here."""
    item = _item(work)
    number = number_of(work.sop, item.id)
    only = replace(work.sop, items=(item,), groups=tuple(one for one in work.sop.groups if one.id == item.group))
    document = sops.document_of(only)
    deleted = {"item": document["items"][0], "at": number - 1, "groups": document["groups"]}
    work = keep(turn, work, removed(work.sop, item.id))
    sop_talk.show_page(turn, work, deleted=deleted, item=None)


def _put_back(turn: Turn, work: Work, _detail: str) -> None:
    deleted = work.state.get("deleted")
    if deleted is None:
        raise Refusal("conversation/changed")
    document = {**sops.document_of(work.sop), "items": [deleted["item"]], "groups": deleted["groups"]}
    only = sops.sop_of(document)
    group = only.groups[0] if only.groups else None
    work = keep(turn, work, put_back(work.sop, only.items[0], deleted["at"], group))
    sop_talk.show_page(turn, work, deleted=None)


ACTS: Mapping[str, Act] = {
    "item": _open,
    "back": _back,
    "ask": _ask,
    "kind": _kind,
    "required": _required,
    "move": _move,
    "no": _without,
    "soft": _soft,
    "group": _group,
    "delete": _delete,
    "putback": _put_back,
}
