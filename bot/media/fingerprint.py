"""What a photo looks like, in a few numbers that survive a smaller copy, another JPEG, a crop, a screenshot, a mirror.

A photo is stored under the signs of the 60 lowest frequencies (DCT) of two of its parts. Another one is looked up by
every part of it that could be such a part, were it a copy: with up to a tenth of the height and the width cut off,
whatever frame is around it, mirrored or not. Cutting is thus paid for by the search, and not by the store.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import product
from operator import mul

from PIL import Image, ImageFilter

from bot.domain.likeness import BAND, BANDS, BITS, Fingerprint, Look, Part, View
from bot.media.develop import develop
from bot.media.frames import framed

_PIXELS = 250_000  # enough of a photo to find the frame of a screenshot in it
_SIDE = 96  # pixels of the square that parts are taken from
_GRID = 16  # pixels of the square whose frequencies count
_LEAST_DETAIL = 3.0  # of 255, between a pixel and its surroundings: a wall, the dark, fog have less
_SURROUNDINGS = 6  # pixels of the square
_WEAKEST = 3  # signs a band that may have turned: the search tries both

# left, top, right, bottom, in shares of the photo. The centre is still there when an edge is cut off, the upper part
# when something is written over the lower edge.
_BOXES = {Part.CENTRE: (0.1, 0.1, 0.9, 0.9), Part.UPPER: (0.08, 0.0, 0.92, 0.70)}
_CUTS = ((0.0, 0.0), (0.0, 0.05), (0.05, 0.0), (0.05, 0.05), (0.0, 0.1), (0.1, 0.0))  # off one side, off the other
_CUTS_MIRRORED = ((0.0, 0.0), (0.05, 0.05))  # both alike: that somebody mirrors and cuts is rare, and costs as much

_BY_FREQUENCY = sorted(product(range(9), repeat=2), key=lambda at: (at[0] ** 2 + at[1] ** 2, at))[1 : BITS + 1]
_LOWEST = [at for band in range(BANDS) for at in _BY_FREQUENCY[band::BANDS]]  # low and high ones in every band


def fingerprint(data: bytes) -> Fingerprint | None:
    """Of the photo in `data`; None where it shows too little to be told from others; else BrokenPicture."""
    photo = develop(data, _PIXELS).convert("L")
    if not (whole := _square(photo)):
        return None
    looks = list(_looks_of(whole, View()))
    frame = framed(photo)
    if frame is not None and (inner := _square(photo.crop(frame))):
        left, top, right, bottom = frame
        inside = (left / photo.width, top / photo.height, right / photo.width, bottom / photo.height)
        looks += _looks_of(inner, View(inside=inside))
    return Fingerprint({look.part: look.signs for look in looks if look.view == View()}, tuple(looks))


def _square(photo: Image.Image) -> Image.Image | None:
    """The photo pressed into a square, unless there is nothing to be seen on it."""
    square = photo.resize((_SIDE, _SIDE), Image.Resampling.BOX)
    blurred = square.filter(ImageFilter.BoxBlur(_SURROUNDINGS))
    detail = sum(abs(one - other) for one, other in zip(square.tobytes(), blurred.tobytes(), strict=True))
    return square if detail >= _LEAST_DETAIL * _SIDE * _SIDE else None


def _looks_of(square: Image.Image, view: View) -> Iterator[Look]:
    """All that the square would be stored under, were it a copy of something larger."""
    upper = _frequencies(square, _BOXES[Part.UPPER])
    yield _look(Part.UPPER, view, upper)
    yield _look(Part.UPPER, replace(view, mirrored=True), _mirrored(upper))
    for across, down in product(_CUTS, _CUTS):
        centre = _frequencies(square, _where(_BOXES[Part.CENTRE], across, down))
        cut = replace(view, across=across, down=down)
        yield _look(Part.CENTRE, cut, centre)
        if across in _CUTS_MIRRORED and down in _CUTS_MIRRORED:
            yield _look(Part.CENTRE, replace(cut, mirrored=True), _mirrored(centre))


def _mirrored(frequencies: list[float]) -> list[float]:
    """Of the same picture seen in a mirror: every second wave across is upside down."""
    return [-value if across % 2 else value for value, (_, across) in zip(frequencies, _LOWEST, strict=True)]


def _where(
    box: tuple[float, float, float, float], across: tuple[float, float], down: tuple[float, float]
) -> tuple[float, float, float, float]:
    """Where a part of the whole photo is found in a copy that lost these shares of it."""
    left, top, right, bottom = box
    width, height = 1 - sum(across), 1 - sum(down)
    return (
        (left - across[0]) / width,
        (top - down[0]) / height,
        (right - across[0]) / width,
        (bottom - down[0]) / height,
    )


def _frequencies(square: Image.Image, box: tuple[float, float, float, float]) -> list[float]:
    """The lowest frequencies of a part of the square, without its brightness."""
    left, top, right, bottom = (share * _SIDE for share in box)
    part = square.resize((_GRID, _GRID), Image.Resampling.BILINEAR, box=(left, top, right, bottom)).tobytes()
    waves = _waves()
    rows = [part[start : start + _GRID] for start in range(0, len(part), _GRID)]
    across = [[sum(map(mul, wave, row)) for row in rows] for wave in waves]
    return [sum(map(mul, waves[down], across[right])) for down, right in _LOWEST]


@cache
def _waves() -> list[list[float]]:
    return [[math.cos(math.pi * (2 * at + 1) * wave / (2 * _GRID)) for at in range(_GRID)] for wave in range(9)]


def _look(part: Part, view: View, values: Sequence[float]) -> Look:
    signs = sum(1 << at for at, value in enumerate(values) if value > 0)
    bands = (range(start, start + BAND) for start in range(0, BITS, BAND))
    weak = tuple(tuple(sorted(band, key=lambda at: abs(values[at]))[:_WEAKEST]) for band in bands)
    return Look(part, signs, weak, view)
