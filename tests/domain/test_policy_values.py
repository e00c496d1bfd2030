"""What an admin may type for a policy, in English and Chinese, and that it is kept without loss."""

from datetime import time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import policy_values
from bot.domain.policy import DECLARATIONS, Area, BadValue, Declaration, Policy, parse, store
from bot.domain.policy_values import Kind

DIGEST_ON = Declaration("digest.on", Area.DAY, policy_values.FLAG, True)
DATUM = Declaration(
    "map.datum", Area.PLACE, policy_values.choice_of(("wgs84", "gcj02")), "wgs84", choices=("wgs84", "gcj02")
)
SHARE = Declaration("goal.share", Area.DAY, policy_values.PERCENT, 80, 0, 100)


def values_of(declaration: Declaration[Any]) -> st.SearchStrategy[Any]:
    """Any value within the bounds of a declaration, in the steps of its kind."""
    least: Any = declaration.least
    most: Any = declaration.most
    match declaration.kind:
        case Kind.METRES | Kind.KMH:
            return st.integers(int(least), int(most)).map(float)
        case Kind.COUNT | Kind.PERCENT | Kind.POINTS:
            return st.integers(least, most)
        case Kind.DAYS:
            return st.integers(least.days, most.days).map(lambda days: timedelta(days=days))
        case Kind.MINUTES | Kind.HOURS:
            minute = timedelta(minutes=1)
            return st.integers(least // minute, most // minute).map(lambda minutes: minutes * minute)
        case Kind.TIME:
            return st.times(least, most).map(lambda at: at.replace(second=0, microsecond=0))
        case Kind.WEEKDAYS:
            return st.frozensets(st.integers(1, 7), min_size=1)
        case Kind.FLAG:
            return st.booleans()
        case Kind.CHOICE:
            return st.sampled_from(declaration.choices)
    raise AssertionError(declaration.kind)


REASONS = {"not_understood", "wrong_unit", "not_whole", "too_small", "too_large", "no_such_time", "no_such_choice"}
declared_values = st.sampled_from([*DECLARATIONS.values(), DIGEST_ON, DATUM, SHARE]).flatmap(
    lambda declaration: values_of(declaration).map(lambda value: (declaration, value))
)


@given(declared_values)
def test_a_stored_value_is_read_back_as_it_was(declared: tuple[Declaration[Any], Any]) -> None:
    declaration, value = declared
    assert parse(declaration, store(declaration, value)) == value


@given(st.sampled_from(list(DECLARATIONS.values())), st.text(max_size=80))
def test_any_text_is_a_value_within_bounds_or_says_what_is_right(declaration: Declaration[Any], text: str) -> None:
    try:
        value = parse(declaration, text)
    except BadValue as bad:
        assert bad.key == declaration.key and bad.kind is declaration.kind
        assert bad.reason in REASONS
    else:
        assert declaration.least is None or declaration.least <= value <= declaration.most


@pytest.mark.parametrize(
    "text",
    ["150", " 150 m", "150 metres", "150米", "150 米", "１５０米", "0.15 km", "0.15公里", "+150", "١٥٠"],
)
def test_a_radius_is_understood_as_people_write_it(text: str) -> None:
    assert parse(Policy.fence_radius, text) == 150.0


def test_a_thousands_comma_is_no_decimal_comma() -> None:
    assert parse(Policy.fence_radius, "1,500") == 1500.0
    with pytest.raises(BadValue):
        parse(Policy.fence_radius, "1,5")


@pytest.mark.parametrize(
    ("declaration", "text", "value"),
    [
        (Policy.stay_minimum, "10", timedelta(minutes=10)),
        (Policy.stay_minimum, "10分钟", timedelta(minutes=10)),
        (Policy.stay_minimum, "十五分钟", timedelta(minutes=15)),
        (Policy.stay_minimum, "1 h", timedelta(hours=1)),
        (Policy.visit_closes_after, "3", timedelta(hours=3)),
        (Policy.visit_closes_after, "三个小时", timedelta(hours=3)),
        (Policy.visit_closes_after, "90 min", timedelta(minutes=90)),
        (Policy.visit_closes_after, "1.5h", timedelta(minutes=90)),
        (Policy.cadence_a, "7天", timedelta(days=7)),
        (Policy.cadence_a, "两周", timedelta(days=14)),
        (Policy.cadence_c, "2 weeks", timedelta(days=14)),
        (Policy.invite_lives, "3 days", timedelta(hours=72)),
    ],
)
def test_a_duration_is_understood_in_any_unit_of_time(
    declaration: Declaration[timedelta], text: str, value: timedelta
) -> None:
    assert parse(declaration, text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("19:00", time(19)),
        ("１９：００", time(19)),
        ("19", time(19)),
        ("0830", time(8, 30)),
        ("8:30 am", time(8, 30)),
        ("7pm", time(19)),
        ("12 a.m.", time(0)),
        ("12pm", time(12)),
        ("7点", time(7)),
        ("七点半", time(7, 30)),
        ("晚上7点", time(19)),
        ("下午三点一刻", time(15, 15)),
        ("下午12点20分", time(12, 20)),
        ("凌晨12点", time(0)),
        ("19点", time(19)),
    ],
)
def test_a_time_of_day_is_understood(text: str, value: time) -> None:
    assert parse(Policy.digest_at, text) == value


