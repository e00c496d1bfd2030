"""Chinese map coordinates into WGS-84 and back: GCJ-02 (Amap, Tencent, Apple in China) and BD-09 (Baidu).

GCJ-02 moves every point inside China by 50 to 800 m, and BD-09 moves that by another 500 m or more, so a list
read in the wrong datum puts its customers outside every fence. The formulas are the public ones that every map
client carries; neither has a closed inverse, so the way back is found by iteration.
"""

import math
from collections.abc import Callable
from enum import StrEnum

from bot.domain.geography import Point

_Degrees = tuple[float, float]  # latitude, longitude


class Datum(StrEnum):
    """What a pair of degrees means."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def to_wgs84(latitude: float, longitude: float, datum: Datum) -> Point:
    """The place that these degrees mean, within 1 mm of the published formulas.

    Outside the area where Chinese maps are shifted the degrees already are WGS-84 and come back as they are.
    Raises `ImpossiblePoint` for degrees that are no place.
    """
    given = Point(latitude, longitude)
    if datum is Datum.WGS84:
        return given
    shift = _gcj_from_wgs if datum is Datum.GCJ02 else _bd_from_wgs
    # The border is judged at the true place, or a point shifted across it could not find its way back.
    if not _near_china(latitude, longitude):
        return given
    found = _undo(shift, (latitude, longitude))
    return Point(*found) if is_shifted(*found) else given


def from_wgs84(point: Point, datum: Datum) -> _Degrees:
    """Latitude and longitude of the place on a map that uses `datum`, for links into that map."""
    here = (point.latitude, point.longitude)
    if datum is Datum.WGS84 or not is_shifted(*here):
        return here
    return _gcj_from_wgs(here) if datum is Datum.GCJ02 else _bd_from_wgs(here)


def is_shifted(latitude: float, longitude: float) -> bool:
    """Whether Chinese maps draw this WGS-84 place shifted.

    True for the mainland, Hong Kong and Macao, which Amap and Baidu draw in one piece; false for Taiwan and the
    neighbours, which the same maps leave alone. The outline is coarse: within some 20 km of a land border the answer
    may be the neighbour's. The usual rectangle would be wrong for all of Korea, Nepal and northern Vietnam.
    """
    inside = False
    before_latitude, before_longitude = _OUTLINE[-1]
    for next_latitude, next_longitude in _OUTLINE:
        if (next_latitude > latitude) != (before_latitude > latitude):
            along = (latitude - before_latitude) / (next_latitude - before_latitude)
            if longitude < before_longitude + along * (next_longitude - before_longitude):
                inside = not inside
        before_latitude, before_longitude = next_latitude, next_longitude
    return inside


def _near_china(latitude: float, longitude: float) -> bool:
    # The polynomials grow without bound far away; nothing is shifted by more than 0.1 degrees.
    return 17 < latitude < 55 and 73 < longitude < 136


def _undo(shift: Callable[[_Degrees], _Degrees], shifted: _Degrees) -> _Degrees:
    """The place that `shift` moves to `shifted`. Each round is some hundred times closer; five reach 1e-10 degrees."""
    latitude, longitude = shifted
    for _ in range(5):
        moved_latitude, moved_longitude = shift((latitude, longitude))
        latitude += shifted[0] - moved_latitude
        longitude += shifted[1] - moved_longitude
    return latitude, longitude


# Krasovsky 1940, the ellipsoid in which the shift is expressed.
_AXIS_METRES = 6_378_245.0
_ECCENTRICITY_SQUARED = 0.006_693_421_622_965_943


def _gcj_from_wgs(place: _Degrees) -> _Degrees:
    latitude, longitude = place
    x, y = longitude - 105, latitude - 35
    north_metres = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + _ripple(x)
    north_metres += _waves(y, (20, 1), (40, 3), (160, 12), (320, 30))
    east_metres = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + _ripple(x)
    east_metres += _waves(x, (20, 1), (40, 3), (150, 12), (300, 30))

    sine = math.sin(math.radians(latitude))
    bend = 1 - _ECCENTRICITY_SQUARED * sine * sine
    meridian_radius = _AXIS_METRES * (1 - _ECCENTRICITY_SQUARED) / (bend * math.sqrt(bend))
    parallel_radius = _AXIS_METRES / math.sqrt(bend) * math.cos(math.radians(latitude))
    return (
        latitude + math.degrees(north_metres / meridian_radius),
        longitude + math.degrees(east_metres / parallel_radius),
    )


def _ripple(x: float) -> float:
    return (20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)) * 2 / 3


def _waves(degrees: float, *waves: tuple[float, float]) -> float:
    """The sum of sines, each an amplitude in metres and a half-length in degrees."""
    return sum(amplitude * math.sin(degrees / length * math.pi) for amplitude, length in waves) * 2 / 3


_BD_WAVE = math.pi * 3000 / 180


def _bd_from_wgs(place: _Degrees) -> _Degrees:
    latitude, longitude = _gcj_from_wgs(place)
    radius = math.hypot(longitude, latitude) + 0.000_02 * math.sin(latitude * _BD_WAVE)
    angle = math.atan2(latitude, longitude) + 0.000_003 * math.cos(longitude * _BD_WAVE)
    return radius * math.sin(angle) + 0.006, radius * math.cos(angle) + 0.0065


# Latitude and longitude of corners around the mainland, clockwise from the north-west of Heilongjiang: along the
# land borders, some way out at sea, down the middle of the Taiwan strait and around Hainan.
_OUTLINE: tuple[_Degrees, ...] = (
    *((53.4, 120.8), (53.7, 123.3), (53.2, 125.3), (52.0, 126.8), (50.35, 127.6), (49.6, 128.0), (49.5, 129.6)),
    *((48.95, 130.6), (47.8, 131.0), (47.85, 132.6), (48.45, 134.5), (48.2, 134.75), (46.8, 134.1), (45.2, 133.2)),
    *((44.95, 131.2), (43.4, 131.3), (42.5, 130.65), (42.95, 129.9), (42.35, 129.65), (41.95, 128.2), (41.4, 128.2)),
    *((41.8, 126.9), (41.05, 126.2), (40.1, 124.45), (38.6, 124.0), (37.2, 123.3), (34.5, 121.5), (32.2, 122.8)),
    *((30.5, 123.4), (28.0, 122.4), (26.3, 120.6), (24.9, 119.8), (23.0, 118.2), (21.8, 116.0), (21.0, 112.5)),
    *((20.0, 111.5), (18.8, 111.0), (17.9, 109.8), (18.2, 108.3), (20.2, 108.3), (21.4, 108.05), (21.65, 107.3)),
    *((22.0, 106.68), (22.85, 106.6), (23.0, 105.6), (22.5, 104.0), (22.5, 102.6), (21.1, 101.8), (21.2, 101.1)),
    *((21.9, 99.9), (22.2, 99.2), (23.2, 98.8), (23.85, 98.7), (23.85, 97.6), (25.0, 97.7), (27.6, 98.5)),
    *((28.3, 97.3), (29.3, 96.0), (29.0, 94.5), (27.9, 92.5), (28.1, 90.0), (27.3, 88.95), (28.1, 88.0)),
    *((27.95, 86.5), (28.9, 84.2), (30.3, 81.2), (31.6, 78.7), (34.4, 78.6), (35.8, 76.5), (37.2, 74.5)),
    *((38.6, 73.6), (39.8, 73.7), (40.6, 75.6), (41.2, 78.3), (42.2, 80.2), (44.2, 80.3), (45.3, 82.3)),
    *((47.2, 82.9), (47.3, 85.4), (49.2, 87.3), (47.8, 90.1), (45.2, 90.9), (44.3, 95.3), (42.7, 96.4)),
    *((42.6, 101.5), (41.7, 104.9), (42.5, 109.4), (43.8, 111.8), (45.0, 111.8), (44.9, 113.7), (46.5, 116.4)),
    *((46.8, 119.7), (47.8, 118.4), (47.9, 115.6), (49.9, 116.6), (49.9, 118.6), (50.4, 119.2), (52.2, 120.6)),
)
