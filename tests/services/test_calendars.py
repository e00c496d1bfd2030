"""Working days follow the country whose time it is."""

from datetime import date

import pytest

from bot.domain.policy import Policy
from bot.rendering import LANGUAGES
from bot.services.calendars import country_of, official_days, official_names

POLICY = Policy.of({})


@pytest.mark.parametrize(
    ("zone", "country"),
    [("Asia/Shanghai", "CN"), ("Asia/Chongqing", "CN"), ("Europe/Berlin", "DE"), ("Asia/Tokyo", "JP"), ("UTC", None)],
)
def test_a_zone_belongs_to_a_country(zone: str, country: str | None) -> None:
    assert country_of(zone) == country


@pytest.mark.parametrize(
    ("on", "worked"),
    [
        (date(2026, 2, 14), True),  # a Saturday worked for the Spring Festival
        (date(2026, 2, 17), False),  # New Year's Day, a Tuesday
        (date(2026, 10, 1), False),
        (date(2026, 11, 23), True),
        (date(2026, 11, 22), False),
    ],
)
def test_china_rests_on_its_holidays_and_works_on_make_up_days(on: date, worked: bool) -> None:
    assert official_days(POLICY, "Asia/Shanghai", on).is_working_day(on) is worked


def test_a_year_whose_make_up_days_are_not_decreed_is_not_confirmed() -> None:
    calendar = official_days(POLICY, "Asia/Shanghai", date(2026, 12, 30))
    assert calendar.is_confirmed(date(2026, 12, 30))
    assert not calendar.is_confirmed(date(2027, 1, 4))
    assert not calendar.is_working_day(date(2027, 1, 1))


def test_a_country_without_make_up_days_is_confirmed_ahead() -> None:
    calendar = official_days(POLICY, "Europe/Berlin", date(2027, 5, 1))
    assert calendar.is_confirmed(date(2027, 5, 1))
    assert not calendar.is_working_day(date(2028, 10, 3))  # a Tuesday


def test_a_zone_without_a_country_has_the_companys_weekdays_only() -> None:
    calendar = official_days(Policy.of({"work.days": "1,2,3,4,5,6"}), "UTC", date(2026, 12, 25))
    assert calendar.is_working_day(date(2026, 12, 25))
    assert calendar.is_working_day(date(2026, 12, 26))
    assert not calendar.is_working_day(date(2026, 12, 27))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_off_for_another_that_is_worked_names_that_one(language: str) -> None:
    names = official_names("CN", 2026, language)
    assert names[date(2026, 10, 6)] == "2026-09-20"
    assert {on.year for on in names} == {2026}
