"""How dates, times, stays and distances are written in each language."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

_DAY = {"en": "EEE d MMM", "zh_Hans": "M月d日 EEE"}
_DAY_AND_YEAR = {"en": "EEE d MMM y", "zh_Hans": "y年M月d日 EEE"}


class Formats:
    """The filters of one rendering: they know the reader's language, zone and today."""

    def __init__(self, language: str, zone: ZoneInfo, now: datetime) -> None:
        self._language = language
        self._zone = zone
        self._today = now.astimezone(zone).date()

    def filters(self) -> dict[str, object]:
        """Name → function, as templates use them."""
        return {
            "day": self.day,
            "clock": self.clock,
            "moment": self.moment,
            "stay": self.stay,
            "metres": self.metres,
            "said": self.said,
            "short": short,
        }

    def day(self, value: str | date) -> str:
        """A date with its weekday: "Wed 2 Dec", "12月2日 周三"; with its year when that is not this year."""
        day = date.fromisoformat(value) if isinstance(value, str) else value
        patterns = _DAY if day.year == self._today.year else _DAY_AND_YEAR
        return str(format_date(day, patterns[self._language], locale=self._language))

    def clock(self, value: str | time | datetime) -> str:
        """The time of day: 14:05; an instant is told in the reader's zone."""
        if isinstance(value, str):
            value = datetime.fromisoformat(value) if "T" in value else time.fromisoformat(value)
        if isinstance(value, datetime):
            value = value.astimezone(self._zone).time()
        return str(format_time(value, "HH:mm", locale=self._language))

    def moment(self, value: str | datetime) -> str:
        """An instant in the reader's zone: its time alone when it is today, else with its day."""
        instant = datetime.fromisoformat(value) if isinstance(value, str) else value
        local = instant.astimezone(self._zone)
        clock = self.clock(local)
        return clock if local.date() == self._today else f"{self.day(local.date())} {clock}"

    def stay(self, value: float | timedelta) -> str:
        """A duration, from seconds: "45 min", "1 h 05 min"."""
        minutes = int((value.total_seconds() if isinstance(value, timedelta) else value) // 60)
        hours, rest = divmod(minutes, 60)
        if self._language == "zh_Hans":
            return f"{hours} 小时 {rest:02} 分" if hours else f"{rest} 分钟"
        return f"{hours} h {rest:02} min" if hours else f"{rest} min"

    def metres(self, value: float) -> str:
        """A distance: "180 m", "1.2 km"."""
        metre, kilometre = ("米", "公里") if self._language == "zh_Hans" else ("m", "km")
        return f"{value:.0f} {metre}" if value < 1000 else f"{value / 1000:.1f} {kilometre}"

    def said(self, value: str | dict[str, str]) -> str:
        """A text of an SOP in the reader's language, or in the one it has."""
        if isinstance(value, str):
            return value
        return value.get(self._language) or next((text for text in value.values() if text), "")


def short(text: str, limit: int = 200) -> str:
    """The beginning of a long text, marked as cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
