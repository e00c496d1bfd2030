"""A route is walked on its days, in its weeks, on working days only."""

from datetime import date

from bot.domain.calendar import WorkingDays
from bot.domain.geography import Point
from bot.domain.leave import Leave, without
from bot.domain.route import Route, length, moved, readable

MONDAY = date(2026, 11, 23)
WEEKDAYS = WorkingDays()
ROUTE = Route(1, "Harbour", 7, frozenset({1, 4}), 1, MONDAY)


def second_weeks(route: Route = ROUTE, starts_on: date = MONDAY) -> Route:
    return Route(route.id, route.name, route.person_id, route.weekdays, 2, starts_on)


def days(route: Route, on: date, calendar: WorkingDays = WEEKDAYS) -> list[int]:
    return [day.day for day in route.rest_of_week(on, calendar)]


def test_a_week_has_the_routes_days_from_where_it_stands() -> None:
    assert days(ROUTE, MONDAY) == [23, 26]
    assert days(ROUTE, date(2026, 11, 24)) == [26]
    assert days(ROUTE, date(2026, 11, 27)) == []


def test_a_second_week_is_left_out_and_so_before_it_began() -> None:
    every_second = second_weeks()
    assert days(every_second, MONDAY) == [23, 26]
    assert days(every_second, date(2026, 11, 30)) == []
    assert days(every_second, date(2026, 12, 7)) == [7, 10]
    assert days(every_second, date(2026, 11, 16)) == []
    assert days(every_second, date(2026, 11, 9)) == [9, 12]


def test_a_day_off_and_a_leave_are_left_out_and_not_made_up_for() -> None:
    holiday = WorkingDays(holidays=frozenset({MONDAY}), make_up=frozenset({date(2026, 11, 28)}))
    assert days(ROUTE, MONDAY, holiday) == [26]
    away = without(WEEKDAYS, [Leave(1, 7, date(2026, 11, 26), date(2026, 11, 26))])
    assert days(ROUTE, MONDAY, away) == [23]


def test_a_route_says_when_it_is_walked_next_whatever_the_week() -> None:
    assert ROUTE.next_on(date(2026, 11, 24), WEEKDAYS) == date(2026, 11, 26)
    assert second_weeks().next_on(date(2026, 11, 27), WEEKDAYS) == date(2026, 12, 7)
    paused = Route(1, "Harbour", 7, frozenset({1}), 1, MONDAY, paused=True)
    assert paused.next_on(MONDAY, WEEKDAYS) is None
    assert Route(1, "Harbour", 7, frozenset(), 1, MONDAY).next_on(MONDAY, WEEKDAYS) is None


def test_its_length_passes_over_a_stop_without_a_place() -> None:
    a, b = Point(29.0, 106.0), Point(29.01, 106.0)
    assert round(length([a, None, b])) == round(length([a, b])) == 1112
    assert length([a]) == length([]) == 0


def test_a_stop_moves_as_far_as_the_end() -> None:
    assert moved([1, 2, 3], 2, -1) == [2, 1, 3]
    assert moved([1, 2, 3], 2, 1) == [1, 3, 2]
    assert moved([1, 2, 3], 1, -1) == [1, 2, 3]
    assert moved([1, 2, 3], 3, -60) == [3, 1, 2]


def test_a_name_needs_a_letter_and_fits_a_button() -> None:
    assert readable("  Harbour   round ") == "Harbour round"
    assert readable("🧭🧭") is None
    assert readable("x" * 41) is None
