"""Draws where a visit was, without tiles: north is up, the grid's squares are as wide as the scale bar.

A circle around a mark is the phone's own accuracy: it says that it is somewhere within.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise
from typing import Any

import resvg_py
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.domain.geography import Point, distance, offset
from bot.media.fonts import FACES
from bot.media.legible import legible
from bot.media.lettering import Pen
from bot.media.maps import NothingToDraw, Spot, VisitMap

WIDTH = SIDE = 800  # pixels: a phone shows them at 12 to the millimetre, letters of 27 like its own
_TOP = 106
_LEGEND_ROW = 46
_TITLE, _TEXT = 33, 27
_ARRIVED, _LEFT = "#d35400", "#7d3c98"
_MOST_DOTS = 400  # of one track; more fall on the same pixels
_BADGE = 40  # pixels across, of the sign of a check-in or check-out
_MARGIN = 1.12  # of what is to be seen


def drawn(seen: VisitMap) -> bytes:
    """A PNG of 800 pixels in width. Raises `NothingToDraw`."""
    legend = list(_legend(seen))
    height = _TOP + SIDE + 30 + _LEGEND_ROW * math.ceil(len(legend) / 2)
    svg = _template().render(
        width=WIDTH,
        height=height,
        top=_TOP,
        side=SIDE,
        title=_fitting(seen.title, _TITLE, WIDTH - 52),
        subtitle=_fitting(seen.subtitle, _TEXT, WIDTH - 52),
        words=seen.words,
        legend=legend,
        **_ground(seen),
    )
    return bytes(
        resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=[str(face) for face in FACES])
    )


@cache
def _template() -> Any:
    charts = Environment(loader=PackageLoader("templates", "charts"), autoescape=True, undefined=StrictUndefined)
    return charts.get_template("visit_map.svg")


@dataclass(frozen=True)
class _View:
    """Metres east and north of `origin` as pixels; `reach` metres are to be seen on every side of the middle."""

    origin: Point
    middle: tuple[float, float]
    reach: float

    @property
    def scale(self) -> float:
        """Pixels a metre."""
        return SIDE / 2 / self.reach

    def at(self, point: Point) -> tuple[float, float]:
        east, north = offset(self.origin, point)
        x = WIDTH / 2 + (east - self.middle[0]) * self.scale
        y = _TOP + SIDE / 2 - (north - self.middle[1]) * self.scale
        return round(x, 1), round(y, 1)

    def spot(self, spot: Spot) -> dict[str, float]:
        x, y = self.at(spot.point)
        return {"x": x, "y": y, "r": round((spot.accuracy or 0.0) * self.scale, 1)}


def _view(seen: VisitMap) -> _View:
    """All points, the whole fence, and the circles around check-in and check-out as far as the fence is wide."""
    spots = [spot for spot in (seen.check_in, seen.check_out) if spot is not None]
    points = [*(spot.point for spot in chain(spots, *seen.track)), *([seen.customer] if seen.customer else [])]
    if not points:
        raise NothingToDraw
    origin = seen.customer or points[0]
    around = [(offset(origin, point), 0.0) for point in points]
    around += [((0.0, 0.0), seen.radius)] if seen.customer else []
    around += [(offset(origin, spot.point), min(spot.accuracy or 0.0, max(seen.radius, 200.0))) for spot in spots]
    east = [(at[0] - reach, at[0] + reach) for at, reach in around]
    north = [(at[1] - reach, at[1] + reach) for at, reach in around]
    west_edge, east_edge = min(low for low, _ in east), max(high for _, high in east)
    south_edge, north_edge = min(low for low, _ in north), max(high for _, high in north)
    reach = max(east_edge - west_edge, north_edge - south_edge, 60.0) / 2 * _MARGIN
    return _View(origin, ((west_edge + east_edge) / 2, (south_edge + north_edge) / 2), reach)


def _ground(seen: VisitMap) -> dict[str, Any]:
    view = _view(seen)
    step = _round_length(view.reach / 2)
    track = [_thinned(piece) for piece in seen.track if piece]
    ends = [(left[-1], right[0]) for left, right in pairwise(track)]
    fence = {**view.spot(Spot(seen.customer, seen.radius))} if seen.customer else None
    return {
        "fence": fence,
        "halos": [view.spot(spot) for piece in track for spot in piece if spot.accuracy],
        "haze": round(max(0.012, min(0.12, 1.2 / max(1, sum(map(len, track))))), 3),
        "pieces": [" ".join("{},{}".format(*view.at(spot.point)) for spot in piece) for piece in track],
        "gaps": [_line(view, one.point, other.point) for one, other in ends],
        "dots": [view.spot(spot) for piece in track for spot in piece],
        "marks": _badges(view, seen),
        "line": _distance_line(view, seen),
        "scale": {"length": round(step * view.scale, 1), "label": said_length(step)},
        "columns": _grid(WIDTH / 2 - view.middle[0] * view.scale, step * view.scale, 0, WIDTH),
        "rows": _grid(_TOP + SIDE / 2 + view.middle[1] * view.scale, step * view.scale, _TOP, SIDE),
    }


def _badges(view: _View, seen: VisitMap) -> list[dict[str, Any]]:
    """The signs stand at their places; of two at one place the check-out's is `aside`, or nobody would see it."""
    marks: list[dict[str, Any]] = [{**mark, **view.spot(spot), "aside": 0.0} for mark, spot in _marks(seen)]
    if len(marks) > 1 and math.hypot(marks[0]["x"] - marks[1]["x"], marks[0]["y"] - marks[1]["y"]) < _BADGE:
        marks[0]["aside"] = round(marks[1]["x"] + _BADGE - marks[0]["x"], 1)
    return marks


