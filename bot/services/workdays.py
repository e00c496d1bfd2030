"""`/day`: a rep begins his day, shares it live within his working hours, and ends it."""

from typing import Any

from bot.domain.conversation import Pressed, Refusal
from bot.domain.people import Person, Role
from bot.services import live_shares
from bot.services.conversations import Flow
from bot.services.turn import Turn
from storage import location_shares as stored
from storage.conversations import Place

FLOW_NAME = "day"


def command_day(turn: Turn, _argument: str = "") -> None:
    """`/day`: whether it has begun, what is kept of it, and who may see that."""
    rep = turn.require(Role.REP)
    policy = turn.policy_for(person=rep)
    day = stored.find_day(turn.connection, rep.id, turn.today)
    ends_at = live_shares.day_ends_at(turn, rep)
    turn.say(
        "live/day",
        begun_at=day.began_at.isoformat() if day is not None and ends_at is not None else None,
        until=ends_at.isoformat() if ends_at is not None else None,
        in_hours=live_shares.hours_end_at(turn, rep) is not None,
        hours=[policy.work_begins_at.isoformat("minutes"), policy.work_ends_at.isoformat("minutes")],
        shares=bool(stored.list_kept_of(turn.connection, rep.id)),
        agreed=stored.has_agreed(turn.connection, rep.id),
        days=turn.policy.live_kept.days,
    )


def begin(turn: Turn, rep: Person) -> None:
    """He begins his day, within working hours and once he has agreed; what he shares already is kept from now on."""
    until = live_shares.hours_end_at(turn, rep)
    if until is None:
        command_day(turn)
        return
    if not stored.has_agreed(turn.connection, rep.id):
        turn.say("live/consent", share_id=0, days=turn.policy.live_kept.days)
        return
    stored.begin_day(turn.connection, rep.id, turn.today, turn.now, until)
    share = stored.find_running(turn.connection, rep.id, turn.now)
    if share is not None:
        live_shares.keep(turn, rep, share)
    command_day(turn)


def pressed(turn: Turn, _place: Place | None, press: Pressed) -> None:
    """Begin, end, or keep nothing any more."""
    rep = turn.require(Role.REP)
    match press.choice:
        case "begin":
            begin(turn, rep)
        case "end":
            _end(turn, rep)
            turn.say("live/day_ended")
        case "withdraw":
            stored.answer(turn.connection, rep.id, given=False, now=turn.now)
            _end(turn, rep)
            live_shares.stop(turn, rep)
            turn.say("live/declined")
        case _:
            raise Refusal("conversation/changed")


def _end(turn: Turn, rep: Person) -> None:
    """Nothing of the day is kept from now on; a visit that goes on keeps its share."""
    stored.end_day(turn.connection, rep.id, turn.today, turn.now)
    for share in stored.list_kept_of(turn.connection, rep.id):
        if not share.visit_id:
            stored.change(turn.connection, share.id, **stored.NOTHING_KEPT)


def _never(turn: Turn, place: Place, given: Any = None) -> None:
    """The page asks nothing."""
    raise Refusal("conversation/changed")


def _nothing_open(turn: Turn, place: Place) -> bool:
    return True


FLOW = Flow(given=_never, pressed=pressed, ask=_never, cancel=_nothing_open, standing=True)
