"""What a rep says about a day is understood, asked, or left alone, in English and in Chinese.

Every example is said on Wednesday, 10 June 2026, at 10:20.
"""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from bot.domain.when import Ambiguous, Doubt, NotFound, Part, Past, Understood, Vague, read_when

NOW = datetime(2026, 6, 10, 10, 20, tzinfo=timezone(timedelta(hours=8)))


def june(day: int) -> date:
    return date(2026, 6, day)


@pytest.mark.parametrize(
    ("text", "due_on", "at", "rest"),
    [
        ("下周三下午2点给王总演示", june(17), time(14), "给王总演示"),
        ("send the white paper by Friday", june(12), None, "send the white paper"),
        ("拜访客户 后天上午十点半", june(12), time(10, 30), "拜访客户"),
        ("call Mr Li in two weeks", june(24), None, "call Mr Li"),
        ("next Tue 3pm demo", june(16), time(15), "demo"),
        ("月底前发报价", june(30), None, "发报价"),
        ("11/28 9:30 签合同", date(2026, 11, 28), time(9, 30), "签合同"),
        ("请在6月30日之前回复", june(30), None, "请 回复"),
        ("demo (Fri, 12 June)", june(12), None, "demo"),
        ("客户同意试用，下周五下班前发合同", june(19), None, "客户同意试用 发合同"),
    ],
)
def test_a_promise_is_split_into_its_day_and_what_is_to_be_done(
    text: str, due_on: date, at: time | None, rest: str
) -> None:
    reading = read_when(text, NOW)
    assert isinstance(reading, Understood)
    assert (reading.due_on, reading.at, reading.rest) == (due_on, at, rest)


def test_the_span_is_where_the_phrase_stands_in_the_text() -> None:
    text = "Ｓend the quote by Friday, please"
    reading = read_when(text, NOW)
    assert isinstance(reading, Understood)
    assert text[slice(*reading.span)] == "by Friday"


@pytest.mark.parametrize(
    ("text", "due_on"),
    [
        ("tomorrow", june(11)),
        ("the day after tomorrow", june(12)),
        ("in 3 days", june(13)),
        ("three days from now", june(13)),
        ("in a month's time", date(2026, 7, 10)),
        ("within 3 working days", june(15)),
        ("a week from Tuesday", june(23)),
        ("Monday week", june(22)),
        ("3 days from Friday", june(15)),
        ("Monday two weeks from now", june(22)),
        ("in 2 weeks and 3 days", june(27)),
        ("in a month and 10 days", date(2026, 7, 20)),
        ("Friday of next week", june(19)),
        ("Friday the 26th", june(26)),
        ("Fri 26", june(26)),
        ("this coming Monday", june(15)),
        ("Sat", june(13)),
        ("the 15th", june(15)),
        ("12th of next month", date(2026, 7, 12)),
        ("the 21st this month", june(21)),
        ("5th of December", date(2026, 12, 5)),
        ("Dec 5", date(2026, 12, 5)),
        ("December fifth, twenty twenty-six", date(2026, 12, 5)),
        ("05-Dec-2026", date(2026, 12, 5)),
        ("2026-12-05", date(2026, 12, 5)),
        ("13/7", date(2026, 7, 13)),
        ("31.12. demo at 9", date(2026, 12, 31)),
        ("by the end of the month", june(30)),
        ("end of next month", date(2026, 7, 31)),
        ("by the end of Q3", date(2026, 9, 30)),
        ("2 days before the end of the month", june(28)),
        ("EOD", june(10)),
        ("COB Friday", june(12)),
        ("by end of day tomorrow", june(11)),
        ("three days before Christmas", date(2026, 12, 22)),
    ],
)
def test_a_day_in_english_is_understood(text: str, due_on: date) -> None:
    reading = read_when(text, NOW)
    assert isinstance(reading, Understood), reading
    assert reading.due_on == due_on