def _marks(seen: VisitMap) -> Iterator[tuple[dict[str, str], Spot]]:
    """Check-out first, so that check-in lies above it."""
    if seen.check_out is not None:
        yield {"colour": _LEFT, "sign": "2"}, seen.check_out
    if seen.check_in is not None:
        yield {"colour": _ARRIVED, "sign": "1"}, seen.check_in


def _distance_line(view: _View, seen: VisitMap) -> dict[str, Any] | None:
    """From the customer to a check-in outside the fence, with its length."""
    if seen.customer is None or seen.check_in is None:
        return None
    away = distance(seen.customer, seen.check_in.point)
    if away <= seen.radius:
        return None
    one, other = view.at(seen.customer), view.at(seen.check_in.point)
    middle = {"x": round((one[0] + other[0]) / 2, 1), "y": round((one[1] + other[1]) / 2, 1)}
    label = said_length(away)
    room = round(Pen(_TEXT).width(label)) + 24
    return {"path": _line(view, seen.customer, seen.check_in.point), "label": label, "room": room, **middle}


def _line(view: _View, one: Point, other: Point) -> str:
    return "M{} {}L{} {}".format(*view.at(one), *view.at(other))


def _grid(through: float, step: float, low: float, length: float) -> list[float]:
    first = low + (through - low) % step
    return [round(first + number * step, 1) for number in range(int((low + length - first) / step) + 1)]


def _round_length(metres: float) -> float:
    """The largest 1, 2 or 5 times a power of ten that is not longer."""
    power = 10.0 ** math.floor(math.log10(metres))
    return max(factor * power for factor in (1, 2, 5) if factor * power <= metres * (1 + 1e-9))


def said_length(metres: float) -> str:
    """`240 m`, `1.3 km`, `12 km`: alike in both languages."""
    whole = math.ceil(metres - 1e-9)
    if whole < 1000:
        return f"{whole} m"
    kilometres = metres / 1000
    return f"{kilometres:.1f} km".replace(".0 km", " km") if kilometres < 10 else f"{kilometres:,.0f} km"


def _thinned(piece: Sequence[Spot]) -> Sequence[Spot]:
    every = math.ceil(len(piece) / _MOST_DOTS)
    return [*piece[:-1:every], piece[-1]] if every > 1 else piece


def _legend(seen: VisitMap) -> Iterator[dict[str, Any]]:
    kinds: Iterable[tuple[bool, dict[str, str]]] = (
        (seen.customer is not None, {"kind": "fence"}),
        (seen.check_in is not None, {"kind": "check_in", "colour": _ARRIVED, "sign": "1"}),
        (any(seen.track), {"kind": "track"}),
        (seen.check_out is not None, {"kind": "check_out", "colour": _LEFT, "sign": "2"}),
        (sum(1 for piece in seen.track if piece) > 1, {"kind": "gap"}),
    )
    shown = [entry for there, entry in kinds if there]
    for number, entry in enumerate(shown):
        x, y = 26 + (number % 2) * (WIDTH // 2), _TOP + SIDE + 46 + (number // 2) * _LEGEND_ROW
        yield {**entry, "x": x, "y": y, "label": _fitting(seen.words[entry["kind"]], _TEXT, WIDTH / 2 - 96)}


def _fitting(text: str, size: int, room: float) -> str:
    """One line of it that our fonts can show."""
    return next(iter(Pen(size).rows(legible(text), room, most=1)), "")
