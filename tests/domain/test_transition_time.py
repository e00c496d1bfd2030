"""While a new company gets used to it, flags are the rep's alone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.digest import VisitLine, to_review
from bot.domain.effectiveness import Verdict
from bot.domain.policy import Policy
from bot.domain.transition import ends_on, for_manager

SHANGHAI, LISBON = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Lisbon")
FOUNDED = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)  # the 23rd in Shanghai


def visit(on: date) -> VisitLine:
    at = datetime(on.year, on.month, on.day, 2, tzinfo=UTC)
    flags = ({"code": "outside", "facts": {}},)
    return VisitLine(1, 2, "Golden Sun", "A", on, at, timedelta(), None, Verdict.PARTIAL, flags)


def test_it_lasts_fourteen_local_days() -> None:
    assert ends_on(FOUNDED, SHANGHAI, Policy()) == date(2026, 12, 7)
    assert ends_on(FOUNDED, LISBON, Policy()) == date(2026, 12, 6)


def test_it_can_be_made_longer_and_switched_off() -> None:
    assert ends_on(FOUNDED, SHANGHAI, Policy.of({"transition.lasts": "30"})) == date(2026, 12, 23)
    assert ends_on(FOUNDED, SHANGHAI, Policy.of({"transition.lasts": "0"})) is None


def test_a_company_of_which_nobody_wrote_the_beginning_is_used_to_it() -> None:
    assert ends_on(None, SHANGHAI, Policy()) is None
    assert to_review([for_manager(visit(date(2026, 11, 23)), None)])


def test_flags_of_its_visits_stay_the_reps_and_those_of_the_first_day_after_are_shown() -> None:
    ends = ends_on(FOUNDED, SHANGHAI, Policy())
    assert not to_review([for_manager(visit(date(2026, 12, 6)), ends)])
    assert to_review([for_manager(visit(date(2026, 12, 7)), ends)])
