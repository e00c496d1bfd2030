"""Makes streams that no rep's phone sent: each kind of fake on the times and gaps of a real phone's log."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from evidence_logs import Stream

from bot.domain.evidence import Fix
from bot.domain.geography import Point

METRES_PER_DEGREE = 111_195.0
# What apps that set a phone's place claim for it.
CLAIMED = (1.0, 3.0, 5.0, 10.0, 15.0, 20.0, 25.0)


@dataclass(frozen=True)
class Fake:
    """A faked stream; `twin` is the real one that it was copied from, where it was."""

    stream: Stream
    twin: Stream | None = None


def _moved(point: Point, east: float, north: float) -> Point:
    per_degree_east = METRES_PER_DEGREE * math.cos(math.radians(point.latitude))
    return Point(point.latitude + north / METRES_PER_DEGREE, point.longitude + east / per_degree_east)


def constant(base: Stream, random: Random) -> Fake:
    """One point, one accuracy."""
    at, claimed = base.fixes[0].point, random.choice(CLAIMED)
    return Fake(replace(base, fixes=tuple(Fix(at, fix.at, claimed, live=True) for fix in base.fixes)))


def jittered(base: Stream, random: Random) -> Fake:
    """Around one point by chance: a normal spread of 1–25 m or a disc of 3–50 m; one accuracy, or any from 5 to 30."""
    at, claimed, varies = base.fixes[0].point, random.choice(CLAIMED), random.random() < 0.5
    normal, size = random.random() < 0.5, math.exp(random.uniform(0, math.log(25)))
    fixes = []
    for fix in base.fixes:
        if normal:
            east, north = random.gauss(0, size), random.gauss(0, size)
        else:
            radius, angle = max(3.0, 2 * size) * math.sqrt(random.random()), random.uniform(0, math.tau)
            east, north = radius * math.cos(angle), radius * math.sin(angle)
        accuracy = random.uniform(5, 30) if varies else claimed
        fixes.append(Fix(_moved(at, east, north), fix.at, accuracy, live=True))
    return Fake(replace(base, fixes=tuple(fixes)))


def straight(base: Stream, random: Random) -> Fake:
    """From a point in one direction at one speed of 2.5–90 km/h, each fix off by a normal error of up to 5 m."""
    start, claimed, angle = base.fixes[0].point, random.choice(CLAIMED), random.uniform(0, math.tau)
    speed, error = math.exp(random.uniform(math.log(0.7), math.log(25))), random.uniform(0, 5)
    fixes = []
    for fix in base.fixes:
        gone = speed * (fix.at - base.began_at).total_seconds()
        east, north = gone * math.cos(angle) + random.gauss(0, error), gone * math.sin(angle) + random.gauss(0, error)
        fixes.append(Fix(_moved(start, east, north), fix.at, claimed, live=True))
    return Fake(replace(base, fixes=tuple(fixes)))


def teleported(base: Stream, random: Random) -> Fake:
    """The real track, of which all after some instant lies 3–50 km away; there the app claims its own accuracy.

    The instant is one at which the phone was sure (up to 50 m) within the last minute: else nobody can tell a leap
    from a drive.
    """
    sure = [
        n
        for n, (before, fix) in enumerate(zip(base.fixes, base.fixes[1:], strict=False), start=1)
        if before.accuracy is not None and before.accuracy <= 50 and fix.at - before.at <= timedelta(minutes=1)
    ]
    leaps_at = random.choice([n for n in sure if n < len(base.fixes) - 2] or [len(base.fixes) // 2])
    away, angle, claimed = math.exp(random.uniform(math.log(3e3), math.log(5e4))), random.uniform(0, math.tau), 10.0
    east, north = away * math.cos(angle), away * math.sin(angle)
    there = [replace(fix, point=_moved(fix.point, east, north), accuracy=claimed) for fix in base.fixes[leaps_at:]]
    return Fake(replace(base, fixes=(*base.fixes[:leaps_at], *there)))


def replayed(base: Stream, random: Random) -> Fake:
    """The same track some days later, of which one fix in ten got lost."""
    later = timedelta(days=random.randint(1, 30), seconds=random.randint(-3600, 3600))
    kept = [replace(fix, at=fix.at + later) for fix in base.fixes if random.random() >= 0.1]
    return Fake(replace(base, fixes=tuple(kept)), base)


def shared(base: Stream, random: Random) -> Fake:
    """One phone with two accounts: each sends four fixes of five, the one up to three seconds after the other."""
    one = replace(base, fixes=_thinned(base.fixes, random))
    late = timedelta(seconds=random.uniform(0, 3))
    other = [replace(fix, at=fix.at + late) for fix in _thinned(base.fixes, random)]
    return Fake(replace(base, log=base.log + "*", fixes=tuple(other)), one)


def _thinned(fixes: Sequence[Fix], random: Random) -> tuple[Fix, ...]:
    return tuple(fix for fix in fixes if random.random() >= 0.2)


def rested(base: Stream, random: Random) -> Fake:
    """One point, but the accuracies that a real phone went on measuring: what a phone at rest sends, too."""
    at = base.fixes[0].point
    return Fake(replace(base, fixes=tuple(replace(fix, point=at) for fix in base.fixes)))


def drifting(base: Stream, random: Random) -> Fake:
    """Around one point as a phone drifts: each fix keeps nine tenths of the last one's error."""
    at, claimed, east, north = base.fixes[0].point, random.choice(CLAIMED), 0.0, 0.0
    fixes = []
    for fix in base.fixes:
        east, north = 0.9 * east + random.gauss(0, 3), 0.9 * north + random.gauss(0, 3)
        fixes.append(Fix(_moved(at, east, north), fix.at, claimed, live=True))
    return Fake(replace(base, fixes=tuple(fixes)))


