"""How dates, times, stays and distances are written in each language."""

import math
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, get_day_names

from bot.rendering import policy_values

LONG = 10_000  # from here on a number is read in groups of three figures
_DAY = {"en": "EEE d MMM", "zh_Hans": "M月d日 EEE"}
_LOCALES = {language: Locale.parse(language) for language in _DAY}  # by name Babel looks for its file every time
_DAY_AND_YEAR = {"en": "EEE d MMM y", "zh_Hans": "y年M月d日 EEE"}


class Formats:
    """The filters of one rendering: they know the reader's language, zone and today."""

    def __init__(self, language: str, zone: ZoneInfo, now: datetime) -> None:
        self._language = language
        self._locale = _LOCALES[language]
        self._zone = zone
        self._today = now.astimezone(zone).date()

    def filters(self) -> dict[str, object]:
        """Name → function, as templates use them."""
        return {
            "day": self.day,
            "clock": self.clock,
            "moment": self.moment,
            "full": self.full,
            "month": self.month,
            "country": self.country,
            "weekdays": self.weekdays,
            "other_month": other_month,
            "number": number,
            "wall": wall,
            "stay": self.stay,
            "lapse": self.lapse,
            "metres": self.metres,
            "policy": self.policy,
            "said": self.said,
            "told": self.told,
            "short": short,
        }

    def day(self, value: str | date) -> str:
        """A date with its weekday: "Wed 2 Dec", "12月2日 周三"; with its year when that is not this year."""
        day = date.fromisoformat(value) if isinstance(value, str) else value
        patterns = _DAY if day.year == self._today.year else _DAY_AND_YEAR
        return str(format_date(day, patterns[self._language], locale=self._locale))

    def clock(self, value: str | time | datetime) -> str:
        """The time of day: 14:05; an instant is told in the reader's zone."""
        if isinstance(value, str):
            value = datetime.fromisoformat(value) if "T" in value else time.fromisoformat(value)
        if isinstance(value, datetime):
            value = value.astimezone(self._zone).time()
        return f"{value:%H:%M}"

    def moment(self, value: str | datetime) -> str:
        """An instant in the reader's zone: its time alone when it is today, else with its day."""
        instant = datetime.fromisoformat(value) if isinstance(value, str) else value
        local = instant.astimezone(self._zone)
        clock = self.clock(local)
        return clock if local.date() == self._today else f"{self.day(local.date())} {clock}"

    def full(self, value: str) -> str:
        """An instant with its date in figures and its zone: 2026-11-21 14:05 (UTC+8)."""
        local = datetime.fromisoformat(value).astimezone(self._zone)
        offset = (local.utcoffset() or timedelta()) / timedelta(hours=1)
        return f"{local:%Y-%m-%d %H:%M} (UTC{offset:+g})"

    def month(self, value: str) -> str:
        """A month: "December 2026", "2026年12月"."""
        pattern = "y年M月" if self._language == "zh_Hans" else "MMMM y"
        return str(format_date(date.fromisoformat(value), pattern, locale=self._language))

    def country(self, code: str) -> str:
        """A country by its ISO code: "China", "中国"; CLDR's code of no country is UTC."""
        return "UTC" if code == "ZZ" else str(self._locale.territories.get(code, code))

    def weekdays(self) -> list[str]:
        """The head of a calendar, from Monday: "Mo" …, "一" …"""
        names = get_day_names("narrow" if self._language == "zh_Hans" else "short", locale=self._locale)
        return [str(names[day]) for day in range(7)]

    def stay(self, value: float | timedelta) -> str:
        """A duration, from seconds: "45 min", "1 h 05 min"."""
        minutes = int((value.total_seconds() if isinstance(value, timedelta) else value) // 60)
        hours, rest = divmod(minutes, 60)
        if self._language == "zh_Hans":
            return f"{hours} 小时 {rest:02} 分" if hours else f"{rest} 分钟"
        return f"{hours} h {rest:02} min" if hours else f"{rest} min"

    def lapse(self, seconds: int) -> str:
        """A short time to the second: "45 s", "1 min 20 s"."""
        minutes, rest = divmod(seconds, 60)
        if self._language == "zh_Hans":
            return f"{minutes} 分 {rest:02} 秒" if minutes else f"{rest} 秒"
        return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"

    def metres(self, value: float) -> str:
        """A distance: "180 m", "1.2 km"."""
        metre, kilometre = ("米", "公里") if self._language == "zh_Hans" else ("m", "km")
        return f"{math.ceil(value)} {metre}" if value < 1000 else f"{value / 1000:.1f} {kilometre}"

    def policy(self, value: str, kind: str) -> str:
        """The stored value of a policy of this kind: "150 m", "3 hours", "Mon–Fri", "on"."""
        return policy_values.written(value, kind, self._language)

    def said(self, value: str | dict[str, str]) -> str:
        """A text of an SOP in the reader's language, or in the one it has."""
        if isinstance(value, str):
            return value
        return value.get(self._language) or next((text for text in value.values() if text), "")

    def told(self, value: str | float | dict[str, str]) -> str:
        """An answer of a checklist: choices in the reader's language, a number in its figures."""
        return number(value) if isinstance(value, int | float) else self.said(value)


def other_month(value: str, months: int) -> str:
    """The first day of a month before or after, as ISO."""
    first = date.fromisoformat(value)
    count = first.year * 12 + first.month - 1 + months
    return date(count // 12, count % 12 + 1, 1).isoformat()


def number(value: float) -> str:
    """A number without a needless fraction: 24, 3.5, 99,999; four figures may be a year, and stay together."""
    if abs(value) < LONG:
        return f"{value:g}"
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def wall(value: str) -> str:
    """The time on the wall of an ISO instant, in the zone that it is written in: 14:05."""
    return datetime.fromisoformat(value).strftime("%H:%M")


def short(text: str, limit: int = 200) -> str:
    """The beginning of a long text, marked as cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
