"""The ladder of evidence: which level a visit reached, by which facts, and what a higher one would have taken."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import IntEnum, StrEnum

from bot.domain.evidence.fixes import Fix
from bot.domain.evidence.stay import Stay
from bot.domain.flags import Flag, FlagCode

LEAST_EDITS = 2
LEAST_APART = timedelta(seconds=20)


class Level(IntEnum):
    """The ladder of evidence, each step stronger than the one below."""

    NOTHING = 0
    POINT = 1
    DEVICE = 2
    STAY = 3
    WITNESSED = 4


class Witness(StrEnum):
    """Who or what else says that the rep was there."""

    CUSTOMER = "customer"
    COMPANION = "companion"
    CHALLENGE = "challenge"


class FactCode(StrEnum):
    """What was seen; each has its own sentence in the messages, read alike by rep and manager."""

    NO_LOCATION = "no_location"
    POINT = "point"
    DEVICE = "device"
    STAY = "stay"
    WITNESS = "witness"


@dataclass(frozen=True)
class Fact:
    """One thing that was seen and its numbers: seconds and counts as whole numbers, ready for JSON."""

    code: FactCode
    facts: Mapping[str, int | float | str] = field(default_factory=dict)


@dataclass(frozen=True)
class Evidence:
    """The level that a visit reached and everything that was seen, the weakest first."""

    level: Level
    facts: tuple[Fact, ...]


def level_of(fixes: Sequence[Fix], stay: Stay, minimum: timedelta, witnesses: Collection[Witness] = ()) -> Evidence:
    """The level by all fixes of a visit, the stay that they show and who else was witness.

    A confirmed stay (E3) has at least two edits of a live location, two of them 20 s apart, and covers the
    minimum stay inside the fence; fixes that are too inaccurate to tell count for nothing. A second witness
    (E4) needs a first: without any location his word is listed and lifts nothing.
    """
    said = [Fact(FactCode.WITNESS, {"who": witness.value}) for witness in Witness if witness in witnesses]
    return testified(Evidence(*_by_location(fixes, stay, minimum)), said)


def testified(evidence: Evidence, said: Sequence[Fact]) -> Evidence:
    """The evidence with what further witnesses say: facts of the code WITNESS, each with its `who` (see `Witness`).

    A challenge has `how` (voice, round, photo), the seconds `after` which it was met, and a recording's `length`; a
    companion his `name`, the `metres` between his phone and the customer where he told them, and `at` when it was
    later than the report.
    """
    lifts = bool(said) and evidence.level > Level.NOTHING
    return Evidence(Level.WITNESSED if lifts else evidence.level, (*evidence.facts, *said))


def _by_location(fixes: Sequence[Fix], stay: Stay, minimum: timedelta) -> tuple[Level, tuple[Fact, ...]]:
    if not fixes:
        return Level.NOTHING, (Fact(FactCode.NO_LOCATION),)
    live = [fix for fix in fixes if fix.live]
    if not live:
        return Level.POINT, (Fact(FactCode.POINT),)
    facts: list[Fact] = [Fact(FactCode.DEVICE, {"fixes": len(live)})]
    if stay.inside and stay.span:
        seconds = {"covered": stay.covered, "span": stay.span, "widest_gap": stay.widest_gap, "minimum": minimum}
        numbers = {name: length // timedelta(seconds=1) for name, length in seconds.items()}
        facts.append(Fact(FactCode.STAY, {**numbers, "inside": stay.inside}))
    return Level.STAY if is_confirmed(stay, minimum) else Level.DEVICE, tuple(facts)


def is_confirmed(stay: Stay, minimum: timedelta) -> bool:
    """Whether a stay is evidence: as long as asked, by edits enough; the first fix of a live location is no edit."""
    return stay.inside > LEAST_EDITS and stay.covered >= max(minimum, LEAST_APART)


def lower_than_asked(evidence: Evidence, asked: Level) -> Flag | None:
    """Below the level that the policy asks for; `missing` says what would have given it.

    Its facts are `level` and `asked` (0–4), `missing` (location, live, stay, witness), and for a stay that was
    too short `covered` and `minimum` in seconds.
    """
    if evidence.level >= asked:
        return None
    facts: dict[str, int | float | str] = {"level": int(evidence.level), "asked": int(asked)}
    match asked:
        case Level.WITNESSED if evidence.level > Level.NOTHING:
            facts["missing"] = "witness"
        case Level.POINT | Level.WITNESSED:
            facts["missing"] = "location"
        case Level.STAY if evidence.level is Level.DEVICE:
            seen = next((fact.facts for fact in evidence.facts if fact.code is FactCode.STAY), {})
            facts |= {"missing": "stay", **{name: seen[name] for name in ("covered", "minimum") if name in seen}}
        case _:
            facts["missing"] = "live"
    return Flag(FlagCode.EVIDENCE_LOW, facts)
