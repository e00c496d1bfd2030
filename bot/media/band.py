"""The dark band with the facts of a photo and its QR code: what stands on it, how large it is, how it is painted."""

from dataclasses import dataclass
from functools import cache

from PIL import Image

from bot.media import qr
from bot.media.evidence import Mark
from bot.media.legible import legible
from bot.media.lettering import Colour, Pen

_PANEL: Colour = (15, 18, 22)
_ACCENT: Colour = (255, 184, 28)
_BRIGHT: Colour = (255, 255, 255)
_SOFT: Colour = (226, 231, 236)
_FAINT: Colour = (150, 158, 166)
_OPACITY = 0.72  # white on it keeps a contrast of 7.9 : 1 over pure white snow
_BETWEEN = " · "

_LEAST_SIZE = 11  # pixels; below it Chinese strokes run together
_OF_SHORT_SIDE = 0.030
_OF_LONG_SIDE = 0.0117  # 15 pixels once Telegram has reduced the long side to 1,280
_OF_WIDTH = 0.05  # at most; a telephone number or a pair of coordinates must fit a row
_HEADLINE = 1.22  # times the size of the lines
_MOST_ROWS = 2  # that one line may take before it ends in "…"
_BESIDE = 13  # letters' heights of room for the text that a code must leave beside itself: a telephone number


@dataclass(frozen=True)
class Row:
    """Facts that stand side by side; several have a dot between them."""

    facts: tuple[str, ...]
    pen: Pen
    colour: Colour


@dataclass(frozen=True)
class Band:
    """Rows set for one width, in pixels. Text ends `margin` before the right edge, or before the `code`.

    The code (none for a mark without one) stands at the right, or where that leaves too little room, below the text.
    """

    width: int
    rows: tuple[Row, ...]
    size: int
    code: Image.Image | None = None
    is_beside: bool = True

    @property
    def margin(self) -> int:
        return round(self.size * 0.9)

    @property
    def padding(self) -> int:
        """Above and below, in pixels."""
        return round(self.size * 0.6)

    @property
    def height(self) -> int:
        high = self.code.height if self.code is not None else 0
        inside = max(self.text_height, high) if self.is_beside else self.text_height + self.padding + high
        return inside + 2 * self.padding

    @property
    def text_height(self) -> int:
        return sum(row.pen.pitch for row in self.rows)


def fitting_band(mark: Mark, width: int, height: int) -> Band:
    """The band for a photo of this size: as large as reads well, smaller where it would cover over a third of it."""
    wanted = max(min(width, height) * _OF_SHORT_SIDE, max(width, height) * _OF_LONG_SIDE)
    wanted = min(wanted, width * _OF_WIDTH)
    code = qr.square(mark.code, max(width, height)) if mark.code else None
    for shrink in (1.0, 0.87, 0.75):
        size = max(_LEAST_SIZE, round(wanted * shrink))
        band = lay_out(mark, width, size, code)
        if band.height <= height / 3 or size == _LEAST_SIZE:
            break
    return band


def lay_out(mark: Mark, width: int, size: int, code: Image.Image | None = None) -> Band:
    """The mark in rows, side by side while they fit, in letters of `size` pixels."""
    room = width - text_left(size) - round(size * 0.9)
    taken = code.width + round(size * 0.9) if code is not None else 0
    is_beside = room - taken >= _BESIDE * size
    if is_beside:
        room -= taken
    headline, pen = Pen(round(size * _HEADLINE)), Pen(size)
    rows = [Row((part,), headline, _BRIGHT) for part in headline.rows(legible(mark.headline), room, _MOST_ROWS)]
    rows += [Row(facts, pen, _SOFT) for facts in _side_by_side(mark.lines, pen, room)]
    return Band(width, tuple(rows), size, code, is_beside)


def text_left(size: int) -> int:
    """Where text begins, right of the accent bar, in pixels."""
    return round(size * 1.75)


def paint(band: Band, ground: Image.Image) -> Image.Image:
    """The band on `ground`, the part of the photo (RGB, of the band's size) that lies under it."""
    panel = ground.point(_darkening())
    edge = round(band.size * 0.75)
    bar = max(2, round(band.size * 0.16))
    panel.paste(_ACCENT, (band.margin, edge, band.margin + bar, band.height - edge))
    top = band.padding
    if band.is_beside:
        top += max(0, (band.height - 2 * band.padding - band.text_height) // 2)
    for row in band.rows:
        _write_row(panel, row, text_left(band.size), top + round(row.pen.size * 1.06))
        top += row.pen.pitch
    if band.code is not None:
        panel.paste(band.code, _place_of(band.code, band))
    return panel


def _place_of(code: Image.Image, band: Band) -> tuple[int, int]:
    if band.is_beside:
        return band.width - band.margin - code.width, (band.height - code.height) // 2
    return text_left(band.size), band.height - band.padding - code.height


@cache
def _darkening() -> list[int]:
    """For each value of red, then green, then blue, what it becomes under the panel."""
    return [round(value * (1 - _OPACITY) + shade * _OPACITY) for shade in _PANEL for value in range(256)]


def _write_row(panel: Image.Image, row: Row, left: float, baseline: int) -> None:
    for at, fact in enumerate(row.facts):
        if at:
            left = row.pen.write(panel, left, baseline, _BETWEEN, _FAINT)
        left = row.pen.write(panel, left, baseline, fact, row.colour)


def _side_by_side(lines: tuple[str, ...], pen: Pen, room: float) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    used, gap = room, pen.width(_BETWEEN)
    for fact in filter(None, map(legible, lines)):
        width = pen.width(fact)
        if used + gap + width <= room:
            rows[-1] += (fact,)
            used += gap + width
        else:
            rows += [(part,) for part in pen.rows(fact, room, _MOST_ROWS)]
            used = width if width <= room else room
    return rows