def replayed_with_noise(base: Stream, random: Random) -> Fake:
    """The same track some days later, each fix off by a normal error of 3 m."""
    fake = replayed(base, random)
    off = [replace(fix, point=_moved(fix.point, random.gauss(0, 3), random.gauss(0, 3))) for fix in fake.stream.fixes]
    return replace(fake, stream=replace(fake.stream, fixes=tuple(off)))


Make = Callable[[Stream, Random], Fake]
KINDS: dict[str, Make] = {
    "constant point, constant accuracy": constant,
    "jittered constant": jittered,
    "straight line, constant speed": straight,
    "teleport": teleported,
    "replayed track": replayed,
    "shared stream": shared,
}
# Shown, so that nobody takes them for covered.
BEYOND: dict[str, Make] = {
    "one point, a real phone's accuracies": rested,
    "drift like a phone's": drifting,
    "a phone at rest, replayed": replayed,
    "replayed track with 3 m of noise": replayed_with_noise,
}
LEAST_STEPS = 8
LEAST_SURE = 5


def may_carry(kind: str, base: Stream, length: timedelta) -> bool:
    """Whether a fake of this kind can be made of a stream: a fix a minute nearly all the time, as live locations give.

    A leap needs a place where the phone was sure; a track that is copied has steps by which it could be known again.
    """
    lasts = base.ended_at - base.began_at
    if len(base.fixes) < length / timedelta(minutes=1) or lasts < 0.9 * length:
        return False
    if kind == "teleport":
        return sum(fix.accuracy is not None and fix.accuracy <= 50 for fix in base.fixes) >= LEAST_SURE
    if kind == "a phone at rest, replayed":
        return len(base.digest) < LEAST_STEPS
    return (KINDS | BEYOND)[kind] not in (replayed, shared, replayed_with_noise) or (len(base.digest) >= LEAST_STEPS)


def fakes(kind: str, bases: Sequence[Stream], count: int, seed: int) -> list[Fake]:
    """`count` fakes of a kind, each on a base drawn at random; the same ones for the same seed."""
    random = Random(f"{kind} {seed}")
    return [(KINDS | BEYOND)[kind](random.choice(bases), random) for _ in range(count)] if bases else []