@pytest.mark.parametrize("text", ["24:00", "19:60", "19 am", "晚上12点", "上午3点", "soon", "", "7:5", "12345"])
def test_an_impossible_or_unclear_time_is_not_guessed(text: str) -> None:
    with pytest.raises(BadValue):
        parse(Policy.digest_at, text)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("1-5", "12345"),
        ("１－５", "12345"),
        ("1,3,5", "135"),
        ("Mon-Fri", "12345"),
        ("Monday to Saturday", "123456"),
        ("tue, thurs and sun", "247"),
        ("sat-mon", "167"),
        ("weekdays", "12345"),
        ("周一到周五", "12345"),
        ("星期一至星期六", "123456"),
        ("周一到五", "12345"),
        ("周一、三、五", "135"),
        ("周二周四和周日", "247"),
        ("每天", "1234567"),
        ("礼拜天", "7"),
    ],
)
def test_working_days_are_understood(text: str, days: str) -> None:
    assert parse(Policy.work_days, text) == {int(day) for day in days}


@pytest.mark.parametrize("text", ["", "0", "8", "1-8", "monkey", "never", "周八", "none"])
def test_what_names_no_weekday_is_refused(text: str) -> None:
    with pytest.raises(BadValue, match="not_understood"):
        parse(Policy.work_days, text)


@pytest.mark.parametrize(
    ("text", "value"), [("on", True), ("ON", True), ("开", True), ("是", True), ("off", False), ("关闭", False)]
)
def test_a_switch_is_turned_in_both_languages(text: str, value: bool) -> None:
    assert parse(DIGEST_ON, text) is value


def test_a_choice_takes_only_its_names() -> None:
    assert parse(DATUM, " GCJ02 ") == "gcj02"
    with pytest.raises(BadValue) as bad:
        parse(DATUM, "bd09")
    assert bad.value.reason == "no_such_choice" and bad.value.choices == ("wgs84", "gcj02")


@pytest.mark.parametrize(
    ("declaration", "text", "reason"),
    [
        (Policy.fence_radius, "49", "too_small"),
        (Policy.fence_radius, "-200", "too_small"),
        (Policy.fence_radius, "6 km", "too_large"),
        (Policy.fence_radius, "9" * 50, "too_large"),
        (Policy.fence_radius, "9" * 5000, "not_understood"),
        (Policy.fence_radius, "200 min", "wrong_unit"),
        (Policy.fence_radius, "150.5", "not_whole"),
        (Policy.fence_radius, "一百五米", "not_understood"),
        (Policy.cadence_a, "36 h", "not_whole"),
        (Policy.cadence_a, "二三天", "not_understood"),
        (Policy.followup_evening_at, "8:00", "too_small"),
        (SHARE, "101%", "too_large"),
        (Policy.digest_at, "25:00", "no_such_time"),
    ],
)
def test_a_wrong_value_says_what_is_wrong(declaration: Declaration[Any], text: str, reason: str) -> None:
    with pytest.raises(BadValue) as bad:
        parse(declaration, text)
    assert bad.value.reason == reason


def test_a_wrong_value_says_what_is_right() -> None:
    with pytest.raises(BadValue) as bad:
        parse(Policy.visit_closes_after, "3 days")
    assert (bad.value.least, bad.value.most, bad.value.kind) == ("1", "24", Kind.HOURS)
