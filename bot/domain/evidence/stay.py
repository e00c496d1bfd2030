"""How long a rep was inside the fence by what his live location covers; nothing is guessed for a gap."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from bot.domain.evidence.fixes import Fence, Fix, Outcome, in_order
from bot.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class Gap:
    """A time between two fixes that is too long to say where the rep was."""

    began_at: datetime
    ended_at: datetime

    @property
    def length(self) -> timedelta:
        return self.ended_at - self.began_at


@dataclass(frozen=True, slots=True)
class Stay:
    """What a live location shows of a visit.

    `covered` is the time between fixes inside the fence; `inside` counts these fixes. `gaps` are the times from
    the first fix inside to the last of all about which nothing is known. `left_at` is the first fix outside after the
    last one inside: he has not come back. `span` is from the first fix of all to the last, inside or not.
    """

    covered: timedelta = timedelta(0)
    inside: int = 0
    gaps: tuple[Gap, ...] = ()
    first_in: datetime | None = None
    last_in: datetime | None = None
    left_at: datetime | None = None
    span: timedelta = timedelta(0)

    @property
    def widest_gap(self) -> timedelta:
        """The longest gap; none at all is no time."""
        return max((gap.length for gap in self.gaps), default=timedelta(0))


def stay_of(fixes: Iterable[Fix], fence: Fence, policy: Policy) -> Stay:
    """The stay that the live fixes of a visit show, in whatever order they come.

    A fix that cannot tell (its circle is too wide) is passed over: it neither covers nor ends a stay. Between
    two neighbours that are both inside, the time is covered, unless it is longer than `evidence.gap`.
    """
    live = in_order(fixes)
    if not live:
        return Stay()
    outcomes = [(fix.at, fence.outcome(fix.point, fix.accuracy)) for fix in live]
    told = [(at, where) for at, where in outcomes if where is not Outcome.CANNOT_TELL]
    inside = [at for at, where in told if where is Outcome.INSIDE]
    span = live[-1].at - live[0].at
    if not inside:
        return Stay(span=span)
    covered = timedelta(0)
    for (one_at, one), (other_at, other) in pairwise(told):
        if one is other is Outcome.INSIDE and other_at - one_at <= policy.evidence_gap:
            covered += other_at - one_at
    return Stay(
        covered=covered,
        inside=len(inside),
        gaps=_gaps([at for at, _ in told], inside[0], policy.evidence_gap),
        first_in=inside[0],
        last_in=inside[-1],
        left_at=next((at for at, where in told if where is Outcome.OUTSIDE and at > inside[-1]), None),
        span=span,
    )


def _gaps(told: Sequence[datetime], since: datetime, longest: timedelta) -> tuple[Gap, ...]:
    return tuple(Gap(one, other) for one, other in pairwise(told) if one >= since and other - one > longest)
