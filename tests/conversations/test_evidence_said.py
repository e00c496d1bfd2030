"""What rep and manager read of a visit's evidence: each rung of the ladder and each flag, in both languages."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from shop_fixes import FENCE, NINE, SHOP, at, chance, drift, drive, later, leap, minutes, rest, ruler, stream

from bot.domain import flags
from bot.domain.conversation import Located
from bot.domain.evidence import (
    CheckedIn,
    Evidence,
    FactCode,
    Fix,
    Level,
    Match,
    Witness,
    exact_stored_point,
    fingerprints,
    impossible_speed,
    judge_arrival,
    level_of,
    lower_than_asked,
    same_point_other_customer,
    same_stream,
    settled,
    stay_of,
    stream_flags,
)
from bot.domain.flag_policies import tuned_by
from bot.domain.flags import Flag, FlagCode
from bot.domain.geography import Point
from bot.domain.likeness import How
from bot.domain.policy import Policy
from bot.rendering import Renderer

RENDERER = Renderer()
POLICY = Policy.of({})
TEN = timedelta(minutes=10)
ELSEWHERE = Point(SHOP.latitude + 0.2, SHOP.longitude)
HALF_AN_HOUR = stream(drift)
YESTERDAY = later(stream(drive), -timedelta(days=1))


@dataclass(frozen=True)
class Case:
    """A visit to a grade A shop: what its phone sent, and what else is known."""

    title: str
    fixes: list[Fix]
    witnesses: frozenset[Witness] = frozenset()
    asked: Level = Level.NOTHING
    copied_from: tuple[list[Fix], bool] | None = None
    others: list[Flag | None] = field(default_factory=list)
    shop: Point | None = SHOP
    is_confirmed: bool = True


def static(metres: float, accuracy: float | None = None) -> list[Fix]:
    return [at(0, metres, accuracy, live=False)]


def came_before(hours: float, customer_at: Point) -> list[CheckedIn]:
    return [CheckedIn(SHOP, NINE - timedelta(hours=hours), 10, customer_id=1, customer_at=customer_at)]


def here(accuracy: float = 10) -> CheckedIn:
    return CheckedIn(SHOP, NINE, accuracy, customer_id=2, customer_at=SHOP)


def copy_of(how: How, *, is_own: bool) -> Flag:
    return flags.photo_seen_before(12, 7, how=how, visited_on=date(2026, 4, 27), is_own=is_own)


def far_before() -> CheckedIn:
    return CheckedIn(ELSEWHERE, NINE - minutes(5), 10, customer_id=1, customer_at=ELSEWHERE)


CASES = [
    Case("E0: no location", []),
    Case("E1: a point on the map", static(20)),
    Case("E2: a live location begun", [at(0)]),
    Case("E2: a live location for too short", HALF_AN_HOUR[:9]),
    Case("E3: a stay by live location", HALF_AN_HOUR),
    Case("E3: with a gap", [*HALF_AN_HOUR[:30], *later(HALF_AN_HOUR[30:], minutes(8))]),
    Case("E3: though the first fix said 1,100 m", [at(-0.5, 60, 1100), *HALF_AN_HOUR]),
    Case("E4: and the customer's word", HALF_AN_HOUR, frozenset({Witness.CUSTOMER})),
    Case("E4 by a point and a companion", static(20), frozenset({Witness.COMPANION})),
    Case("E4: and a check on the spot", HALF_AN_HOUR, frozenset({Witness.CHALLENGE})),
    Case("a word without any location stays E0", [], frozenset({Witness.CUSTOMER})),
    Case("E1 is asked for, nothing is there", [], asked=Level.POINT),
    Case("E3 is asked for, E1 is there", static(20), asked=Level.STAY),
    Case("E3 is asked for, the live location is elsewhere", stream(drive)[20:40], asked=Level.STAY),
    Case("E3 is asked for, the stay is too short", HALF_AN_HOUR[:9], asked=Level.STAY),
    Case("E4 is asked for, E3 is there", HALF_AN_HOUR, asked=Level.WITNESSED),
    Case("from 340 m away", static(340)),
    Case("a phone that cannot tell", static(150, 400)),
    Case("a point at the edge, from a phone that does not say how sure it is", static(250)),
    Case("a customer without a position", static(20, 10), shop=None),
    Case("a customer whose position one visit has proposed", static(340, 10), is_confirmed=False),
    Case(
        "the stored point to the last digit",
        static(0),
        others=[exact_stored_point(SHOP, SHOP, learned_from_visits=False)],
    ),
    Case(
        "the point of a visit to another customer",
        static(0),
        others=[same_point_other_customer(here(), came_before(24, ELSEWHERE), 200)],
    ),
    Case("22 km in five minutes", static(0, 10), others=[impossible_speed([far_before()], here(), POLICY)]),
    Case("one point, one accuracy", stream(rest)),
    Case("around one point by chance", stream(chance)),
    Case("a ruler's line", stream(ruler)),
    Case("a leap in the middle", stream(leap)),
    Case("yesterday's track again", stream(drive), copied_from=(YESTERDAY, True)),
    Case("another rep's stream", stream(drive), copied_from=(stream(drive), False)),
    Case("a short stay", HALF_AN_HOUR[:9], others=[flags.stay_short(minutes(4), TEN)]),
    Case("closed automatically", static(20), others=[flags.closed_automatically(NINE, NINE + timedelta(hours=3))]),
    Case("a companion who says no", static(20), others=[flags.companion_not_there(5, "Tom")]),
    Case("a companion who was elsewhere", static(20), others=[flags.companion_not_there(5, "Tom", 4200)]),
    Case("a check on the spot that nobody answered", static(20), others=[flags.challenge_unmet(minutes(5))]),
    Case("and one whose photo is broken", static(20), others=[flags.challenge_unmet(minutes(5), broken=True)]),
    Case(
        "reported two days later, with a photo of the week before",
        static(20),
        others=[
            flags.sent_late(NINE, NINE + timedelta(days=2), ZoneInfo("Asia/Shanghai"), POLICY),
            copy_of(How.FILE, is_own=True),
        ],
    ),
    Case("a photo of the very file of a colleague's", static(20), others=[copy_of(How.TELEGRAM, is_own=False)]),
    Case("a photo that looks like one's own", static(20), others=[copy_of(How.LOOKS, is_own=True)]),
    Case("a photo that looks like a colleague's", static(20), others=[copy_of(How.LOOKS, is_own=False)]),
]


def judged(case: Case) -> tuple[Evidence, list[Flag]]:
    first = case.fixes[0] if case.fixes else None
    located = Located(first.point, first.accuracy, live=first.live) if first is not None else None
    arrival = judge_arrival(located, case.shop, FENCE.radius, POLICY, confirmed=case.is_confirmed)
    stay = stay_of(case.fixes, FENCE, POLICY)
    seen = level_of(case.fixes, stay, TEN, case.witnesses)
    _, left = settled(arrival, arrival.flags, first.at if first is not None else NINE, stay, TEN, POLICY)
    raised = [*left, *stream_flags(case.fixes, POLICY), *case.others]
    if case.copied_from is not None:
        stored, same_person = case.copied_from
        mine, its = fingerprints(case.fixes), fingerprints(stored)
        match = Match(len({*mine} & {*its}), len(its), stored[0].at, stored[-1].at, same_person)
        raised.append(same_stream(mine, case.fixes[0].at, case.fixes[-1].at, match))
    raised.append(lower_than_asked(seen, case.asked))
    return seen, [flag for flag in raised if flag is not None]


def said(case: Case) -> Iterator[str]:
    seen, raised = judged(case)
    facts = [{"code": fact.code.value, "facts": dict(fact.facts)} for fact in seen.facts]
    rules = list(dict.fromkeys(policy.key for flag in raised for policy in tuned_by(flag.code, flag.facts)))
    yield f"== {case.title}" + (f"  [{', '.join(rules)}]" if rules else "")
    for language in ("en", "zh_Hans"):
        about = {"language": language, "zone": "Asia/Shanghai", "now": NINE}
        yield "  " + RENDERER.render("evidence", {"evidence": {"level": int(seen.level), "facts": facts}}, **about).text
        for flag in raised:
            shown = {"flag": {"code": flag.code.value, "facts": dict(flag.facts)}}
            yield "  ⚑ " + RENDERER.render("flag", shown, **about).text


def test_each_rung_and_each_flag_is_said_in_both_languages(kept: Callable[[str, str], None]) -> None:
    kept("evidence_said", "\n".join(line for case in CASES for line in [*said(case), ""]))


def test_no_rung_no_fact_and_no_flag_is_left_out() -> None:
    told = [judged(case) for case in CASES]
    assert {seen.level for seen, _ in told} == set(Level)
    assert {fact.code for seen, _ in told for fact in seen.facts} == set(FactCode)
    assert {fact.facts["who"] for seen, _ in told for fact in seen.facts if "who" in fact.facts} == set(Witness)
    assert {flag.code for _, raised in told for flag in raised} == set(FlagCode)


# Words that judge the person, or the fact as a whole: what was seen is printed, and somebody else decides.
JUDGING = ("fake", "genuine", "cheat", "fraud", "lie", "true", "real phone", "假", "作弊", "造", "撒谎", "真实", "异常")


def test_no_sentence_judges() -> None:
    lines = [line.lower() for case in CASES for line in [*said(case)][1:]]
    assert [(word, line) for line in lines for word in JUDGING if re.search(rf"(?<![a-z]){word}(?![a-z])", line)] == []