@pytest.mark.parametrize(
    ("text", "due_on"),
    [
        ("大后天", june(13)),
        ("两周后", june(24)),
        ("半个月后", june(25)),
        ("一个半月后", date(2026, 7, 25)),
        ("半年后续约", date(2026, 12, 10)),
        ("一年零两个月后", date(2027, 8, 10)),
        ("三个工作日内", june(15)),
        ("过三天", june(13)),
        ("周五", june(12)),
        ("礼拜天", june(14)),
        ("星期5", june(12)),
        ("下个星期天", june(21)),
        ("下周周六", june(20)),
        ("下下周一", june(22)),
        ("再下周一", june(22)),
        ("两周后的周五", june(26)),
        ("下个月5号", date(2026, 7, 5)),
        ("三个月后的5号", date(2026, 9, 5)),
        ("15号之前", june(15)),
        ("十二月廿五号", date(2026, 12, 25)),
        ("十二月卅一日", date(2026, 12, 31)),
        ("１２月５日", date(2026, 12, 5)),
        ("12月5號", date(2026, 12, 5)),
        ("二〇二六年十二月五日", date(2026, 12, 5)),
        ("明年3月5日", date(2027, 3, 5)),
        ("12月5号（周六）", date(2026, 12, 5)),
        ("6.18大促", june(18)),
        ("7/15前", date(2026, 7, 15)),
        ("26-12-05交货", date(2026, 12, 5)),
        ("7/8演示", date(2026, 7, 8)),
        ("下月月底", date(2026, 7, 31)),
        ("明年年底", date(2027, 12, 31)),
        ("季度末", june(30)),
        ("国庆节", date(2026, 10, 1)),
    ],
)
def test_a_day_in_chinese_is_understood(text: str, due_on: date) -> None:
    reading = read_when(text, NOW)
    assert isinstance(reading, Understood), reading
    assert reading.due_on == due_on


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("tomorrow at 8", time(8)),
        ("tomorrow at 3", time(15)),
        ("tomorrow at 12", time(12)),
        ("tomorrow 2.30pm", time(14, 30)),
        ("at 2.30 tomorrow", time(14, 30)),
        ("tomorrow at half past two", time(14, 30)),
        ("a quarter to four tomorrow", time(15, 45)),
        ("tomorrow at nine thirty", time(9, 30)),
        ("tomorrow at noon", time(12)),
        ("tomorrow evening at 7", time(19)),
        ("tomorrow from 2pm to 4pm", time(14)),
        ("tomorrow 2-4pm", time(14)),
        ("tomorrow 11-1pm", time(11)),
        ("tomorrow 10-12", time(10)),
        ("tomorrow 03:30", time(3, 30)),
        ("明天两点半", time(14, 30)),
        ("明天三点一刻", time(15, 15)),
        ("明天十点差五分", time(9, 55)),
        ("明天14时30分", time(14, 30)),
        ("明早九点", time(9)),
        ("明天晚8点", time(20)),
        ("明天10点pm", time(22)),
        ("明晚七点", time(19)),
        ("明天中午", time(12)),
        ("明天中午一点", time(13)),
        ("明天下午5:00", time(17)),
        ("明天凌晨三点", time(3)),
        ("明天2-4点", time(14)),
        ("明天三点到五点", time(15)),
    ],
)
def test_an_hour_without_its_half_of_the_day_is_a_business_hour(text: str, at: time) -> None:
    reading = read_when(text, NOW)
    assert isinstance(reading, Understood), reading
    assert (reading.due_on, reading.at) == (june(11), at)


@pytest.mark.parametrize(
    ("text", "part"),
    [("tomorrow morning", Part.MORNING), ("明天下午", Part.AFTERNOON), ("明晚", Part.EVENING), ("tomorrow", None)],
)
def test_a_part_of_the_day_is_kept_where_no_hour_is_said(text: str, part: Part | None) -> None:
    reading = read_when(text, NOW)
    assert isinstance(reading, Understood)
    assert (reading.due_on, reading.at, reading.part) == (june(11), None, part)


def test_a_rough_hour_says_so() -> None:
    rough, exact = read_when("明天下午5点左右", NOW), read_when("明天下午5点", NOW)
    assert isinstance(rough, Understood) and isinstance(exact, Understood)
    assert (rough.at, rough.exact, exact.exact) == (time(17), False, True)


