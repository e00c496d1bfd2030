"""`/sop`: the checklists of a company, what each asks, and a draft that an admin writes by words and buttons."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.domain.conversation import Input, Pressed, Refusal, Said, Uploaded
from bot.domain.people import Role
from bot.domain.sop import TITLE_MOST, Sop
from bot.domain.sop_editing import with_lines
from bot.domain.sop_lines import lines_of
from bot.domain.sop_words import id_for, is_talk, wording_of
from bot.services import sop_files, sop_history, sop_items, sop_preview, sop_publishing, sop_talk, sop_views
from bot.services.conversations import Flow
from bot.services.sop_drafting import FLOW_NAME, Work, find, keep, load, open_type, shown
from bot.services.turn import Turn
from storage import conversations, sop_drafts, sops
from storage.conversations import Place
from storage.pinyin import sounds

Act = Callable[[Turn, Work, str], None]


def command_sop(turn: Turn, _argument: str = "") -> None:
    """`/sop`: every type with its version and its draft; what he types next is no item of the one he left."""
    person = turn.require(Role.ADMIN)
    conversations.end(turn.connection, person.id, FLOW_NAME)
    conversations.end(turn.connection, person.id, sop_preview.FLOW_NAME)
    versions = {version.type: version for version in sops.list_newest(turn.connection)}
    drafts = {draft.sop.type: draft for draft in sop_drafts.list_all(turn.connection)}
    types = []
    for sop_type in dict.fromkeys([*versions, *drafts]):
        version, draft = versions.get(sop_type), drafts.get(sop_type)
        title = version.sop.title if version is not None else drafts[sop_type].sop.title
        told = {"version": sop_views.version_json(version), "draft": sop_views.draft_json(draft)}
        types.append({"type": sop_type, "title": dict(title), **told})
    turn.say("sop/types", types=types)


def _begin_new(turn: Turn) -> None:
    person = turn.require(Role.ADMIN)
    state = {"type": None, "view": "new"}
    ask(turn, conversations.begin(turn.connection, person.id, FLOW_NAME, turn.now, state=state))


def _name_new(turn: Turn, text: str) -> None:
    """A new type has its title: its draft begins."""
    person = turn.require(Role.ADMIN)
    title = wording_of(text, person.language)
    if any(len(one) > TITLE_MOST for one in title.values()):
        raise Refusal("sop/title_long", most=TITLE_MOST)
    drafted = [draft.sop.type for draft in sop_drafts.list_all(turn.connection)]
    taken = [*(version.type for version in sops.list_newest(turn.connection)), *drafted]
    sop = Sop(id_for(title, taken, sounds), title, ())
    if not sop_drafts.begin(turn.connection, sop, person.id, turn.now):
        raise Refusal("conversation/changed")
    sop_talk.show_page(turn, open_type(turn, sop.type), {"what": "begun"})


# --- what is tapped and typed -----------------------------------------------------------------


def pressed(turn: Turn, place: Place | None, press: Pressed) -> None:
    """A button of the list, which stands for itself, or of a page."""
    turn.require(Role.ADMIN)
    if press.revision == 0:
        verb, _, sop_type = press.choice.partition("-")
        if verb == "new":
            _begin_new(turn)
        elif verb == "types":
            command_sop(turn)
        elif verb == "type":
            sop_talk.show_page(turn, open_type(turn, sop_type))
        else:
            raise Refusal("conversation/changed")
        return
    verb, _, detail = press.choice.partition("-")
    if place is None or place.state["type"] is None or verb not in _ACTS:
        raise Refusal("conversation/changed")
    _ACTS[verb](turn, load(turn, place), detail)


def given(turn: Turn, place: Place, what: Input) -> None:
    """Words: a new checklist's title, new items, more about the open item, or the answer to a question."""
    turn.require(Role.ADMIN)
    if isinstance(what, Uploaded):
        sop_files.take(turn, what)
        return
    if not isinstance(what, Said):
        raise Refusal("sop/type_it")
    if place.state["view"] == "new":
        _name_new(turn, what.text)
        return
    work = load(turn, place)
    match place.state["view"]:
        case "item":
            sop_items.say_more(turn, work, what.text)
        case "ask":
            sop_items.answer(turn, work, what.text)
        case _ if is_talk(what.text):
            sop_talk.ask_whether_item(turn, work, what.text.strip())
        case _:
            _add(turn, work, what.text)


def _add(turn: Turn, work: Work, text: str) -> None:
    """New items, one a line."""
    lines = lines_of(text, turn.person.language)
    sop = with_lines(work.sop, lines, sounds)
    if not lines:
        raise Refusal("sop/type_it")
    guessed = len(lines) == 1 and lines[0].guessed
    sop_talk.show_added(turn, keep(turn, work, sop, adds=True), sop.items[-len(lines) :], guessed=guessed)


def ask(turn: Turn, place: Place) -> None:
    """Where the admin stands; who is none any more is asked nothing."""
    if Role.ADMIN not in turn.person.roles:
        conversations.end(turn.connection, place.person_id, FLOW_NAME)
    elif place.state["view"] == "new":
        turn.ask(place, "sop/new")
    elif (work := find(turn, place)) is None:
        conversations.end(turn.connection, place.person_id, FLOW_NAME)
    else:
        item_id = place.state["item"]
        is_there = any(item.id == item_id for item in work.sop.items)
        if place.state["view"] == "item" and is_there:
            sop_talk.show_item(turn, work, item_id)
        elif place.state["view"] == "ask" and (is_there or place.state["asks"] == "sop_title"):
            sop_talk.ask(turn, work, place.state["asks"])
        else:
            sop_talk.show_page(turn, work)


def cancel(turn: Turn, place: Place) -> bool:
    """Leave the checklists; every change is kept already."""
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    turn.say("sop/left")
    return True


# --- the page's own buttons -------------------------------------------------------------------


def _page(turn: Turn, work: Work, page: str) -> None:
    """Another page, or the one where he was."""
    wanted = int(page) if page.isdecimal() else work.state["page"]
    sop_talk.show_page(turn, work, page=wanted)


def _add_all_the_same(turn: Turn, work: Work, _detail: str) -> None:
    """What read like no item is one."""
    if not work.state.get("doubted"):
        raise Refusal("conversation/changed")
    _add(turn, work, work.state["doubted"])


def _ordered(turn: Turn, work: Work, _detail: str) -> None:
    sop = replace(work.sop, ordered=not work.sop.ordered)
    sop_talk.show_page(turn, keep(turn, work, sop), {"what": "ordered"})


def _how(turn: Turn, work: Work, _detail: str) -> None:
    """How an item is typed."""
    turn.ask(shown(turn, work, "page", asks=None), "sop/how", title=dict(work.sop.title))


def _close(turn: Turn, _work: Work, _detail: str) -> None:
    command_sop(turn)


_ACTS: Mapping[str, Act] = {
    "page": _page,
    "add": _add_all_the_same,
    "ordered": _ordered,
    "how": _how,
    "close": _close,
    **sop_items.ACTS,
    **sop_publishing.ACTS,
    **sop_history.ACTS,
    **sop_preview.ACTS,
}

FLOW = Flow(given=given, pressed=pressed, ask=ask, cancel=cancel, standing=True)
