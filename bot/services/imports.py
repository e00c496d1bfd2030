"""`/import`: an admin sends a customer list, says which map it is from, sees what it would change, and confirms."""

from dataclasses import asdict
from pathlib import PurePath
from typing import Any

from bot.domain.attachments import LARGEST
from bot.domain.conversation import Input, Photographed, Pressed, Refusal, Uploaded
from bot.domain.customer_import import State
from bot.domain.datum import Datum
from bot.domain.people import Role
from bot.services import menus, sop_files
from bot.services.conversations import Flow
from bot.services.turn import Turn
from storage import conversations
from storage import imports as stored
from storage.conversations import Place

FLOW_NAME = "import"
TEMPLATE_JOB, READ_JOB, APPLY_JOB = "import_template", "import_read", "import_apply"
LISTED = 3  # earlier imports, so that an admin sees what a colleague has brought in
_SHEETS = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".tsv", ".txt"}
# What may still be let go, and replaced by another file
_LOOSE = (State.READING, State.DATUM, State.PREVIEW, State.REFUSED)


def command_import(turn: Turn, _argument: str = "") -> None:
    """`/import`: an import that is under way is shown again, or a new one begins, with a template."""
    person = turn.require(Role.ADMIN)
    place = conversations.find(turn.connection, person.id, FLOW_NAME)
    if place is not None and place.subject:
        conversations.raise_up(turn.connection, place)
    else:
        place = conversations.begin(turn.connection, person.id, FLOW_NAME, turn.now, state={})
        turn.work(TEMPLATE_JOB, person.id)
    ask(turn, place)


def is_offered(turn: Turn, what: Uploaded) -> bool:
    """An admin's file that comes without `/import`: if it may be a list, offer to read it; False if not."""
    if Role.ADMIN not in turn.person.roles or PurePath(what.name).suffix.lower() not in _SHEETS:
        return False
    _refuse_too_big(what)
    state = {"file": asdict(what)}
    ask(turn, conversations.begin(turn.connection, turn.person.id, FLOW_NAME, turn.now, state=state))
    return True


def given(turn: Turn, place: Place, what: Input) -> None:
    """A file, at any time until one is confirmed: the newest one counts."""
    turn.require(Role.ADMIN)
    state = _state(turn, place)
    match what:
        case Uploaded() if state is State.APPLYING:
            raise Refusal("import/under_way")
        case Uploaded() if sop_files.is_surely_sop(what):
            sop_files.take(turn, what)
        case Uploaded():
            _take(turn, place, what)
        case Photographed():
            raise Refusal("import/picture")
        case _ if state in (State.READING, State.APPLYING):
            ask(turn, place)
        case _ if state in (State.DATUM, State.PREVIEW):
            raise Refusal("conversation/choose")
        case _:
            raise Refusal("import/no_file")


def pressed(turn: Turn, place: Place | None, press: Pressed) -> None:
    """Yes or no to a file, its datum, or the confirmation."""
    turn.require(Role.ADMIN)
    if place is None:
        raise Refusal("conversation/changed")
    state = _state(turn, place)
    if press.choice == "drop":
        cancel(turn, place)
    elif press.choice == "read" and "file" in place.state:
        _take(turn, place, Uploaded(**place.state["file"]))
    elif press.choice == "checklist" and "file" in place.state:
        conversations.end(turn.connection, place.person_id, FLOW_NAME)
        sop_files.take(turn, Uploaded(**place.state["file"]))
    elif state is State.DATUM and press.choice in list(Datum):
        _move_on(turn, place, State.DATUM, State.READING, READ_JOB, datum=press.choice)
    elif state is State.PREVIEW and press.choice == "import":
        _move_on(turn, place, State.PREVIEW, State.APPLYING, APPLY_JOB)
    else:
        raise Refusal("conversation/changed")


def _take(turn: Turn, place: Place, what: Uploaded) -> None:
    """Note the file at once; reading it is a job."""
    _refuse_too_big(what)
    _let_go(turn, place)
    import_id = stored.add(
        turn.connection, person_id=turn.person.id, file_id=what.file_id, file_name=what.name or "?", at=turn.now
    )
    turn.work(READ_JOB, import_id)
    ask(
        turn,
        conversations.begin(turn.connection, turn.person.id, FLOW_NAME, turn.now, subject=import_id, state={}),
    )


def _refuse_too_big(what: Uploaded) -> None:
    if what.size is not None and what.size > LARGEST:
        raise Refusal("import/too_big", megabytes=LARGEST // 1024 // 1024)


def _move_on(turn: Turn, place: Place, after: State, state: State, job: str, **values: Any) -> None:
    if not stored.move_on(turn.connection, place.subject, state=state, after=after, **values):
        raise Refusal("conversation/changed")
    turn.work(job, place.subject)
    ask(turn, conversations.save(turn.connection, place, place.state))


def ask(turn: Turn, place: Place) -> None:
    """Where the import stands; who is no admin any more is asked nothing."""
    if Role.ADMIN not in turn.person.roles:
        _let_go(turn, place)
        conversations.end(turn.connection, place.person_id, FLOW_NAME)
    elif place.subject:
        row = stored.get(turn.connection, place.subject)
        facts = {"list_name": row.file_name, "counts": row.counts, "datum": row.datum, **(row.shown or {})}
        turn.ask(place, f"import/{row.state}", **facts)
    elif "file" in place.state:
        file = Uploaded(**place.state["file"])
        turn.ask(place, "import/offer", list_name=file.name, may_be_checklist=sop_files.may_be_sop(file))
    else:
        earlier = [
            {"at": row.applied_at.isoformat(), "who": row.name, "file": row.file_name, **row.counts}
            for row in stored.list_applied(turn.connection, LISTED)
        ]
        turn.ask(place, "import/file_wanted", earlier=earlier)


def cancel(turn: Turn, place: Place) -> bool:
    """Import nothing; what was confirmed is carried out."""
    if _state(turn, place) is State.APPLYING:
        raise Refusal("import/under_way")
    _let_go(turn, place)
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    turn.say("import/dropped", rows=menus.keys_of(turn.person.roles))
    return True


def _state(turn: Turn, place: Place) -> State | None:
    return State(stored.get(turn.connection, place.subject).state) if place.subject else None


def _let_go(turn: Turn, place: Place) -> None:
    """The file of this place is of no interest any more; a job that still reads it finds nothing to do."""
    if _state(turn, place) in _LOOSE:
        stored.change(turn.connection, place.subject, state=State.DROPPED)


FLOW = Flow(given=given, pressed=pressed, ask=ask, cancel=cancel)
