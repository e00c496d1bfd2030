"""The new photo beside the earlier one that it was taken for, for whoever is to judge: the new one on the left."""

from PIL import Image

from bot.domain.likeness import View
from bot.media.comparison import likeness
from bot.media.develop import develop, jpeg

COPY = 0.6  # the share of the detail that is the same, from which a photo is taken for a copy

_PIXELS = 2_000_000  # of each; a phone's screen has as many
_HEIGHT = 960
_WIDEST = 2  # times the height; a panorama is made smaller
_GAP = 16
_AROUND = (15, 18, 22)
_QUALITY = 82


def pair_if_same(new: bytes, earlier: bytes, view: View | None) -> bytes | None:
    """Both side by side as a JPEG, if one is a copy of the other under a view; no view: it is known to be.

    Raises BrokenPicture.
    """
    photos = develop(new, _PIXELS), develop(earlier, _PIXELS)
    if view is not None and likeness(photos[0].convert("L"), photos[1].convert("L"), view) < COPY:
        return None
    left, right = map(_as_high, photos)
    canvas = Image.new("RGB", (left.width + _GAP + right.width, _HEIGHT), _AROUND)
    canvas.paste(left, (0, (_HEIGHT - left.height) // 2))
    canvas.paste(right, (left.width + _GAP, (_HEIGHT - right.height) // 2))
    return jpeg(canvas, _QUALITY)


def _as_high(photo: Image.Image) -> Image.Image:
    scale = min(_HEIGHT / photo.height, _WIDEST * _HEIGHT / photo.width)
    return photo.resize((max(1, round(photo.width * scale)), max(1, round(photo.height * scale))))
