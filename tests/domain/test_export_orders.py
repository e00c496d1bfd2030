"""What is typed behind /export, which days that means, and what a csv does to texts and back."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.conversation import Refusal
from bot.domain.export import Days, Form, Order, What, armed, defused, read_days, read_order, usual_days

OCTOBER = Days(date(2026, 10, 1), date(2026, 10, 31))


@pytest.mark.parametrize(
    ("typed", "what", "form", "days"),
    [
        ("", None, None, None),
        ("visits", What.VISITS, None, None),
        ("Visits 2026-10 xlsx", What.VISITS, Form.XLSX, OCTOBER),
        ("拜访 2026年10月1日 到 2026年10月31日 csv", What.VISITS, Form.CSV, OCTOBER),
        ("customers geojson", What.CUSTOMERS, Form.GEOJSON, None),
        ("customers excel", What.CUSTOMERS, Form.XLSX, None),
    ],
)
def test_an_order_is_read_as_it_is_typed(typed: str, what: What, form: Form, days: Days) -> None:
    assert read_order(typed) == (what, form, days)


@pytest.mark.parametrize("typed", ["photos 31/10", "everything"])
def test_what_cannot_be_read_is_refused(typed: str) -> None:
    with pytest.raises(Refusal):
        read_order(typed)


@pytest.mark.parametrize("typed", ["2026-10-31 2026-10-01", "2026/10", "2026.10.1 – 2026.10.31", "2026年10月"])
def test_days_are_read_in_either_order_and_by_the_month(typed: str) -> None:
    assert read_days(typed) == OCTOBER


@pytest.mark.parametrize("typed", ["", "yesterday", "2026-02-30", "2026-13", "2026-10-01 2026-10-02 2026-10-03"])
def test_days_that_no_calendar_has_are_refused(typed: str) -> None:
    with pytest.raises(Refusal, match="export/no_days"):
        read_days(typed)


def test_the_last_month_that_a_calendar_has_is_read() -> None:
    assert read_days("9999-12") == Days(date(9999, 12, 1), date(9999, 12, 31))


def test_the_usual_days_end_today_or_with_the_last_month() -> None:
    usual = usual_days(date(2026, 1, 15))
    assert usual["last_month"] == Days(date(2025, 12, 1), date(2025, 12, 31))
    assert usual["week"] == Days(date(2026, 1, 9), date(2026, 1, 15))
    assert usual["month"].first_on == date(2026, 1, 1)


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r1", "＝1", "'=1", "007", "123456789012345678"])
def test_what_a_table_would_calculate_or_shorten_is_kept_a_text(text: str) -> None:
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Harbour", "7", "1.5", "'quoted'", "a=b", "13800138000", ""])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert defused(text) == text


@settings(max_examples=200)
@given(st.text(alphabet="'=+-@＝\t\r0123a ", max_size=6))
def test_a_defused_text_comes_back(text: str) -> None:
    told = defused(text)
    assert told[:1] not in set("=+-@＝＋－＠\t\r")
    # `'123` typed by somebody means the number as a text; only that is not told apart from our own
    assert armed(told) == text or (text.startswith("'") and text[1:].isdecimal())


def test_an_order_survives_the_store() -> None:
    for order in (Order(What.VISITS, Form.CSV, OCTOBER), Order(What.PEOPLE, Form.XLSX)):
        assert Order.of(order.as_json()) == order