@pytest.mark.parametrize(
    ("text", "days", "reason"),
    [
        ("3/4", (date(2027, 3, 4), date(2027, 4, 3)), Doubt.DAY_OR_MONTH),
        ("Wednesday", (june(10), june(17)), Doubt.TODAY_OR_LATER),
        ("周三开会", (june(10), june(17)), Doubt.TODAY_OR_LATER),
        ("next Friday", (june(12), june(19)), Doubt.WHICH_WEEK),
        ("next week we talk again, on Friday", (june(12), june(19)), Doubt.WHICH_WEEK),
        ("this weekend", (june(13), june(14)), Doubt.WEEKEND),
        ("周末", (june(13), june(14)), Doubt.WEEKEND),
        ("end of the week", (june(12), june(14)), Doubt.WEEK_END),
        ("Tue or Thu next week", (june(16), june(18)), Doubt.SEVERAL),
        ("quote tomorrow, demo on Friday", (june(11), june(12)), Doubt.SEVERAL),
        ("明后天", (june(11), june(12)), Doubt.SEVERAL),
        ("June 20-22", (june(20), june(22)), Doubt.RANGE),
        ("before Friday", (june(11), june(12)), Doubt.BEFORE),
        ("Thursday 26 June", (june(25), june(26)), Doubt.MISMATCH),
        ("12月5号（周五）", (date(2026, 12, 4), date(2026, 12, 5)), Doubt.MISMATCH),
        ("Friday 9", (june(12), date(2026, 10, 9)), Doubt.DAY_OR_HOUR),
        ("tomorrow at seven", (june(11), june(11)), Doubt.AM_OR_PM),
        ("at 9", (june(10), june(11)), Doubt.AM_OR_PM),
        ("tomorrow midnight", (june(11), june(12)), Doubt.MIDNIGHT),
    ],
)
def test_what_can_mean_two_days_or_hours_is_asked(text: str, days: tuple[date, ...], reason: Doubt) -> None:
    reading = read_when(text, NOW)
    assert isinstance(reading, Ambiguous), reading
    assert (tuple(option.due_on for option in reading.options), reading.reason) == (days, reason)


@pytest.mark.parametrize(
    ("text", "said_on", "due_on"),
    [
        ("next Friday", june(12), june(19)),
        ("next Wednesday", june(11), june(17)),
        ("next Monday", june(10), june(15)),
        ("下周五", june(10), june(19)),
        ("下周五", june(13), june(19)),
        ("周一", june(12), june(15)),
        ("Tuesday", june(10), june(16)),
    ],
)
def test_a_weekday_is_not_asked_where_its_readings_are_one(text: str, said_on: date, due_on: date) -> None:
    reading = read_when(text, datetime.combine(said_on, time(10), UTC))
    assert isinstance(reading, Understood), reading
    assert reading.due_on == due_on


@pytest.mark.parametrize(
    ("text", "due_on", "again"),
    [
        ("yesterday", june(9), None),
        ("three weeks ago", date(2026, 5, 20), None),
        ("last Friday", june(5), None),
        ("this past Wednesday", june(3), None),
        ("2026-03-05", date(2026, 3, 5), None),
        ("上周三", june(3), None),
        ("三天前", june(7), None),
        ("去年5月3日", date(2025, 5, 3), None),
        ("周二", june(9), june(16)),
        ("this Monday", june(8), june(15)),
        ("March 5", date(2026, 3, 5), date(2027, 3, 5)),
        ("5号", june(5), date(2026, 7, 5)),
        ("9am", june(10), june(11)),
    ],
)
def test_a_day_that_is_over_is_told_with_its_next_coming_round(text: str, due_on: date, again: date | None) -> None:
    reading = read_when(text, NOW)
    assert isinstance(reading, Past), reading
    assert (reading.due_on, reading.again and reading.again.due_on) == (due_on, again)


def test_a_span_that_is_over_names_no_day() -> None:
    reading = read_when("上周", NOW)
    assert isinstance(reading, Past)
    assert reading.due_on is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("next month", Doubt.SPAN),
        ("下季度", Doubt.SPAN),
        ("7月中旬", Doubt.SPAN),
        ("first Monday of July", Doubt.SPAN),
        ("the week of June 15", Doubt.SPAN),
        ("next week, 5 July", Doubt.MISMATCH),
        ("in a few days", Doubt.SOME_DAY),
        ("过几天再联系", Doubt.SOME_DAY),
        ("两三天后", Doubt.SOME_DAY),
        ("after Friday", Doubt.OPEN_END),
        ("下周三之后", Doubt.OPEN_END),
        ("every Friday", Doubt.RECURRING),
        ("每周三例会", Doubt.RECURRING),
        ("农历八月初五", Doubt.FESTIVAL),
        ("八月十五", Doubt.FESTIVAL),
        ("1991年农历8月23号", Doubt.FESTIVAL),
        ("除夕", Doubt.FESTIVAL),
        ("中秋节下午三点", Doubt.FESTIVAL),
        ("Feb 30", Doubt.NO_SUCH_DAY),
        ("2月30日", Doubt.NO_SUCH_DAY),
        ("3pm GMT tomorrow", Doubt.OTHER_ZONE),
    ],
)
def test_time_without_a_day_is_asked(text: str, reason: Doubt) -> None:
    reading = read_when(text, NOW)
    assert isinstance(reading, Vague), reading
    assert reading.reason == reason


