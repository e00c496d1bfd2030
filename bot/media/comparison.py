"""Looks closely at two photos of which one may be a copy of the other: laid over each other, is the detail the same?

Fingerprints find what may be a copy among a million photos; this tells it from the same shelf, photographed again.
"""

import math
from collections.abc import Iterator
from itertools import product
from operator import mul

from PIL import Image, ImageFilter

from bot.domain.likeness import View

_SLACK = 0.03  # of a side: how far the edges of a copy may lie from where the view says
_COARSE, _FINE = 32, 64  # pixels of the squares that are laid over each other
_STEPS = {_COARSE: (0.03, 0.015), _FINE: (0.008, 0.004)}  # of a side
_SURROUNDINGS = 3  # pixels; detail is what differs from them
_BLOCK = 16  # pixels
_SAME = 0.8  # correlation of a block's detail from which it is the same: another JPEG keeps 0.9, another day does not
_LEAST_DETAIL = 4.0  # of 255, mean square root in a block; less says nothing

_Box = tuple[float, float, float, float]
_MOVES = ((1, 0, 1, 0), (0, 1, 0, 1), (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1))


def likeness(new: Image.Image, earlier: Image.Image, view: View) -> float:
    """The share (0 to 1) of the detail of `new` that is in `earlier` too, at the same place; both are grey (L)."""
    inside = _shrunk(view.inside)
    if view.mirrored:
        new = new.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        inside = (1 - inside[2], inside[1], 1 - inside[0], inside[3])
    box = _shrunk((view.across[0], view.down[0], 1 - view.across[1], 1 - view.down[1]))
    for side in (_COARSE, _FINE):
        box = _fitted(_detail(new, inside, side), earlier, box, side)
    return _same_share(_detail(new, inside, _FINE), _detail(earlier, box, _FINE))


def _shrunk(box: _Box) -> _Box:
    left, top, right, bottom = box
    across, down = (right - left) * _SLACK, (bottom - top) * _SLACK
    return left + across, top + down, right - across, bottom - down


def _detail(photo: Image.Image, box: _Box, side: int) -> list[int]:
    """What of a part of the photo differs from its surroundings, in a square of pixels, row by row."""
    width, height = photo.size
    pixels = (box[0] * width, box[1] * height, box[2] * width, box[3] * height)
    square = photo.resize((side, side), Image.Resampling.BILINEAR, box=pixels)
    blurred = square.filter(ImageFilter.BoxBlur(_SURROUNDINGS))
    return [one - other for one, other in zip(square.tobytes(), blurred.tobytes(), strict=True)]


def _fitted(copy: list[int], original: Image.Image, box: _Box, side: int) -> _Box:
    """The box of the original, its edges moved until nothing fits better."""
    best = _correlation(copy, _detail(original, box, side))
    for step in _STEPS[side]:
        moved = True
        while moved:
            moved = False
            for tried in _moved(box, step):
                fit = _correlation(copy, _detail(original, tried, side))
                if fit > best:
                    best, box, moved = fit, tried, True
    return box


def _moved(box: _Box, step: float) -> Iterator[_Box]:
    """The box moved as a whole, and with one edge moved, while it stays on the photo."""
    for left, top, right, bottom in _MOVES:
        for far in (-step, step):
            tried = (box[0] + left * far, box[1] + top * far, box[2] + right * far, box[3] + bottom * far)
            if min(tried) >= 0 and max(tried) <= 1:
                yield tried


def _correlation(one: list[int], other: list[int]) -> float:
    """Of two rows of numbers whose means are near zero: 1 alike, 0 strangers."""
    power = math.sqrt(sum(map(mul, one, one)) * sum(map(mul, other, other)))
    return sum(map(mul, one, other)) / power if power else 0.0


def _same_share(one: list[int], other: list[int]) -> float:
    """By blocks, so that what is written or painted over a part of a copy costs no more than that part."""
    told = same = 0.0
    for block in _blocks():
        mine = [one[at] for at in block]
        detail: float = (sum(map(mul, mine, mine)) / len(mine)) ** 0.5
        if detail >= _LEAST_DETAIL:
            told += detail
            same += detail * (_correlation(mine, [other[at] for at in block]) >= _SAME)
    return same / told if told else 0.0


def _blocks() -> Iterator[list[int]]:
    """Which pixels of the fine square are of one block."""
    for top, left in product(range(0, _FINE, _BLOCK), repeat=2):
        yield [row * _FINE + left + at for row in range(top, top + _BLOCK) for at in range(_BLOCK)]
