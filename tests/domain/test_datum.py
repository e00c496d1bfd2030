"""Chinese coordinates find the place that they mean."""

import csv
from pathlib import Path
from statistics import median

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.datum import Datum, from_wgs84, is_shifted, to_wgs84
from bot.domain.geography import ImpossiblePoint, Point, distance

SHOPS = Path(__file__).parents[2] / ".." / "shared" / "data" / "places" / "shops_shanghai_bd09.csv"

places_in_china = st.builds(Point, st.floats(18, 53.5), st.floats(74, 134.7)).filter(
    lambda place: is_shifted(place.latitude, place.longitude)
)
places_anywhere = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))
chinese_datums = st.sampled_from([Datum.GCJ02, Datum.BD09])


@given(places_in_china, chinese_datums)
def test_a_place_in_china_survives_the_round_trip(place: Point, datum: Datum) -> None:
    there = from_wgs84(place, datum)
    assert distance(place, to_wgs84(*there, datum)) < 0.001


@given(places_in_china)
def test_chinese_maps_are_off_by_more_than_a_shop_and_less_than_two_kilometres(place: Point) -> None:
    gcj = Point(*from_wgs84(place, Datum.GCJ02))
    bd = Point(*from_wgs84(place, Datum.BD09))
    assert distance(place, gcj) < 1_200
    assert 400 < distance(gcj, bd) < 1_300


@given(places_anywhere, chinese_datums)
def test_a_place_abroad_is_not_moved(place: Point, datum: Datum) -> None:
    around = [(place.latitude + north, place.longitude + east) for north in (-0.1, 0, 0.1) for east in (-0.1, 0, 0.1)]
    assume(not any(is_shifted(*corner) for corner in around))
    assert from_wgs84(place, datum) == (place.latitude, place.longitude)
    assert to_wgs84(place.latitude, place.longitude, datum) == place


@given(places_anywhere)
def test_wgs84_is_never_moved(place: Point) -> None:
    assert to_wgs84(place.latitude, place.longitude, Datum.WGS84) == place


@pytest.mark.parametrize(
    ("place", "on_the_map"),
    [
        # Test vectors that the public implementations of GCJ-02 share.
        (Point(31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),
        (Point(22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),
        (Point(39.915, 116.404), (39.91640428150164, 116.41024449916938)),
    ],
)
def test_amap_coordinates_follow_the_published_vectors(place: Point, on_the_map: tuple[float, float]) -> None:
    assert from_wgs84(place, Datum.GCJ02) == pytest.approx(on_the_map, abs=1e-9)
    assert distance(to_wgs84(*on_the_map, Datum.GCJ02), place) < 0.001


def test_baidu_coordinates_follow_the_published_vector() -> None:
    by_amap = to_wgs84(39.915, 116.404, Datum.GCJ02)
    by_baidu = to_wgs84(39.92133699351021, 116.41036949371029, Datum.BD09)
    assert distance(by_amap, by_baidu) < 0.001


SHIFTED = {
    "Beijing": (39.9, 116.4),
    "Shanghai": (31.23, 121.47),
    "Zhoushan": (29.99, 122.2),
    "Hong Kong": (22.28, 114.16),
    "Macao": (22.19, 113.54),
    "Sanya": (18.25, 109.5),
    "Xiamen": (24.48, 118.09),
    "Dandong": (40.12, 124.38),
    "Harbin": (45.8, 126.53),
    "Suifenhe": (44.4, 131.15),
    "Hunchun": (42.86, 130.36),
    "Fuyuan": (48.36, 134.29),
    "Mohe": (52.97, 122.53),
    "Manzhouli": (49.6, 117.4),
    "Erenhot": (43.65, 111.97),
    "Urumqi": (43.8, 87.6),
    "Khorgos": (44.2, 80.42),
    "Kashgar": (39.47, 75.99),
    "Lhasa": (29.65, 91.1),
    "Ruili": (24.01, 97.85),
    "Jinghong": (22.0, 100.8),
    "Hekou": (22.53, 103.94),
    "Pingxiang": (22.1, 106.76),
    "Dongxing": (21.55, 107.97),
}
LEFT_ALONE = {
    "Taipei": (25.03, 121.56),
    "Kaohsiung": (22.63, 120.3),
    "Seoul": (37.57, 126.98),
    "Pyongyang": (39.03, 125.75),
    "Vladivostok": (43.12, 131.9),
    "Khabarovsk": (48.48, 135.07),
    "Ulaanbaatar": (47.9, 106.9),
    "Almaty": (43.24, 76.9),
    "Bishkek": (42.87, 74.59),
    "Kathmandu": (27.7, 85.3),
    "Thimphu": (27.47, 89.64),
    "Delhi": (28.6, 77.2),
    "Hanoi": (21.03, 105.85),
    "Vientiane": (17.97, 102.6),
    "Myitkyina": (25.38, 97.4),
    "Tokyo": (35.68, 139.69),
}


@pytest.mark.parametrize("city", SHIFTED)
def test_cities_drawn_by_chinese_maps_are_shifted(city: str) -> None:
    assert is_shifted(*SHIFTED[city])


@pytest.mark.parametrize("city", LEFT_ALONE)
def test_neighbours_are_left_alone(city: str) -> None:
    assert not is_shifted(*LEFT_ALONE[city])


def test_impossible_degrees_are_refused_in_every_datum() -> None:
    for datum in Datum:
        with pytest.raises(ImpossiblePoint):
            to_wgs84(121.47, 31.23, datum)


@pytest.mark.realdata
def test_a_baidu_list_read_naively_is_a_kilometre_off() -> None:
    if not SHOPS.exists():
        pytest.skip("the public data sets are not beside the project")
    with SHOPS.open(encoding="utf-8") as file:
        given_points = [(float(row["lat"]), float(row["lon"])) for row in csv.DictReader(file)]
    assert len(given_points) > 400
    errors = [distance(Point(*degrees), to_wgs84(*degrees, Datum.BD09)) for degrees in given_points]
    assert 900 < median(errors) < 1_200
    assert min(errors) > 500
