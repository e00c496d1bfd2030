"""What an admin types about the calendar, and what his words do to the official one."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.domain.calendar import WorkingDays
from bot.domain.calendar_words import read_wanted
from bot.domain.conversation import Refusal
from bot.domain.corrections import Correction, Corrections, Verdict

NOW = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Monday
AT = datetime(2026, 11, 23, 1, tzinfo=UTC)
FIRST = date(2027, 2, 1)
OFFICIAL = WorkingDays(holidays=frozenset({date(2027, 2, 5)}), make_up=frozenset({date(2027, 2, 20)}))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-10-11 work", (None, "2026-10-11", "2026-10-11", "work", "")),
        ("2027-02-08 off Spring Festival", (None, "2027-02-08", "2027-02-08", "off", "Spring Festival")),
        ("2月6日到12日放假 春节", (None, "2027-02-06", "2027-02-12", "off", "春节")),
        ("off 2027-02-08", (None, "2027-02-08", "2027-02-08", "off", "")),
        ("2027年2月20日 补班", (None, "2027-02-20", "2027-02-20", "work", "")),
        ("tomorrow back", (None, "2026-11-24", "2026-11-24", "official", "")),
        ("DE confirm 2027", ("DE", "2027-01-01", "2027-12-31", "confirmed", "")),
        ("确认 2027年", (None, "2027-01-01", "2027-12-31", "confirmed", "")),
        ("2027年2月", (None, "2027-02-01", "2027-02-01", None, "")),
    ],
)
def test_days_and_what_they_are_stand_in_any_order_and_language(text: str, read: tuple[str | None, ...]) -> None:
    wanted = read_wanted(text, NOW)
    days = wanted.first_on.isoformat(), wanted.last_on.isoformat()
    assert (wanted.country, *days, wanted.verdict, wanted.called) == read


@given(
    some.text(max_size=30) | some.sampled_from(["2027-02-08", "off", "work", "到", "2027", "DE "]).map(lambda t: t * 2)
)
@settings(max_examples=100)
def test_whatever_is_typed_is_days_or_a_refusal(text: str) -> None:
    try:
        wanted = read_wanted(text, NOW)
    except Refusal as refusal:
        assert refusal.message in ("calendar/no_days", "calendar/too_long", "leave/backwards")
    else:
        assert wanted.first_on <= wanted.last_on


words = some.tuples(some.integers(0, 27), some.integers(0, 3), some.sampled_from((*list(Verdict)[:3],)))


@given(some.lists(words, max_size=8))
@settings(max_examples=100)
def test_the_last_word_on_a_day_holds_and_without_one_the_official_calendar(
    said: list[tuple[int, int, Verdict]],
) -> None:
    spans = [(FIRST + timedelta(start), FIRST + timedelta(start + more), verdict) for start, more, verdict in said]
    corrections = Corrections(Correction("CN", *span, "", "Ann", AT) for span in spans)
    calendar = corrections.applied("CN", OFFICIAL)
    assert corrections.applied("DE", OFFICIAL) is OFFICIAL
    for number in range(31):
        on = FIRST + timedelta(number)
        last = next((verdict for first, end, verdict in reversed(spans) if first <= on <= end), Verdict.OFFICIAL)
        worked = OFFICIAL.is_working_day(on) if last is Verdict.OFFICIAL else last is Verdict.WORK
        assert calendar.is_working_day(on) is worked
