"""Distances and search boxes, also where the degrees wrap."""

import math

import pytest
from geopy.distance import geodesic
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.geography import ImpossiblePoint, Point, bounding_box, distance

points = st.builds(
    Point,
    st.floats(-90, 90, allow_nan=False),
    st.floats(-180, 180, allow_nan=False),
)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(90.1, 0), (-90.1, 0), (0, 180.1), (0, -180.1), (math.nan, 0), (0, math.nan), (math.inf, 0), (0, -math.inf)],
)
def test_numbers_that_are_no_place_are_refused(latitude: float, longitude: float) -> None:
    with pytest.raises(ImpossiblePoint):
        Point(latitude, longitude)


@given(points, points)
def test_the_sphere_is_within_six_thousandths_of_the_ellipsoid(a: Point, b: Point) -> None:
    exact = geodesic((a.latitude, a.longitude), (b.latitude, b.longitude)).m
    assert distance(a, b) == pytest.approx(exact, rel=0.006, abs=0.01)


def test_ten_metres_are_measured_as_ten_metres() -> None:
    here = Point(31.2305, 121.4737)
    assert distance(here, Point(31.2305 + 10 / 111_195, 121.4737)) == pytest.approx(10, abs=0.01)


@given(points, st.floats(1, 50_000), st.floats(0, 2 * math.pi), st.floats(0, 0.999))
def test_every_place_within_reach_is_in_the_box(centre: Point, metres: float, bearing: float, part: float) -> None:
    reached = walked(centre, metres * part, bearing)
    assert bounding_box(centre, metres).contains(reached)


def test_a_box_is_not_much_larger_than_its_circle() -> None:
    box = bounding_box(Point(60.0, 25.0), 1000)
    (west, east), *more = box.longitudes
    assert not more
    assert distance(Point(60, 25), Point(box.north, 25)) == pytest.approx(1000, abs=1)
    assert distance(Point(60, west), Point(60, east)) == pytest.approx(2000, abs=1)


def test_a_box_across_the_date_line_has_two_ranges() -> None:
    box = bounding_box(Point(0, 179.999), 1000)
    assert len(box.longitudes) == 2
    assert box.contains(Point(0, -179.999))
    assert not box.contains(Point(0, 0))


def test_a_box_at_the_pole_has_every_longitude() -> None:
    assert bounding_box(Point(89.999, 10), 1000).contains(Point(89.9999, -170))


def walked(start: Point, metres: float, bearing: float) -> Point:
    """Where one arrives after `metres` on a great circle."""
    angle = metres / 6_371_008.8
    latitude = math.radians(start.latitude)
    sine = math.sin(latitude) * math.cos(angle) + math.cos(latitude) * math.sin(angle) * math.cos(bearing)
    turned = math.atan2(
        math.sin(bearing) * math.sin(angle) * math.cos(latitude), math.cos(angle) - math.sin(latitude) * sine
    )
    longitude = (start.longitude + math.degrees(turned) + 540) % 360 - 180
    return Point(math.degrees(math.asin(max(-1.0, min(1.0, sine)))), longitude)
