"""A target is read as it is typed, the nearest level's holds, and what is left is spread over the working days left."""

from datetime import date

import pytest

from bot.domain.calendar import WorkingDays
from bot.domain.conversation import Refusal
from bot.domain.target import (
    COMPANY,
    InForce,
    Level,
    Measure,
    Period,
    Scope,
    following,
    in_force,
    last_of,
    of_week,
    per_day,
    working_days,
)
from bot.domain.target_text import Wanted, read_target

TODAY = date(2026, 11, 24)  # a Tuesday
THIS, NEXT = date(2026, 11, 1), date(2026, 12, 1)
MONTH, WEEK = Period.MONTH, Period.WEEK
WEEKDAYS = WorkingDays()


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("", Wanted("")),
        ("East", Wanted("East")),
        ("visits 120", Wanted("", Measure.VISITS, 120, MONTH, THIS)),
        ("李娜 visits 100", Wanted("李娜", Measure.VISITS, 100, MONTH, THIS)),
        ("李娜 有效拜访 80", Wanted("李娜", Measure.EFFECTIVE, 80, MONTH, THIS)),
        ("拜访120", Wanted("", Measure.VISITS, 120, MONTH, THIS)),
        ("Team East effective visits 90 a month", Wanted("Team East", Measure.EFFECTIVE, 90, MONTH, THIS)),
        ("East new 5 week", Wanted("East", Measure.NEW, 5, WEEK, date(2026, 11, 23))),
        ("新客户 每周 3", Wanted("", Measure.NEW, 3, WEEK, date(2026, 11, 23))),
        ("visits 100 from next month", Wanted("", Measure.VISITS, 100, MONTH, NEXT)),
        ("拜访 100 下月起", Wanted("", Measure.VISITS, 100, MONTH, NEXT)),
        ("拜访 30 下周", Wanted("", Measure.VISITS, 30, WEEK, date(2026, 11, 30))),
        ("visits 100 from 2027-01", Wanted("", Measure.VISITS, 100, MONTH, date(2027, 1, 1))),
        ("new 0", Wanted("", Measure.NEW, 0, MONTH, THIS)),
        ("Rae visits -", Wanted("Rae", Measure.VISITS, None, MONTH, THIS)),
        ("李娜 拜访 取消", Wanted("李娜", Measure.VISITS, None, MONTH, THIS)),
        ("Newman visits 90", Wanted("Newman", Measure.VISITS, 90, MONTH, THIS)),
        ("New York visits 100", Wanted("New York", Measure.VISITS, 100, MONTH, THIS)),
        ("新客户部 拜访 80", Wanted("新客户部", Measure.VISITS, 80, MONTH, THIS)),
        ("visits East 120", Wanted("East", Measure.VISITS, 120, MONTH, THIS)),
        ("有效拜访目标 80次", Wanted("", Measure.EFFECTIVE, 80, MONTH, THIS)),
    ],
)
def test_a_target_is_read_as_it_is_typed(typed: str, wanted: Wanted) -> None:
    assert read_target(typed, TODAY) == wanted


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("visits", "target/number"),
        ("visits many", "target/number"),
        ("visits 1001", "target/number"),
        ("visits 99999999999999999999", "target/number"),
        ("visits 300 week", "target/number"),
        ("visits 12 13", "target/number"),
        ("visits 100 from 2026-10", "target/month"),
        ("visits 100 from 2026-13", "target/month"),
        ("visits 100 from 0000-05", "target/month"),
        ("visits 100 from 2099-01", "target/month"),
    ],
)
def test_what_no_rep_could_reach_is_refused(typed: str, why: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_target(typed, TODAY)
    assert refused.value.message == why


def test_the_nearest_level_holds_and_zero_is_no_target() -> None:
    rep, team = Level(Scope.PERSON, 7), Level(Scope.TEAM, 2)
    levels = [rep, team, COMPANY]
    stored = {(COMPANY, Measure.VISITS, MONTH): 120, (team, Measure.VISITS, MONTH): 100}
    assert in_force(stored, levels, Measure.VISITS, MONTH) == InForce(100, team)
    assert in_force({**stored, (rep, Measure.VISITS, MONTH): 0}, levels, Measure.VISITS, MONTH) is None
    assert in_force(stored, levels, Measure.NEW, MONTH) is None


def test_what_is_left_is_spread_over_the_days_left_and_rounded_up() -> None:
    assert per_day(120, 38, 12) == 7
    assert per_day(120, 120, 12) == per_day(120, 130, 12) == 0
    assert per_day(120, 119, 1) == 1
    assert per_day(120, 38, 0) == 0


def test_a_month_is_broken_down_to_its_weeks_by_working_days() -> None:
    assert working_days(WEEKDAYS, THIS, last_of(MONTH, THIS)) == 21
    assert of_week(105, TODAY, WEEKDAYS) == 25
    assert of_week(105, date(2026, 11, 30), WEEKDAYS) == 5  # a Monday alone, the rest is December's
    holiday = WorkingDays(holidays=frozenset({date(2026, 11, 26), date(2026, 11, 27)}))
    assert of_week(105, TODAY, holiday) == 17


def test_a_year_ends_with_december() -> None:
    assert following(MONTH, date(2026, 12, 31)) == date(2027, 1, 1)
    assert last_of(MONTH, date(2028, 2, 3)) == date(2028, 2, 29)
    assert following(WEEK, date(2026, 12, 31)) == date(2027, 1, 4)
