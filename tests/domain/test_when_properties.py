"""Whatever the day, a phrase made from it reads back to it; whatever the text, reading it ends soon and well."""

import calendar
from datetime import date, datetime, time, timedelta, timezone
from time import process_time

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.domain.when import Ambiguous, Past, Reading, Understood, Vague, read_when

ZONE = timezone(timedelta(hours=8))
NOW = datetime(2026, 6, 10, 10, 20, tzinfo=ZONE)
TODAY = NOW.date()
MONTHS, WEEKDAYS = calendar.month_name[1:], calendar.day_name
HAN_WEEKDAYS = "一二三四五六日"
HAN_DIGITS = "〇一二三四五六七八九"
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")

moments = st.integers(0, 20 * 365 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes))
coming_days = st.integers(0, 700).map(lambda ahead: TODAY + timedelta(days=ahead))
english_tasks = st.sampled_from(["", "send the quote ", "call Mr Li about 3 boxes ", "2nd demo for room 12 "])
chinese_tasks = st.sampled_from(["", "给王总演示 ", "送3箱样品，", "周总的五粮液 ", "2号楼拜访，"])


def han(number: int) -> str:
    """12 as 十二, for numbers up to 99."""
    tens, ones = divmod(number, 10)
    head = {0: "", 1: "十"}.get(tens, f"{HAN_DIGITS[tens]}十")
    return head + (HAN_DIGITS[ones] if ones or not head else "")


def ordinal(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def in_english(day: date) -> list[str]:
    month, short = MONTHS[day.month - 1], MONTHS[day.month - 1][:3]
    return [
        f"by {month} {day.day}, {day.year}",
        f"on the {ordinal(day.day)} of {month} {day.year}",
        f"{day.day} {short} {day.year}",
        f"{short} {ordinal(day.day)} {day.year}",
        f"{day.day}-{short}-{day.year}",
        f"{day:%Y-%m-%d}",
        f"{day:%Y/%m/%d}",
        f"{WEEKDAYS[day.weekday()]}, {month} {ordinal(day.day)}, {day.year}",
        f"in {(day - TODAY).days} days" if day > TODAY else "today",
    ]


def in_chinese(day: date) -> list[str]:
    year = "".join(HAN_DIGITS[int(digit)] for digit in str(day.year))
    return [
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}年{day.month}月{day.day}号前",
        f"{day.year}年{day.month}月{day.day}日".translate(WIDE),
        f"{year}年{han(day.month)}月{han(day.day)}日",
        f"{day.year}年{day.month}月{day.day}日（星期{HAN_WEEKDAYS[day.weekday()]}）",
        f"{day.year}.{day.month}.{day.day}",
        f"{day:%Y%m%d}",
        f"{(day - TODAY).days}天后" if day > TODAY else "今天",
        f"{han((day - TODAY).days)}天之后" if 0 < (day - TODAY).days < 100 and (day - TODAY).days != 2 else f"{day}",
    ]


@given(coming_days, english_tasks, st.data())
def test_every_english_date_reads_back_to_its_day(day: date, task: str, data: st.DataObject) -> None:
    reading = read_when(task + data.draw(st.sampled_from(in_english(day))), NOW)
    assert isinstance(reading, Understood)
    assert (reading.due_on, reading.at, reading.rest) == (day, None, task.strip())


@given(coming_days, chinese_tasks, st.data())
def test_every_chinese_date_reads_back_to_its_day(day: date, task: str, data: st.DataObject) -> None:
    reading = read_when(task + data.draw(st.sampled_from(in_chinese(day))), NOW)
    assert isinstance(reading, Understood)
    assert (reading.due_on, reading.at, reading.rest) == (day, None, task.strip(" ，"))


@given(st.integers(0, 23), st.integers(0, 59))
def test_every_time_of_day_reads_back(hour: int, minute: int) -> None:
    half, twelve = ("am", "pm")[hour >= 12], (hour - 1) % 12 + 1
    part = "凌晨" if hour < 5 else "上午" if hour < 12 else "下午" if hour < 18 else "晚上"
    spoken = hour if hour <= 12 else hour - 12
    texts = [
        f"tomorrow at {twelve}:{minute:02}{half}",
        f"tomorrow {twelve}.{minute:02} {half}",
        f"{twelve}:{minute:02} {half.upper()} tomorrow",
        f"tomorrow {hour:02}:{minute:02}:00",
        f"明天{part}{spoken}点{minute:02}分",
        f"明天{part}{spoken}:{minute:02}",
    ]
    for text in texts:
        reading = read_when(text, NOW)
        assert isinstance(reading, Understood), text
        assert (reading.due_on, reading.at) == (TODAY + timedelta(days=1), time(hour, minute)), text


