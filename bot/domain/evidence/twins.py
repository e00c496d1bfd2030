"""Two streams that are one: a digest of a stream that a store can index, and what a match of two digests means."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from bot.domain.evidence.fixes import Fix
from bot.domain.evidence.thresholds import CHOSEN, Thresholds
from bot.domain.evidence.track import Track, place_of
from bot.domain.flags import Flag, FlagCode

# The smallest of all fingerprints stand for the stream, so that an hour or a day costs the same few rows.
KEPT = 64
# The same masts stand at the same places for everyone.
STEP_NEEDS_ACCURACY = 100.0
# A long step is known again though every digit of it was altered by a few metres: on a grid of 22 m.
GRID = 5000
LONG_STEP = 100.0
_MASK = (1 << 63) - 1


def fingerprints(fixes: Iterable[Fix]) -> tuple[int, ...]:
    """A digest of a stream: up to 64 whole numbers under 2**63, one for each step from a point to another, and one
    more for where a long step led from and to within 22 m.

    To be stored in an index, one row each; a stream is looked for by the rows that it has in common with others
    (`SELECT stream, count(*) … WHERE value IN (…) GROUP BY stream`), see `Match`. Times are not in it, so that a
    track played back on another day has the same. A phone that stands still on one point has none.
    """
    track = Track.of(fixes).surer_than(STEP_NEEDS_ACCURACY)
    steps = {_step(*way) for way in pairwise([place_of(fix) for fix in track.fixes]) if way[0] != way[1]}
    about = [~place_of(fix, GRID) for fix in track.fixes]
    steps |= {_step(*way) for n, way in enumerate(pairwise(about)) if track.step(n, n + 1) >= LONG_STEP}
    return tuple(sorted(steps)[:KEPT])


def _step(one: int, other: int) -> int:
    """A well spread number of 63 bits, the same in every process and release (unlike `hash`).

    Either way is one step: a phone between two Wi-Fis goes to and fro.
    """
    mixed = (min(one, other) * 0x9E3779B97F4A7C15 ^ max(one, other) * 0xC2B2AE3D27D4EB4F) & _MASK
    return ((mixed ^ mixed >> 31) * 0xD6E8FEB86659FD93 & _MASK) ^ mixed >> 29


@dataclass(frozen=True, slots=True)
class Match:
    """Another stream that was stored earlier and has `shared` fingerprints in common with the one at hand.

    `stored` is how many fingerprints it has itself. It ran from `began_at` to `ended_at`; `same_person` where it
    is the rep's own.
    """

    shared: int
    stored: int
    began_at: datetime
    ended_at: datetime
    same_person: bool


def same_stream(
    mine: Collection[int], began_at: datetime, ended_at: datetime, match: Match, chosen: Thresholds = CHOSEN
) -> Flag | None:
    """Whether two streams are one: the rep's own played again, or one stream for two reps.

    A rep who shares twice at the same time (a day and a visit in it) sends the same points honestly.
    """
    if match.shared < max(chosen.shared_steps, chosen.shared_part * min(len(mine), match.stored)):
        return None
    facts: dict[str, int | float | str] = {
        "shared": match.shared,
        "of": len(mine),
        "began_at": match.began_at.isoformat(),
    }
    if not match.same_person:
        return Flag(FlagCode.SHARED_STREAM, facts)
    if began_at <= match.ended_at and match.began_at <= ended_at:
        return None
    return Flag(FlagCode.REPLAYED_TRACK, facts)
