"""Days that are worth a tap when a promise moves."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.calendar import WorkingDays
from bot.domain.conversation import Refusal
from bot.domain.postponing import Day, days_to_offer, read_days

WEEK = WorkingDays()
NOW = datetime(2026, 11, 26, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Thursday


def test_offered_days_are_worked_and_each_comes_once() -> None:
    thursday = NOW.date()
    assert days_to_offer(thursday, WEEK) == [
        date(2026, 11, 27),
        date(2026, 11, 30),  # Saturday and next Monday are the same working day
        date(2026, 12, 3),
        date(2026, 12, 10),
    ]


def test_words_beside_the_day_are_kept() -> None:
    days, rest = read_days("下周三，王总出差", NOW, WEEK)
    assert days == [Day(date(2026, 12, 2))]
    assert rest == "王总出差"


@pytest.mark.parametrize(("words", "why"), [("last Monday", "in_the_past"), ("soon as I can", "no_day")])
def test_what_holds_no_day_to_come_is_refused(words: str, why: str) -> None:
    with pytest.raises(Refusal, match=f"followup/{why}"):
        read_days(words, NOW, WEEK)
