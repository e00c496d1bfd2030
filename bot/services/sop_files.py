"""A checklist as a file: an admin has it sent to him, sends it back, sees what it would change, and publishes it."""

from dataclasses import asdict
from pathlib import PurePath
from typing import Any

from bot.domain.attachments import LARGEST
from bot.domain.conversation import Input, Pressed, Refusal, Uploaded
from bot.domain.people import Role
from bot.domain.sop import Sop
from bot.domain.sop_checking import problems
from bot.domain.sop_telling import differences
from bot.services import sop_views
from bot.services.conversations import Flow
from bot.services.sop_publishing import put_in_force
from bot.services.turn import Turn
from storage import conversations, sop_drafts, sop_exports, sops
from storage.conversations import Place
from storage.database import Connection

FLOW_NAME = "sop_file"
EXPORT_JOB, READ_JOB = "sop_export", "sop_read"
FORMS = ("xlsx", "yaml")
_YAML = {".yaml", ".yml"}
_SHEETS = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}


def export_sop(turn: Turn, sop_type: str, form: str) -> None:
    """Have the checklist of a type sent as a file, the draft if there is one; `form` is "xlsx" or "yaml"."""
    person = turn.require(Role.ADMIN)
    if form not in FORMS or find_sop(turn.connection, sop_type) is None:
        raise Refusal("conversation/changed")
    sop_exports.want(turn.connection, person.id, sop_type, form, turn.now)
    turn.work(EXPORT_JOB, person.id)


def find_sop(connection: Connection, sop_type: str) -> Sop | None:
    """What an admin works on: the draft of a type, else its newest version."""
    draft = sop_drafts.find(connection, sop_type)
    version = sops.find_newest(connection, sop_type)
    return draft.sop if draft is not None else version.sop if version is not None else None


def may_be_sop(what: Uploaded) -> bool:
    """Whether a file may hold a checklist, by its name."""
    return PurePath(what.name).suffix.lower() in _SHEETS | _YAML


def is_surely_sop(what: Uploaded) -> bool:
    """Whether a file can be nothing else that we know, by its name."""
    return PurePath(what.name).suffix.lower() in _YAML


def is_offered(turn: Turn, what: Uploaded) -> bool:
    """An admin's YAML that comes by itself: offer to read it. A sheet may be a list of customers, so that asks."""
    if Role.ADMIN not in turn.person.roles or not is_surely_sop(what):
        return False
    _refuse_too_big(what)
    ask(turn, _begin(turn, what, "offered"))
    return True


def take(turn: Turn, what: Uploaded) -> None:
    """Read a file as a checklist; reading is a job."""
    person = turn.require(Role.ADMIN)
    _refuse_too_big(what)
    place = _begin(turn, what, "reading")
    turn.work(READ_JOB, person.id)
    ask(turn, place)


def given(turn: Turn, place: Place, what: Input) -> None:
    """A file, as often as he likes: the newest one counts."""
    turn.require(Role.ADMIN)
    if isinstance(what, Uploaded):
        take(turn, what)
    elif place.state["at"] == "reading":
        ask(turn, place)
    elif place.state["at"] == "refused":
        raise Refusal("sop_file/no_file")
    else:
        raise Refusal("conversation/choose")


def pressed(turn: Turn, place: Place | None, press: Pressed) -> None:
    """What becomes of the file; or, below a checklist, that it is wanted as one."""
    turn.require(Role.ADMIN)
    form, _, sop_type = press.choice.partition("-")
    if press.revision == 0 and form in FORMS:
        export_sop(turn, sop_type, form)
        return
    if place is None:
        raise Refusal("conversation/changed")
    match press.choice, place.state["at"]:
        case "drop", _:
            cancel(turn, place)
        case "read", "offered":
            take(turn, Uploaded(**place.state["file"]))
        case "publish" | "draft", "preview":
            _store(turn, place, press.choice)
        case _:
            raise Refusal("conversation/changed")


def show_reading(turn: Turn, place: Place, at: str, **found: Any) -> None:
    """What a file turned out to be: "refused" with its mistakes or fault, or a "preview" of its document."""
    ask(turn, conversations.save(turn.connection, place, {**place.state, "at": at, **found}, at))


def ask(turn: Turn, place: Place) -> None:
    """Where the file stands; who is no admin any more is asked nothing."""
    if Role.ADMIN not in turn.person.roles:
        conversations.end(turn.connection, place.person_id, FLOW_NAME)
        return
    state = place.state
    facts = _preview(turn, state) if state["at"] == "preview" else state.get("shown", {})
    turn.ask(place, f"sop_file/{state['at']}", file_name=state["file"]["name"], **facts)


def cancel(turn: Turn, place: Place) -> bool:
    """Leave the file; nothing has changed."""
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    turn.say("sop_file/dropped")
    return True


def seen_of(turn: Turn, sop_type: str) -> list[int]:
    """What a preview compares with: the newest version's number, and the draft's revision."""
    version = sops.find_newest(turn.connection, sop_type)
    draft = sop_drafts.find(turn.connection, sop_type)
    return [version.number if version is not None else 0, draft.revision if draft is not None else 0]


def _begin(turn: Turn, what: Uploaded, at: str) -> Place:
    state = {"file": {**asdict(what), "name": what.name or "?"}, "at": at}
    return conversations.begin(turn.connection, turn.person.id, FLOW_NAME, turn.now, state=state)


def _refuse_too_big(what: Uploaded) -> None:
    if what.size is not None and what.size > LARGEST:
        raise Refusal("import/too_big", megabytes=LARGEST // 1024 // 1024)


def _preview(turn: Turn, state: dict[str, Any]) -> dict[str, Any]:
    sop = sops.sop_of(state["document"])
    version = sops.find_newest(turn.connection, sop.type)
    draft = sop_drafts.find(turn.connection, sop.type)
    found = differences(version.sop, sop) if version is not None else None
    return {
        "type": sop.type,
        "title": dict(sop.title),
        "count": len(sop.items),
        "number": (version.number if version is not None else 0) + 1,
        "draft_by": draft.changed_by_name if draft is not None else None,
        "ignored": list(state["ignored"]),
        "same": found is not None and not found,
        "differences": sop_views.differences_json(version.sop, sop, found) if version and found else None,
    }


def _store(turn: Turn, place: Place, choice: str) -> None:
    """Publish the file's checklist or keep it as the draft, unless that is no longer what the admin has seen."""
    person = turn.require(Role.ADMIN)
    sop = sops.sop_of(place.state["document"])
    seen = seen_of(turn, sop.type)
    if place.state["seen"] != seen:
        turn.say("sop_file/meanwhile")
        turn.pressed_message = None  # the question comes anew, below these words
        show_reading(turn, place, "preview", seen=seen)
        return
    if problems(sop):
        raise Refusal("conversation/changed")
    if choice == "publish":
        put_in_force(turn, sop)
    else:
        sop_drafts.replace(turn.connection, sop, person.id, turn.now)
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    message = "sop_file/published" if choice == "publish" else "sop_file/drafted"
    turn.ask(place, message, title=dict(sop.title), number=seen[0] + 1, count=len(sop.items))


FLOW = Flow(given=given, pressed=pressed, ask=ask, cancel=cancel, standing=True)
