"""The versions of a checklist: who published them and when, in what two differ, and a type that is used no more."""

from collections.abc import Callable, Mapping

from bot.domain.audit import Area
from bot.domain.conversation import Refusal
from bot.domain.people import Role
from bot.domain.sop_telling import differences
from bot.services import audit, positions, sop_talk, sop_views
from bot.services.sop_drafting import Work, check_seen, load, shown
from bot.services.turn import Turn
from storage import conversations, people, sop_drafts, sops, visits
from storage.sops import Version

SHOWN = 30  # versions on one message
COMPARED = 6  # versions that one is offered to be compared with


def history(turn: Turn, work: Work, _detail: str) -> None:
    """Every version with who and when, the newest first."""
    versions = [sop_views.version_json(one) for one in sops.list_versions(turn.connection, work.sop.type)[:SHOWN]]
    turn.ask(shown(turn, work, "history"), "sop/history", versions=versions, **sop_views.head(work))


def version(turn: Turn, work: Work, detail: str) -> None:
    """One version against the one before it, or against the one that was tapped."""
    number, _, other = detail.partition("-")
    versions = sops.list_versions(turn.connection, work.sop.type)
    this = _numbered(versions, number)
    before = _numbered(versions, other) if other else next((one for one in versions if one.number < this.number), None)
    others = [one.number for one in versions if one not in (this, before)][:COMPARED]
    turn.ask(
        shown(turn, work, "history"),
        "sop/version",
        this=sop_views.version_json(this),
        before=sop_views.version_json(before),
        differences=sop_views.differences_json(before.sop, this.sop, differences(before.sop, this.sop))
        if before is not None
        else None,
        lines=[sop_views.line(this.sop, at, item) for at, item in enumerate(this.sop.items, 1)],
        others=others,
        **sop_views.head(work),
    )


def take_up(turn: Turn, work: Work, detail: str) -> None:
    """An old version is the draft from now on; one that is there is not overwritten unasked."""
    person = turn.require(Role.ADMIN)
    number, _, sure = detail.partition("-")
    this = _numbered(sops.list_versions(turn.connection, work.sop.type), number)
    if work.draft is not None and sure != "yes":
        turn.ask(shown(turn, work, "history"), "sop/take_up", number=this.number, **sop_views.head(work))
        return
    check_seen(work)
    sop_drafts.replace(turn.connection, this.sop, person.id, turn.now)
    sop_talk.show_page(turn, load(turn, work.place), {"what": "taken_up", "number": this.number})


def stop(turn: Turn, work: Work, detail: str) -> None:
    """Ask what shall become of what is under way, then offer the type no more."""
    person = turn.require(Role.ADMIN)
    if work.version is None or work.version.withdrawn_at is not None:
        raise Refusal("conversation/changed")
    if [name for name, _ in sops.list_types(turn.connection)] == [work.sop.type]:
        raise Refusal("sop/last_type")
    open_visits = sops.list_open_visits(turn.connection, work.sop.type)
    if detail not in ("finish", "end"):
        about = {"open_visits": len(open_visits), **sop_views.head(work)}
        turn.ask(shown(turn, work, "stop"), "sop/stop", **about)
        return
    check_seen(work)
    if not sops.withdraw(turn.connection, work.version.id, person.id, turn.now):
        raise Refusal("conversation/changed")
    audit.note(turn, Area.SOP, "withdrawn", f"sop:{work.sop.type}", work.version.number)
    if detail == "end":
        for visit_id in open_visits:
            _end_visit(turn, visit_id)
    sop_talk.show_page(turn, load(turn, work.place), {"what": "stopped", "ended": detail == "end"})


def _end_visit(turn: Turn, visit_id: int) -> None:
    """A rep's open visit ends unreported; what he told stays stored, and he hears why."""
    rep = people.get_acting(turn.connection, visits.get_row(turn.connection, visit_id).person_id)
    visit = visits.get_to_change(turn.connection, visit_id)
    visits.cancel(turn.connection, visit_id)
    positions.take_back(turn, visit)
    conversations.end(turn.connection, rep.id, "visit")
    who, title = turn.person.name, dict(visit.checklist.sop.title)
    turn.say("sop/visit_ended", to=rep, customer=visit.customer.name, who=who, title=title)


def use_again(turn: Turn, work: Work, _detail: str) -> None:
    """A withdrawn type is offered at check-in again."""
    turn.require(Role.ADMIN)
    if work.version is None:
        raise Refusal("conversation/changed")
    sops.offer_again(turn.connection, work.version.id)
    audit.note(turn, Area.SOP, "used_again", f"sop:{work.sop.type}", None, work.version.number)
    sop_talk.show_page(turn, load(turn, work.place), {"what": "again"})


def _numbered(versions: list[Version], number: str) -> Version:
    for one in versions:
        if str(one.number) == number:
            return one
    raise Refusal("conversation/changed")


ACTS: Mapping[str, Callable[[Turn, Work, str], None]] = {
    "history": history,
    "version": version,
    "takeup": take_up,
    "stop": stop,
    "again": use_again,
}