@pytest.mark.parametrize("text", ["next week", "下周", "下周一起吃饭", "下周三家客户"])
def test_a_week_without_a_day_offers_its_working_days(text: str) -> None:
    reading = read_when(text, NOW)
    assert isinstance(reading, Vague)
    assert [option.due_on for option in reading.options] == [june(day) for day in range(15, 20)]


@pytest.mark.parametrize(
    "text",
    [
        *("买3箱", "五粮液2箱", "周总说可以", "联系周先生", "给周一鸣打电话", "周六福门店", "三星手机", "一下"),
        *("有一点问题", "三点建议", "12.5元", "打6.5折", "3.5吨", "1/3的客户", "南京路12号", "3号楼", "2号线"),
        *("今日头条", "声明日期", "光明日报", "提前3天通知", "24小时服务", "2024报告", "2024年报告", "前10名"),
        *("18612345678", "010-12345678", "订单20261205", "订单号12-05", "《明日之后》", "三周年庆"),
        *("room 12", "top 10 report", "call 13800138000", "+86 138 0013 8000", "call 555-1234", "2024 report"),
        *("12.5 kg", "May I come", "march on", "sat down with them", "Mr Sun agrees", "the second meeting"),
        *("the 5th floor", "the 3rd visit", "1/2 price", "24/7 support", "16:9 screen", "PO 20260618", "order 12/05"),
        *(
            "increase by 2.5",
            "good morning",
            "5 of 12 stores",
            "item 5 may be late",
            "for 3 days",
            "2 hours and 5 minutes",
            "",
        ),
        *("https://example.com/2026-12-05", "tomorrow@example.com"),
    ],
)
def test_a_number_or_name_that_is_no_date_is_left_alone(text: str) -> None:
    assert read_when(text, NOW) == NotFound()


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Mr Sun wants a demo on Monday", "Mr Sun wants a demo"),
        ("customer complained yesterday, send the part by Monday", "customer complained yesterday, send the part"),
        ("周一前交2024年报告", "交2024年报告"),
        ("中秋月饼下周一送到", "中秋月饼 送到"),
        ("两点意见下周一给", "两点意见 给"),
        ("room 12 at 4pm Monday", "room 12"),
    ],
)
def test_what_is_no_date_stays_with_what_is_to_be_done(text: str, rest: str) -> None:
    reading = read_when(text, NOW)
    assert isinstance(reading, Understood | Past), reading
    assert reading.rest == rest


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        *(("in 2 hours", 120), ("in an hour and a half", 90), ("in 1 hour and 20 minutes", 80)),
        *(("半小时后", 30), ("两个半小时后", 150), ("3小时20分钟后", 200)),
    ],
)
def test_hours_ahead_are_counted_on_the_local_clock(text: str, minutes: int) -> None:
    reading = read_when(text, NOW)
    assert isinstance(reading, Understood)
    assert reading.at == (NOW + timedelta(minutes=minutes)).time()


def test_two_hours_ahead_are_two_hours_where_the_clock_is_put_forward() -> None:
    night = datetime(2026, 3, 29, 1, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    reading = read_when("in 2 hours", night)
    assert isinstance(reading, Understood)
    assert reading.at == time(4, 30)


def test_working_days_are_those_of_the_company() -> None:
    make_up_saturday = june(13)
    reading = read_when("三个工作日后", NOW, is_working_day=lambda day: day.weekday() < 5 or day == make_up_saturday)
    assert isinstance(reading, Understood)
    assert reading.due_on == make_up_saturday


def test_a_calendar_without_working_days_is_no_trap() -> None:
    assert isinstance(read_when("in 3 working days", NOW, is_working_day=lambda day: False), Vague)


def test_the_order_of_day_and_month_that_one_is_used_to_comes_first() -> None:
    month_first, day_first = read_when("3/4", NOW), read_when("3/4", NOW, day_first=True)
    assert isinstance(month_first, Ambiguous) and isinstance(day_first, Ambiguous)
    assert [option.due_on for option in month_first.options] == [date(2027, 3, 4), date(2027, 4, 3)]
    assert [option.due_on for option in day_first.options] == [date(2027, 4, 3), date(2027, 3, 4)]


def test_a_quarter_past_nine_today_said_at_ten_is_in_the_evening() -> None:
    reading = read_when("today at 9:15", NOW)
    assert isinstance(reading, Understood)
    assert (reading.due_on, reading.at) == (june(10), time(21, 15))
