"""Working days as the company's policy and its country's official holidays have them."""

from datetime import date
from functools import lru_cache

import holidays
from babel.core import get_global

from bot.domain.calendar import WorkingDays
from bot.domain.policy import Policy

YEARS_KEPT = 64  # calendars in memory: a few countries, a few years, a change of the working week

NOWHERE = "ZZ"  # CLDR's code of no country: UTC


def working_days(policy: Policy, zone: str, around: date) -> WorkingDays:
    """The calendar of the zone's country for the year of a date and both its neighbours.

    A zone without a country (UTC) and a country that nobody keeps a list for have weekdays only.
    """
    return _calendar(policy.work_days, country_of(zone), around.year)


def country_of(zone: str) -> str | None:
    """The ISO code of the country whose time this is, by CLDR: Asia/Shanghai is CN."""
    known = get_global("zone_aliases").get(zone, zone)
    code = get_global("zone_territories").get(known, NOWHERE)
    return str(code) if code != NOWHERE else None


@lru_cache(YEARS_KEPT)
def _calendar(weekdays: frozenset[int], country: str | None, year: int) -> WorkingDays:
    if country is None or country not in holidays.list_supported_countries(include_aliases=False):
        return WorkingDays(weekdays)
    years = range(year - 1, year + 2)
    official = holidays.country_holidays(country, years=years)
    # What is worked instead is decreed a year ahead; before that only the days fixed by law are known.
    decreed = official.special_public_holidays if official.has_substituted_holidays else None
    return WorkingDays(
        weekdays,
        holidays=frozenset(official),
        make_up=frozenset(day for day in official.weekend_workdays if day.year in years),
        confirmed_years=frozenset(year for year in years if decreed is None or year in decreed),
    )
