"""Working days as the company's policy and its country's official holidays have them."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

import holidays
from babel.core import get_global

from bot.domain.calendar import WorkingDays
from bot.domain.policy import Policy
from bot.services.turn import Turn

YEARS_KEPT = 64  # calendars in memory: a few countries, a few years, a change of the working week

NOWHERE = "ZZ"  # CLDR's code of no country: UTC
LANGUAGES = {"en": ("en_US", "en_GB", "en_SG", "en_IN"), "zh_Hans": ("zh_CN",)}  # as the lists of holidays have them


def working_days(turn: Turn, zone: str, around: date, policy: Policy | None = None) -> WorkingDays:
    """The official days as admins have corrected them; by the company's rules where no other `policy` is given."""
    country = country_of(zone) or NOWHERE
    return turn.corrections.applied(country, official_of(policy or turn.policy, country, around))


def official_days(policy: Policy, zone: str, around: date) -> WorkingDays:
    """The official calendar of the zone's country, corrected by nobody."""
    return official_of(policy, country_of(zone) or NOWHERE, around)


def official_of(policy: Policy, country: str, around: date) -> WorkingDays:
    """The official calendar of a country for the year of a date and both its neighbours.

    A zone without a country (UTC) and a country that nobody keeps a list for have weekdays only.
    """
    return _calendar(policy.work_days, country, around.year)


def is_known(country: str) -> bool:
    """Whether somebody keeps a list of this country's holidays."""
    return country in holidays.list_supported_countries(include_aliases=False)


def country_of(zone: str) -> str | None:
    """The ISO code of the country whose time this is, by CLDR: Asia/Shanghai is CN."""
    known = get_global("zone_aliases").get(zone, zone)
    code = get_global("zone_territories").get(known, NOWHERE)
    return str(code) if code != NOWHERE else None


@lru_cache(YEARS_KEPT)
def official_names(country: str, year: int, language: str) -> Mapping[date, str]:
    """What the holidays of a year are called: in the language if somebody has translated them, else in their own.

    A day that is off for another that is worked has that one's ISO date for a name: how to say it is a template's part.
    """
    if not is_known(country):
        return MappingProxyType({})
    own = holidays.country_holidays(country)
    spoken = next((each for each in LANGUAGES[language] if each in own.supported_languages), own.default_language)
    named = holidays.country_holidays(country, language=spoken)
    if named.has_substituted_holidays:
        # It would write "Day off (substituted from 09/20/2026)"; "%Y-%m-%d" it would take for words to translate
        named.substituted_label, named.substituted_date_format = "%s", "%Y%m%d"
    named.get(date(year, 1, 1))  # it fills the year that is asked for
    return MappingProxyType({on: _iso(name) for on, name in named.items() if on.year == year})


def _iso(name: str) -> str:
    return date.fromisoformat(name).isoformat() if name.isdecimal() else name


@lru_cache(YEARS_KEPT)
def _calendar(weekdays: frozenset[int], country: str, year: int) -> WorkingDays:
    if not is_known(country):
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
