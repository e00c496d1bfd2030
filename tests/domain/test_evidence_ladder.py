"""The ladder of evidence: each level by what was seen, and below the one asked for, what was missing."""

from datetime import timedelta

import pytest
from shop_fixes import FENCE, at

from bot.domain.evidence import Evidence, FactCode, Fix, Level, Witness, level_of, lower_than_asked, stay_of
from bot.domain.flags import FlagCode
from bot.domain.policy import Policy

POLICY = Policy.of({})
TEN = timedelta(minutes=10)
LIVE = [at(minute) for minute in range(12)]
HIM = {Witness.CUSTOMER}


def seen(fixes: list[Fix], witnesses: set[Witness] | None = None, minimum: timedelta = TEN) -> Evidence:
    return level_of(fixes, stay_of(fixes, FENCE, POLICY), minimum, witnesses or set())


@pytest.mark.parametrize(
    ("fixes", "witnesses", "level"),
    [
        ([], set(), Level.NOTHING),
        ([at(0, live=False)], set(), Level.POINT),
        ([at(0)], set(), Level.DEVICE),
        ([at(0), at(4), at(9.5)], set(), Level.DEVICE),  # half a minute short, and a gap
        (LIVE, set(), Level.STAY),
        ([at(0, live=False), *LIVE], set(), Level.STAY),
        ([at(minute, 1000) for minute in range(12)], set(), Level.DEVICE),
        ([at(minute, accuracy=1100) for minute in range(12)], set(), Level.DEVICE),
        (LIVE, HIM, Level.WITNESSED),
        ([at(0, live=False)], {Witness.COMPANION}, Level.WITNESSED),
        ([], HIM, Level.NOTHING),
    ],
)
def test_the_level_follows_from_what_was_seen(fixes: list[Fix], witnesses: set[Witness], level: Level) -> None:
    assert seen(fixes, witnesses).level is level


def test_a_stay_without_a_minimum_still_needs_two_edits_twenty_seconds_apart() -> None:
    nothing = timedelta(0)
    assert seen([at(0), at(1)], minimum=nothing).level is Level.DEVICE
    assert seen([at(0), at(0.1), at(0.2)], minimum=nothing).level is Level.DEVICE
    assert seen([at(0), at(0.1), at(0.4)], minimum=nothing).level is Level.STAY


def test_the_facts_carry_the_numbers() -> None:
    facts = {fact.code: fact.facts for fact in seen(LIVE, HIM).facts}
    assert facts[FactCode.DEVICE] == {"fixes": 12}
    numbers = {"covered": 660, "span": 660, "widest_gap": 0, "minimum": 600, "inside": 12}
    assert facts[FactCode.STAY] == numbers
    assert facts[FactCode.WITNESS] == {"who": "customer"}


def test_a_word_without_a_location_is_listed_and_lifts_nothing() -> None:
    evidence = seen([], HIM)
    assert [fact.code for fact in evidence.facts] == [FactCode.NO_LOCATION, FactCode.WITNESS]


@pytest.mark.parametrize(
    ("fixes", "asked", "missing"),
    [
        ([], Level.POINT, "location"),
        ([], Level.DEVICE, "live"),
        ([], Level.WITNESSED, "location"),
        ([at(0, live=False)], Level.DEVICE, "live"),
        ([at(0, live=False)], Level.STAY, "live"),
        ([at(0, live=False)], Level.WITNESSED, "witness"),
        ([at(0), at(1)], Level.STAY, "stay"),
        (LIVE, Level.WITNESSED, "witness"),
    ],
)
def test_below_the_level_asked_for_the_flag_says_what_would_have_given_it(
    fixes: list[Fix], asked: Level, missing: str
) -> None:
    evidence = seen(fixes)
    flag = lower_than_asked(evidence, asked)
    assert flag is not None and flag.code is FlagCode.EVIDENCE_LOW
    assert (flag.facts["level"], flag.facts["asked"], flag.facts["missing"]) == (evidence.level, asked, missing)


def test_a_stay_too_short_is_told_with_its_minutes() -> None:
    flag = lower_than_asked(seen([at(0), at(2), at(4)]), Level.STAY)
    assert flag is not None and (flag.facts["covered"], flag.facts["minimum"]) == (240, 600)


@pytest.mark.parametrize("asked", [Level.NOTHING, Level.DEVICE, Level.STAY])
def test_at_the_level_asked_for_and_above_nothing_is_flagged(asked: Level) -> None:
    assert lower_than_asked(seen(LIVE), asked) is None
