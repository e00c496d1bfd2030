"""Judges streams of real phones and fakes of them by the product's own rules, and counts who is flagged."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from evidence_fakes import Fake, fakes, may_carry
from evidence_logs import LEAST_FIXES, LENGTHS, Stream, as_telegram_passes, cut, stays, visits_of, ways_of

from bot.domain.conversation import Located
from bot.domain.evidence import (
    Fence,
    Fix,
    Level,
    Match,
    Outcome,
    judge_arrival,
    level_of,
    same_stream,
    settled,
    stay_of,
    stream_flags,
)
from bot.domain.evidence.thresholds import CHOSEN, Thresholds
from bot.domain.flags import FlagCode
from bot.domain.geography import Point
from bot.domain.policy import DECLARATIONS, Policy

# Every second phone of the real logs, by their numbers; all others are reported on.
TUNED_ON = ("log02", "log04", "log06", "log08")
FAKE_LENGTHS = LENGTHS[1:]
FAKES = 40  # of each kind and length
SEED = 1

Lengths = Mapping[timedelta, list[Stream]]
Raised = set[FlagCode]
SHIPPED = Policy()


@dataclass(frozen=True)
class Rulebook:
    """What streams are judged by."""

    policy: Policy = SHIPPED
    chosen: Thresholds = CHOSEN

    @property
    def is_in_force(self) -> bool:
        """Whether it is what is shipped."""
        said = self.policy.values.items()
        return self.chosen == CHOSEN and all(DECLARATIONS[key].default == value for key, value in said)

    def flags(self, stream: Stream, twin: Stream | None = None) -> Raised:
        """All flags of a stream that was sent when `twin` was already stored."""
        raised = {flag.code for flag in stream_flags(stream.fixes, self.policy, self.chosen)}
        return raised | (self.twins(stream, twin) if twin is not None else set())

    def twins(self, stream: Stream, twin: Stream) -> Raised:
        """Whether the two are one stream; a log is one person's."""
        mine, its = stream.digest, twin.digest
        match = Match(len({*mine} & {*its}), len(its), twin.began_at, twin.ended_at, stream.log == twin.log)
        flag = same_stream(mine, stream.began_at, stream.ended_at, match, self.chosen)
        return {flag.code} if flag is not None else set()


IN_FORCE = Rulebook()


@dataclass(frozen=True)
class Part:
    """The logs that are measured together, under a name."""

    name: str
    logs: Mapping[str, list[Fix]]

    def visits(self) -> Lengths:
        """Stays as visits of each length, as a bot gets them."""
        return passed(visits_of(self.logs))

    def fakes(self, kind: str) -> dict[timedelta, list[Fake]]:
        """Fakes of a kind by length, as a bot gets them."""
        made = {}
        for length, ways in ways_of(self.logs, FAKE_LENGTHS).items():
            bases = [way for way in ways if may_carry(kind, way, length)]
            made[length] = [_passed(fake) for fake in fakes(kind, bases, FAKES, SEED)]
        return made


def passed(by_length: Lengths) -> Lengths:
    """Streams as Telegram passes them."""
    return {length: [as_telegram_passes(stream) for stream in streams] for length, streams in by_length.items()}


def _passed(fake: Fake) -> Fake:
    return Fake(as_telegram_passes(fake.stream), fake.twin and as_telegram_passes(fake.twin))


def parts_of(logs: Mapping[str, list[Fix]]) -> tuple[Part, Part]:
    """What the thresholds were chosen on, and the rest."""
    return (
        Part("tuned on", {log: fixes for log, fixes in logs.items() if log in TUNED_ON}),
        Part("held out", {log: fixes for log, fixes in logs.items() if log not in TUNED_ON}),
    )


def false_alarms(by_length: Lengths, rules: Rulebook = IN_FORCE) -> dict[timedelta, list[Raised]]:
    """What each honest stream is flagged with: by itself, and beside every other one of its length."""
    return {length: _beside_each_other(streams, rules) for length, streams in by_length.items()}


def _beside_each_other(streams: Sequence[Stream], rules: Rulebook) -> list[Raised]:
    raised = [rules.flags(stream) for stream in streams]
    known = [frozenset(stream.digest) for stream in streams]
    for later, mine in enumerate(known):
        for earlier in range(later):
            if not mine.isdisjoint(known[earlier]):
                raised[later] |= rules.twins(streams[later], streams[earlier])
    return raised


@dataclass(frozen=True)
class CheckIn:
    """What a visit's first fix shows beside the fence, what stands after its stay, and whether that is confirmed."""

    first: Outcome
    settled: Outcome
    is_confirmed: bool


def check_ins(part: Part) -> list[CheckIn]:
    """Every visit of ten minutes and more, to a customer who is where the phone mostly was, with the shipped fence.

    Stays at which the phone was hardly ever sure are left out: nobody knows where their customer would be.
    """
    found = []
    for log, fixes in part.logs.items():
        for stay in stays(log, fixes):
            sure = [fix.point for fix in stay.fixes if fix.accuracy is None or fix.accuracy <= SHIPPED.fence_accuracy]
            if len(sure) >= LEAST_FIXES:
                centre = Point(median(point.latitude for point in sure), median(point.longitude for point in sure))
                fence = Fence(centre, SHIPPED.fence_radius, SHIPPED.fence_accuracy)
                found += [_check_in(visit, fence) for length in FAKE_LENGTHS for visit in cut(stay, length)]
    return found


def _check_in(visit: Stream, fence: Fence) -> CheckIn:
    fixes = as_telegram_passes(visit).fixes
    located = Located(fixes[0].point, fixes[0].accuracy, live=True)
    arrival = judge_arrival(located, fence.centre, fence.radius, SHIPPED)
    stay, minimum = stay_of(fixes, fence, SHIPPED), SHIPPED.stay_minimum
    after, _ = settled(arrival, arrival.flags, fixes[0].at, stay, minimum, SHIPPED)
    is_confirmed = level_of(fixes, stay, minimum).level is Level.STAY
    return CheckIn(arrival.outcome, after.outcome, is_confirmed)


def recall(made: Iterable[Fake], rules: Rulebook = IN_FORCE) -> list[Raised]:
    """What each fake is flagged with."""
    return [rules.flags(fake.stream, fake.twin) for fake in made]


def in_all(by_length: Mapping[timedelta, list[Raised]]) -> list[Raised]:
    """Of all lengths together."""
    return [raised for each in by_length.values() for raised in each]


def hits(raised: Sequence[Raised], code: FlagCode | None = None) -> int:
    """How many have this flag, or any."""
    return sum(bool(flags) if code is None else code in flags for flags in raised)
