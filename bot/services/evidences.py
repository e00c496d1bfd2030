"""The evidence of a visit, judged when it is sent: its level, what was seen, and what its live location raises."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.evidence import (
    Evidence,
    Fact,
    FactCode,
    Level,
    Stay,
    fingerprints,
    level_of,
    lower_than_asked,
    same_stream,
    settled,
    stay_of,
    stream_flags,
    testified,
)
from bot.domain.flags import Flag, FlagCode
from bot.domain.policy import Policy
from bot.domain.visit import Visit
from bot.services import later_flags, live_shares, testimonies
from bot.services.turn import Turn
from storage import location_fixes, streams, visits


def judge(turn: Turn, visit: Visit, policy: Policy) -> tuple[Visit, Evidence]:
    """What was seen of a visit on site, and the visit with the flags that come of it.

    A stay answers what the first fix left open. A stream that it has in common with an earlier visit is a fact
    about both, and flags both.
    """
    until = visit.checked_out_at or min(turn.now, visit.checked_in_at + policy.visit_closes_after)
    fixes = live_shares.fixes_of(turn, visit, until)
    fence = live_shares.fence_of(visit, policy)
    stay = stay_of(fixes, fence, policy) if fence is not None else Stay()
    said, doubted = testimonies.list_of(turn, visit.id)
    seen = testified(level_of(fixes, stay, policy.stay_minimum), said)
    low = lower_than_asked(seen, Level(int(policy.evidence_level[1:])))
    raised = [*stream_flags(fixes, policy), *_twins(turn, visit, until), *doubted]
    arrival, flags = visit.arrival, visit.flags
    if arrival is not None:
        arrival, flags = settled(arrival, flags, visit.checked_in_at, stay, policy.stay_minimum, policy)
    flags = (*flags, *raised, *([low] if low is not None else []))
    return replace(visit, arrival=arrival, flags=flags), seen


def hear(turn: Turn, visit_id: int, said: Fact) -> None:
    """A witness speaks after the report: the level is raised, and what was asked for and missing is met since now.

    Of an open visit there is nothing to raise yet: it is judged with all that was said when it is sent.
    """
    row = visits.get_row(turn.connection, visit_id)
    if row.state != "sent" or row.level is None:
        return
    facts = tuple(Fact(FactCode(fact["code"]), fact["facts"]) for fact in row.facts)
    seen = testified(Evidence(Level(row.level), facts), [said])
    flags = [
        replace(flag, facts={**flag.facts, "met_at": turn.now.isoformat()}) if _is_met(flag, seen) else flag
        for flag in visits.get_to_change(turn.connection, visit_id).flags
    ]
    visits.change(turn.connection, visit_id, flags=visits.flags_json(flags), **as_columns(seen))


def _is_met(flag: Flag, seen: Evidence) -> bool:
    is_low = flag.code is FlagCode.EVIDENCE_LOW and "met_at" not in flag.facts
    return is_low and seen.level >= int(flag.facts["asked"])


def as_columns(seen: Evidence) -> dict[str, Any]:
    """The level and its facts as the visit's row keeps them."""
    facts = [{"code": fact.code.value, "facts": dict(fact.facts)} for fact in seen.facts]
    return {"level": int(seen.level), "facts": facts}


def shown(row: Any) -> dict[str, Any] | None:
    """The same for a message; None for a remote contact, and for what was sent before evidence was judged."""
    return {"level": row.level, "facts": row.facts} if row.level is not None else None


def _twins(turn: Turn, visit: Visit, until: datetime) -> list[Flag]:
    """The flag of the visit whose stream is most like this one's; that visit is flagged, too, and its day counted."""
    fixes = location_fixes.list_of(turn.connection, visit.person_id, visit.checked_in_at, until)
    prints = fingerprints(fixes)
    if not prints:
        return []
    began_at, ended_at = fixes[0].at, fixes[-1].at
    raised: list[Flag] = []
    for found in streams.find_like(turn.connection, prints, visit.person_id):
        flag = same_stream(prints, began_at, ended_at, found.match)
        if flag is None:
            continue
        raised.append(flag)
        of_other = replace(flag, facts={**flag.facts, "began_at": began_at.isoformat()})
        later_flags.raise_on(turn, found.visit_id, of_other)
        break
    streams.keep(turn.connection, visit.id, visit.person_id, prints, began_at, ended_at)
    return raised
