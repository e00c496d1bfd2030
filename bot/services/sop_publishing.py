"""A draft is published: what is wrong with it and what it changes is told before; old versions are looked at."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain.audit import Area
from bot.domain.conversation import Refusal
from bot.domain.people import Role
from bot.domain.sop import Sop
from bot.domain.sop_checking import problems
from bot.domain.sop_telling import differences, problem_told
from bot.services import audit, sop_views
from bot.services.sop_drafting import FLOW_NAME, Work, check_seen, shown
from bot.services.turn import Turn
from storage import conversations, sop_drafts, sops
from storage.sops import Version


def offer(turn: Turn, work: Work, _detail: str) -> None:
    """What publishing would change, or what stands against it."""
    if work.draft is None:
        raise Refusal("sop/nothing_drafted")
    found = problems(work.sop)
    numbers = sorted({problem.facts["number"] for problem in found if problem.facts.get("number")})
    place = shown(turn, work, "publish")
    turn.ask(
        place,
        "sop/publish",
        problems=[problem_told(problem) for problem in found],
        numbers=numbers,
        differences=_differences(work.version, work.sop),
        open_visits=len(sops.list_open_visits(turn.connection, work.sop.type)),
        **sop_views.head(work),
    )


def put_in_force(turn: Turn, sop: Sop) -> int:
    """Every visit of its type that begins from now on uses this checklist; returns the version's id."""
    person = turn.require(Role.ADMIN)
    before = sops.find_newest(turn.connection, sop.type)
    old = before.number if before is not None else None
    version_id = sops.publish(turn.connection, sop, turn.now, by=person.id)
    audit.note(turn, Area.SOP, "published", f"sop:{sop.type}", old, (old or 0) + 1)
    return version_id


def publish(turn: Turn, work: Work, _detail: str) -> None:
    """Let the draft be in force from now on."""
    check_seen(work)
    if work.draft is None or problems(work.sop):
        raise Refusal("conversation/changed")
    if not sop_drafts.drop(turn.connection, work.sop.type, work.draft.revision):
        raise Refusal("conversation/changed")
    put_in_force(turn, work.sop)
    version = sops.find_newest(turn.connection, work.sop.type)
    open_visits = len(sops.list_open_visits(turn.connection, work.sop.type))
    about: dict[str, Any] = {"version": sop_views.version_json(version), "open_visits": open_visits}
    turn.ask(work.place, "sop/published", type=work.sop.type, title=dict(work.sop.title), **about)
    conversations.end(turn.connection, work.place.person_id, FLOW_NAME)


def throw_away(turn: Turn, work: Work, sure: str) -> None:
    """Forget the draft; what is in force stays."""
    check_seen(work)
    if work.draft is None:
        raise Refusal("sop/nothing_drafted")
    if sure != "yes":
        turn.ask(shown(turn, work, "publish"), "sop/throw_away", **sop_views.head(work))
        return
    if not sop_drafts.drop(turn.connection, work.sop.type, work.draft.revision):
        raise Refusal("conversation/changed")
    title = dict(work.sop.title)
    turn.ask(work.place, "sop/thrown_away", title=title, type=work.sop.type if work.version is not None else None)
    conversations.end(turn.connection, work.place.person_id, FLOW_NAME)


def _differences(old: Version | None, new: Sop) -> dict[str, object] | None:
    if old is None:
        return None
    return sop_views.differences_json(old.sop, new, differences(old.sop, new))


ACTS: Mapping[str, Callable[[Turn, Work, str], None]] = {
    "publish": offer,
    "publishnow": publish,
    "drop": throw_away,
}
