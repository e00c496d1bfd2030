"""Points on the earth, how far apart they are, and the box to search around one of them."""

import math
from dataclasses import dataclass

# Mean radius of WGS-84 (IUGG). The earth's flattening makes the sphere wrong by at most 0.56 %,
# which is 1 m at a fence of 200 m and far below what any phone can tell.
EARTH_RADIUS_METRES = 6_371_008.8
_METRES_PER_DEGREE = math.pi * EARTH_RADIUS_METRES / 180


class ImpossiblePoint(ValueError):  # noqa: N818 - bad input, answered like any other
    """The numbers are not a place: not finite, or outside ±90° / ±180°."""


@dataclass(frozen=True, slots=True)
class Point:
    """A place in WGS-84 degrees. Raises `ImpossiblePoint` when the numbers cannot be one."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        # NaN fails both comparisons, so it is caught here as well.
        if not (-90 <= self.latitude <= 90 and -180 <= self.longitude <= 180):
            raise ImpossiblePoint(f"latitude {self.latitude!r}, longitude {self.longitude!r}")


@dataclass(frozen=True, slots=True)
class Box:
    """A range of latitudes and one or two ranges of longitudes (two where the date line is crossed), in degrees."""

    south: float
    north: float
    longitudes: tuple[tuple[float, float], ...]

    def contains(self, point: Point) -> bool:
        return self.south <= point.latitude <= self.north and any(
            west <= point.longitude <= east for west, east in self.longitudes
        )


def distance(a: Point, b: Point) -> float:
    """Metres along the great circle (haversine, which stays exact for points a few metres apart)."""
    latitude_a, latitude_b = math.radians(a.latitude), math.radians(b.latitude)
    half_latitude = (latitude_b - latitude_a) / 2
    half_longitude = math.radians(b.longitude - a.longitude) / 2
    chord = math.sin(half_latitude) ** 2 + math.cos(latitude_a) * math.cos(latitude_b) * math.sin(half_longitude) ** 2
    # Rounding can lift the chord of two antipodes just above 1.
    return 2 * EARTH_RADIUS_METRES * math.asin(math.sqrt(min(1.0, chord)))


def offset(origin: Point, point: Point) -> tuple[float, float]:
    """Metres east and north of `origin`, on the plane that touches the earth there: right for a town, not a country."""
    turned = (point.longitude - origin.longitude + 180) % 360 - 180  # the short way, across the date line too
    east = turned * _METRES_PER_DEGREE * math.cos(math.radians(origin.latitude))
    return east, (point.latitude - origin.latitude) * _METRES_PER_DEGREE


def bounding_box(point: Point, metres: float) -> Box:
    """The smallest box of degrees that holds every place within `metres`, for an index to search.

    It holds more than the circle (its corners are 1.4 times as far), so measure what it finds.
    A circle that reaches a pole has every longitude; one across the date line has two ranges.
    """
    # A hair wider than exact, or rounding would lose a customer who stands on the very edge.
    reach = metres / _METRES_PER_DEGREE + 1e-9
    south, north = point.latitude - reach, point.latitude + reach
    if south <= -90 or north >= 90:
        return Box(max(south, -90.0), min(north, 90.0), ((-180.0, 180.0),))
    ratio = math.sin(math.radians(reach)) / math.cos(math.radians(point.latitude))
    width = math.degrees(math.asin(min(1.0, ratio))) + 1e-9
    west, east = point.longitude - width, point.longitude + width
    if west < -180:
        return Box(south, north, ((-180.0, east), (west + 360, 180.0)))
    if east > 180:
        return Box(south, north, ((west, 180.0), (-180.0, east - 360)))
    return Box(south, north, ((west, east),))
