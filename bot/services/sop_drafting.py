"""What an admin has open of a checklist, and how his change of its draft is kept: never over what he has not seen."""

from dataclasses import dataclass
from typing import Any

from bot.domain.conversation import Refusal
from bot.domain.people import Role
from bot.domain.sop import Sop
from bot.services.turn import Turn
from storage import conversations, sop_drafts, sops
from storage.conversations import Place
from storage.sop_drafts import Draft
from storage.sops import Version

FLOW_NAME = "sop"


@dataclass(frozen=True)
class Work:
    """A type that an admin has open: its `sop` is the draft, or what is in force as long as nobody drafts."""

    place: Place
    sop: Sop
    draft: Draft | None
    version: Version | None

    @property
    def seen(self) -> list[int]:
        """What identifies the state that is shown: the draft's revision, and the newest version's number."""
        return [self.draft.revision if self.draft else 0, self.version.number if self.version else 0]

    @property
    def state(self) -> dict[str, Any]:
        return self.place.state


def load(turn: Turn, place: Place) -> Work:
    """What this place is about; refuses a type that is gone."""
    work = find(turn, place)
    if work is None:
        raise Refusal("sop/gone")
    return work


def find(turn: Turn, place: Place) -> Work | None:
    """What this place is about; None when a colleague has dropped the draft of a type that was never published."""
    turn.require(Role.ADMIN)
    draft = sop_drafts.find(turn.connection, place.state["type"])
    version = sops.find_newest(turn.connection, place.state["type"])
    sop = draft.sop if draft is not None else version.sop if version is not None else None
    return Work(place, sop, draft, version) if sop is not None else None


def open_type(turn: Turn, sop_type: str) -> Work:
    """Take up a type."""
    person = turn.require(Role.ADMIN)
    state = {"type": sop_type, "view": "page", "seen": [0, 0], "page": None, "item": None}
    return load(turn, conversations.begin(turn.connection, person.id, FLOW_NAME, turn.now, state=state))


def shown(turn: Turn, work: Work, view: str, **state: Any) -> Place:
    """The place at what is shown next; from now on this is what the admin has seen."""
    kept = {**work.state, "view": view, "seen": work.seen, **state}
    return conversations.save(turn.connection, work.place, kept, view)


def keep(turn: Turn, work: Work, sop: Sop, *, adds: bool = False) -> Work:
    """Keep a change of the draft, which begins with it; refuses what was changed meanwhile by a colleague.

    What only `adds` overwrites nothing, so it is kept in any case.
    """
    person = turn.require(Role.ADMIN)
    if not adds:
        check_seen(work)
    if work.draft is None:
        is_kept = sop_drafts.begin(turn.connection, sop, person.id, turn.now)
    else:
        is_kept = sop_drafts.save(turn.connection, sop, work.draft.revision, person.id, turn.now)
    kept = load(turn, work.place)
    if not is_kept:
        raise _meanwhile(kept)  # both changed it at the same moment, and the other was faster
    return kept


def check_seen(work: Work) -> None:
    """Refuse to act on what the admin has not seen."""
    if list(work.state["seen"]) != work.seen:
        raise _meanwhile(work)


def _meanwhile(work: Work) -> Refusal:
    """Who has changed it, and when."""
    if work.draft is not None:
        return Refusal("sop/meanwhile", who=work.draft.changed_by_name, at=work.draft.changed_at.isoformat())
    if work.version is not None:
        return Refusal("sop/meanwhile", who=work.version.by or "", at=work.version.published_at.isoformat())
    return Refusal("sop/gone")
