"""What an admin types behind `/set`: which policy, which value, for whom."""

import pytest

from bot.domain.policy import Scope
from bot.domain.policy_text import Wanted, alike, read_wanted, split_name

NAMES = {
    alike(name): key
    for name, key in (
        ("fence.radius", "fence.radius"),
        ("围栏半径", "fence.radius"),
        ("fence", "fence.radius"),
        ("Check-in radius", "fence.radius"),
        ("cadence.a", "cadence.a"),
        ("cadence.after_new", "cadence.after_new"),
        ("cadence.new", "cadence.new"),
        ("cadence.new_for", "cadence.new_for"),
    )
}


@pytest.mark.parametrize(
    ("line", "key", "rest"),
    [
        ("fence.radius 150", "fence.radius", "150"),
        ("Fence-Radius=150 m", "fence.radius", "150 m"),
        ("围栏半径150米", "fence.radius", "150米"),
        ("围栏半径：１５０ 米", "fence.radius", "１５０ 米"),
        ("check-in radius 150 team West", "fence.radius", "150 team West"),
        ("cadence.new 7", "cadence.new", "7"),
        ("cadence.new_for 7", "cadence.new_for", "7"),
        ("cadence.after_new", "cadence.after_new", ""),
        ("fence.radios 150", None, "fence.radios 150"),
        ("fence.radius -5", "fence.radius", "-5"),
        ("fence 150", "fence.radius", "150"),
        ("cadence.always 7", None, "cadence.always 7"),
        ("天气 好", None, "天气 好"),
        ("", None, ""),
    ],
)
def test_a_line_begins_with_the_longest_name_that_fits(line: str, key: str | None, rest: str) -> None:
    assert split_name(line, NAMES) == (key, rest)


@pytest.mark.parametrize(
    ("rest", "wanted"),
    [
        ("150", Wanted("150")),
        ("Mon-Fri", Wanted("Mon-Fri")),
        ("6:30 pm", Wanted("6:30 pm")),
        ("150 team West", Wanted("150", Scope.TEAM, "West")),
        ("150 m for team North West", Wanted("150 m", Scope.TEAM, "North West")),
        ("150 Grade a", Wanted("150", Scope.GRADE, "a")),
        ("150 visit type Store check", Wanted("150", Scope.TYPE, "Store check")),
        ("150 customer: Company Store", Wanted("150", Scope.CUSTOMER, "Company Store")),
        ("team West", Wanted("", Scope.TEAM, "West")),
        ("150 company", Wanted("150", Scope.COMPANY, "")),
        ("150 米 等级 A", Wanted("150 米", Scope.GRADE, "A")),
        ("150米等级A", Wanted("150米", Scope.GRADE, "A")),
        ("150 米 A级", Wanted("150 米", Scope.GRADE, "A")),
        ("150米，a 级客户", Wanted("150米", Scope.GRADE, "A")),
        ("150 米 团队 华东", Wanted("150 米", Scope.TEAM, "华东")),
        ("150米团队华东", Wanted("150米", Scope.TEAM, "华东")),
        ("150 拜访类型：门店检查", Wanted("150", Scope.TYPE, "门店检查")),
        ("150 米 客户 金太阳", Wanted("150 米", Scope.CUSTOMER, "金太阳")),
        ("下午6点半 全公司", Wanted("下午6点半", Scope.COMPANY, "")),
    ],
)
def test_the_value_and_for_whom(rest: str, wanted: Wanted) -> None:
    assert next(read_wanted(rest)) == wanted


def test_a_value_behind_the_name_of_a_team_is_the_second_guess() -> None:
    assert list(read_wanted("team North West 150 m")) == [
        Wanted("", Scope.TEAM, "North West 150 m"),
        Wanted("m", Scope.TEAM, "North West 150"),
        Wanted("150 m", Scope.TEAM, "North West"),
    ]
