"""Lays a picture over the one that it was made from, however it was resized, cropped or framed.

Where the copy lies is a box in shares of the original: (0, 0, 1, 1) is the whole of it, a smaller box what a crop has
left, a larger one says that the copy shows something around it. Turning and bending are not looked for.
"""

from dataclasses import dataclass

from PIL import Image, ImageChops, ImageFilter

from bot.domain.likeness import View

Box = tuple[float, float, float, float]
WHOLE: Box = (0.0, 0.0, 1.0, 1.0)

_SIDES = (96, 256, 640)  # pixels of the copy's long side, the coarse before the fine
_STEPS = {96: (0.02, 0.01, 0.005), 256: (0.004, 0.002), 640: (0.001, 0.0005)}  # of a side
_SURROUNDINGS = 3  # pixels; detail is what differs from them, and has no brightness
_MOST = 48  # of 255; what was painted over counts no more than any other stranger
_MOVES = ((1, 0, 1, 0), (0, 1, 0, 1), (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1), (-1, -1, 1, 1))


@dataclass(frozen=True)
class Fit:
    """Where the copy lies best, and how much of the detail that could differ does: 0 none, 1 as in strangers."""

    box: Box
    strangeness: float


def fitted(copy: Image.Image, original: Image.Image, guess: Box) -> Fit:
    """The best place near the guess (within about a twentieth); both pictures are grey (L)."""
    box = guess
    for side in _SIDES:
        if side > max(copy.size) and side != _SIDES[0]:
            break
        level = _Level(copy, original, box, side)
        box, cost = level.descend(box)
    return Fit(box, cost)


class _Level:
    """The details of both pictures at one fineness."""

    def __init__(self, copy: Image.Image, original: Image.Image, box: Box, side: int) -> None:
        scale = min(1.0, side / max(copy.size))
        self.copy = _detail(copy.resize(_scaled(copy.size, scale), Image.Resampling.BOX))
        shown = (self.copy.width / (box[2] - box[0]), self.copy.height / (box[3] - box[1]))
        size = max(8, round(shown[0])), max(8, round(shown[1]))
        self.original = _detail(original.resize(size, Image.Resampling.BOX if size[0] < original.width else None))
        self.steps = _STEPS[side]

    def descend(self, box: Box) -> tuple[Box, float]:
        """Move and stretch the box until nothing fits better."""
        best = self._strangeness(box)
        for step in self.steps:
            moved = True
            while moved:
                moved = False
                for move in _MOVES:
                    for by in (step, -step):
                        tried = tuple(edge + by * way for edge, way in zip(box, move, strict=True))
                        cost = self._strangeness(tried)  # type: ignore[arg-type]
                        if cost < best:
                            best, box, moved = cost, tried, True  # type: ignore[assignment]
        return box, best

    def _strangeness(self, box: Box) -> float:
        width, height = self.original.size
        extent = box[0] * width, box[1] * height, box[2] * width, box[3] * height
        laid = self.original.transform(self.copy.size, Image.Transform.EXTENT, extent, Image.Resampling.BILINEAR)
        inside = _inside(box, self.copy.size)
        if inside[2] - inside[0] < 8 or inside[3] - inside[1] < 8:
            return 1.0
        differing = _mean(ImageChops.difference(laid, self.copy).crop(inside))
        detail = _mean(_strength(laid.crop(inside))) + _mean(_strength(self.copy.crop(inside)))
        return differing / detail if detail else 1.0


def _scaled(size: tuple[int, int], scale: float) -> tuple[int, int]:
    return max(8, round(size[0] * scale)), max(8, round(size[1] * scale))


def _detail(grey: Image.Image) -> Image.Image:
    """What differs from its surroundings, around 128."""
    return ImageChops.subtract(grey, grey.filter(ImageFilter.BoxBlur(_SURROUNDINGS)), 1, 128)


def _strength(detail: Image.Image) -> Image.Image:
    return detail.point([abs(value - 128) for value in range(256)])


def _mean(image: Image.Image) -> float:
    return sum(min(value, _MOST) * count for value, count in enumerate(image.histogram())) / (
        image.width * image.height
    )


def _inside(box: Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The pixels of a copy of that size that show the original."""
    left, top, right, bottom = shown(box)
    width, height = size
    return round(left * width), round(top * height), round(right * width), round(bottom * height)


def shown(box: Box) -> Box:
    """The part of the copy that shows the original, in shares of the copy; all of it unless there is a frame."""
    wide, high = box[2] - box[0], box[3] - box[1]
    left, top = max(0.0, -box[0] / wide), max(0.0, -box[1] / high)
    return left, top, min(1.0, (1 - box[0]) / wide), min(1.0, (1 - box[1]) / high)


def kept(box: Box) -> Box:
    """The part of the original that the copy shows, in shares of the original."""
    return max(0.0, box[0]), max(0.0, box[1]), min(1.0, box[2]), min(1.0, box[3])


def seen_as(view: View) -> Box:
    """Where a copy lies that was found by its looks."""
    left, top, right, bottom = view.inside
    across = (1 - sum(view.across)) / (right - left)
    down = (1 - sum(view.down)) / (bottom - top)
    first, upper = view.across[0] - left * across, view.down[0] - top * down
    return first, upper, first + across, upper + down
