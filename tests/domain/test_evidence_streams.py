"""Which live locations raise a flag, and which honest behaviour of real phones does not."""

from datetime import timedelta
from random import Random

import pytest
from shop_fixes import (
    EVERY,
    NINE,
    SHOP,
    Way,
    bounce,
    chance,
    drift,
    drive,
    later,
    leap,
    rest,
    ruler,
    stray,
    stream,
)

from bot.domain.evidence import Fix, Match, fingerprints, same_stream, stream_flags
from bot.domain.flags import Flag, FlagCode
from bot.domain.geography import Point
from bot.domain.policy import Policy

POLICY = Policy.of({})


def raised(fixes: list[Fix], policy: Policy = POLICY) -> list[FlagCode]:
    return [flag.code for flag in stream_flags(fixes, policy)]


@pytest.mark.parametrize(
    ("way", "code"),
    [
        (rest, FlagCode.CONSTANT_POINT),
        (chance, FlagCode.JITTERED_POINT),
        (ruler, FlagCode.STRAIGHT_LINE),
        (leap, FlagCode.IMPOSSIBLE_SPEED),
    ],
)
def test_what_no_phone_does_is_flagged_for_what_it_is(way: Way, code: FlagCode) -> None:
    assert raised(stream(way)) == [code]


@pytest.mark.parametrize("way", [drift, drive, bounce, stray])
def test_what_real_phones_do_is_not_flagged(way: Way) -> None:
    assert raised(stream(way)) == []


def test_a_phone_that_rests_on_one_point_goes_on_measuring() -> None:
    assert raised(stream(rest, fixes=120, accuracy=(20, 20, 21))) == []


def test_one_point_may_rest_for_an_hour_where_no_accuracy_is_told() -> None:
    assert raised(stream(rest, fixes=120, accuracy=(None,))) == []
    assert raised(stream(rest, fixes=200, accuracy=(None,))) == [FlagCode.CONSTANT_POINT]


def test_how_long_a_point_may_rest_is_a_policy_and_less_where_satellites_are_claimed() -> None:
    ten_minutes = stream(rest, fixes=21)
    assert raised(ten_minutes, Policy.of({"evidence.still": "15"})) == []
    assert raised(ten_minutes) == [FlagCode.CONSTANT_POINT]
    assert raised(stream(rest, fixes=12)) == []
    assert raised(stream(rest, fixes=12, accuracy=(5,))) == [FlagCode.CONSTANT_POINT]


def test_fixes_that_jump_because_they_are_unsure_say_nothing() -> None:
    assert raised(stream(chance, accuracy=(1100,))) == []
    assert raised(stream(leap, accuracy=(60,))) == []


def test_a_last_fix_far_away_waits_for_another_that_confirms_it() -> None:
    assert raised(stream(leap, fixes=21)) == []
    assert raised(stream(leap, fixes=22)) == [FlagCode.IMPOSSIBLE_SPEED]


def test_an_even_walk_of_five_minutes_is_not_flagged() -> None:
    assert raised(stream(ruler, fixes=11)) == []


def test_the_flags_carry_the_numbers() -> None:
    flags = [flag for way in (rest, ruler, leap) for flag in stream_flags(stream(way), POLICY)]
    constant, line, speed = (dict(flag.facts) for flag in flags)
    assert constant == {"fixes": 60, "minutes": 29}
    assert (line["distance"], line["minutes"], line["kmh"]) == (pytest.approx(2378, abs=3), 30, 4.8)
    assert (speed["distance"], speed["kmh"]) == (pytest.approx(5000, abs=20), pytest.approx(600, abs=3))


@pytest.mark.parametrize("way", [rest, chance, ruler, leap, drift])
def test_the_order_in_which_fixes_come_does_not_matter(way: Way) -> None:
    fixes = stream(way)
    mixed = Random(1).sample(fixes, len(fixes))
    assert stream_flags(mixed, POLICY) == stream_flags(fixes, POLICY)
    assert fingerprints(mixed) == fingerprints(fixes)


@pytest.mark.parametrize("fixes", [[], stream(rest, fixes=1), stream(leap, fixes=2), stream(chance, fixes=3)])
def test_a_stream_of_few_fixes_is_not_judged(fixes: list[Fix]) -> None:
    assert raised(fixes) == []


def test_static_points_are_no_stream() -> None:
    static = [Fix(fix.point, fix.at, fix.accuracy) for fix in stream(rest)]
    assert raised(static) == [] and fingerprints(static) == ()


# --- two streams that are one ------------------------------------------------------------------


def compared(fixes: list[Fix], stored: list[Fix], *, same_person: bool = True) -> Flag | None:
    mine, its = fingerprints(fixes), fingerprints(stored)
    match = Match(len({*mine} & {*its}), len(its), stored[0].at, stored[-1].at, same_person)
    return same_stream(mine, fixes[0].at, fixes[-1].at, match)


def test_a_track_played_again_on_another_day_is_flagged() -> None:
    track = stream(drive)
    flag = compared(later(track[10:50], timedelta(days=3)), track)
    assert flag is not None and flag.code is FlagCode.REPLAYED_TRACK
    assert flag.facts["began_at"] == NINE.isoformat()


def test_two_reps_with_one_stream_are_flagged_at_any_time() -> None:
    track = stream(drive)
    for by in (timedelta(seconds=2), timedelta(days=1)):
        flag = compared(later(track, by), track, same_person=False)
        assert flag is not None and flag.code is FlagCode.SHARED_STREAM


def test_a_rep_who_shares_twice_at_once_sends_the_same_points_honestly() -> None:
    track = stream(drive)
    assert compared(track[20:40], track) is None


def test_another_day_on_the_same_road_is_another_track() -> None:
    def slower(n: int, random: Random) -> tuple[float, float]:
        east, north = drive(n, random)
        return 0.97 * east + 40, north + random.gauss(0, 5)

    assert compared(later(stream(slower), timedelta(days=1)), stream(drive)) is None


def test_a_drive_played_again_with_every_digit_altered_is_known_by_its_long_steps() -> None:
    random = Random(3)

    def blurred(point: Point) -> Point:
        return Point(point.latitude + random.gauss(0, 2e-5), point.longitude + random.gauss(0, 2e-5))

    track = stream(drive)
    copy = [Fix(blurred(fix.point), fix.at, 10, live=True) for fix in later(track, timedelta(days=1))]
    flag = compared(copy, track)
    assert flag is not None and flag.code is FlagCode.REPLAYED_TRACK


def test_two_phones_between_the_same_two_wifis_are_not_flagged() -> None:
    here_and_there = stream(lambda n, _: (30.0 * (n % 2), 0.0))
    assert compared(here_and_there, here_and_there, same_person=False) is None


def test_a_long_stream_has_no_more_fingerprints_than_a_short_one_and_each_fits_an_index() -> None:
    prints = fingerprints(stream(drive, fixes=2000))
    assert len(prints) == 64 == len(set(prints))
    assert all(0 <= value < 2**63 for value in prints)
    assert list(prints) == sorted(prints)


def test_fingerprints_are_the_same_in_every_release() -> None:
    two = [Fix(SHOP, NINE, 10, live=True), Fix(Point(31.23, 121.47), NINE + EVERY, 10, live=True)]
    assert fingerprints(two) == fingerprints(reversed(two)) == (4836915252857825506, 7349057610857135849)