@given(moments, st.integers(0, 6), st.integers(1, 2))
def test_a_weekday_of_a_named_week_reads_back(now: datetime, weekday: int, weeks: int) -> None:
    monday = now.date() - timedelta(days=now.weekday())
    expected = monday + timedelta(days=weekday, weeks=weeks)
    in_words = ("next week", "the week after next")[weeks - 1]
    for text in (
        f"{'下' * weeks}周{HAN_WEEKDAYS[weekday]}",
        f"{'下' * weeks}个星期{HAN_WEEKDAYS[weekday]}",
        f"{'下' * weeks}礼拜{HAN_WEEKDAYS[weekday]}上午",
        f"{WEEKDAYS[weekday]} {in_words}",
        f"{in_words} on {WEEKDAYS[weekday]}",
    ):
        reading = read_when(text, now)
        assert isinstance(reading, Understood), text
        assert reading.due_on == expected, text


@given(moments, st.integers(1, 12), st.integers(1, 31))
def test_a_date_without_a_year_is_never_given_another_day_or_month(now: datetime, month: int, day: int) -> None:
    for text in (f"{MONTHS[month - 1]} {day}", f"{month}月{day}日", f"{han(month)}月{han(day)}号"):
        reading = read_when(text, now)
        for found in claimed(reading):
            assert (found.due_on.month, found.due_on.day) == (month, day), text
        assert isinstance(reading, Understood | Past | Vague)


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), moments)
def test_a_lunar_date_is_never_taken_for_one_of_the_sun(day: date, now: datetime) -> None:
    for text in (f"农历{han(day.month)}月{han(day.day)}", f"{han(day.month)}月初{HAN_DIGITS[day.day % 9 + 1]}"):
        assert isinstance(read_when(text, now), Vague), text


@given(moments, st.text())
@example(NOW, "\x00\x01 tomorrow \x00")
@example(NOW, "İ tomorrow ﷺ ㏢ ½ ① 周①")
def test_no_text_breaks_the_reading(now: datetime, text: str) -> None:
    for found in claimed(read_when(text, now)):
        start, end = found.span
        assert 0 <= start <= end <= len(text)
        assert len(found.rest) <= len(text)


words = st.sampled_from(
    [
        *("next", "this", "last", "on", "by", "the", "Friday", "sat", "May", "5th", "12", "3/4", "2pm", "week", "days"),
        *(
            "in",
            "two",
            "from",
            "after",
            "at",
            "half",
            "to",
            "tomorrow",
            "Dec",
            ",",
            "-",
            ":",
            ".",
            "/",
            "2026",
            "(",
            ")",
        ),
        *(
            "周",
            "下",
            "三",
            "五",
            "点",
            "半",
            "月",
            "日",
            "号",
            "明天",
            "上午",
            "前",
            "后",
            "个",
            "天",
            "年",
            "十",
            "初",
        ),
        *("农历", "的", "到", "每", "底", "末", "第", "工作日", "过", "再"),
    ]
)


@given(moments, st.lists(words, max_size=12), st.sampled_from(["", " "]))
def test_no_heap_of_date_words_breaks_the_reading(now: datetime, heap: list[str], between: str) -> None:
    reading = read_when(between.join(heap), now)
    if isinstance(reading, Understood):
        assert reading.due_on >= now.date()
    if isinstance(reading, Ambiguous):
        assert 2 <= len(reading.options) <= 4


@given(moments)
def test_a_reading_does_not_depend_on_how_wide_or_tall_letters_are(now: datetime) -> None:
    plain, wide = read_when("12月5日 14:30 demo", now), read_when("１２月５日　１４：３０　ＤＥＭＯ", now)
    assume(not isinstance(plain, Past))
    assert isinstance(plain, Understood) and isinstance(wide, Understood)
    assert (plain.due_on, plain.at) == (wide.due_on, wide.at)


@pytest.mark.parametrize(
    "seed",
    [
        *(
            "1",
            "12/",
            "3-4-",
            " ",
            "\n",
            "(",
            "a ",
            "five ",
            "twenty-",
            "in 3 days ",
            "next ",
            "half an hour and a half ",
        ),
        *(
            "Friday ",
            "mon tue ",
            "by on at ",
            "3月5日到",
            "周三",
            "下",
            "上上个",
            "农历",
            "《",
            "二十",
            "十点",
            "差五分",
        ),
        *("https://a", "a@b.", "+86 1", "the end of ", "1:", "."),
    ],
)
def test_a_long_text_takes_no_longer_than_its_length(seed: str) -> None:
    text = (seed * 10_000)[:10_000]
    began = process_time()
    read_when(text, NOW)
    # A tenth of a second is usual; a pattern that backtracks over its own matches takes minutes.
    assert process_time() - began < 3


def claimed(reading: Reading) -> list[Understood]:
    """Every day that a reading puts forward."""
    match reading:
        case Understood():
            return [reading]
        case Ambiguous(options=options) | Vague(options=options):
            return list(options)
        case Past(again=Understood() as again):
            return [again]
        case _:
            return []
