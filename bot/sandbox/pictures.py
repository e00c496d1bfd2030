"""Makes of a picture what Telegram makes of a photo: a few sizes, recompressed, without EXIF."""

import io
import warnings
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageDraw, ImageOps, UnidentifiedImageError

# The longest side of the sizes that Telegram keeps: thumbnail, medium, large, largest.
SIDES = (90, 320, 800, 1280)
QUALITY = 87
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
"""What a phone's gallery opens. Pillow reads rarer ones too, some of them slowly when they are broken."""
MAX_SIDE_SUM = 10_000
MAX_RATIO = 20
MAX_PIXELS = 60_000_000


class NotAPictureError(Exception):
    """The bytes cannot be opened as a picture."""


class WrongShapeError(Exception):
    """Too large or too narrow for a photo."""


@dataclass(frozen=True, slots=True)
class Rendition:
    """One size of a photo, as JPEG."""

    width: int
    height: int
    content: bytes


def renditions(source: BinaryIO) -> list[Rendition]:
    """The sizes of a photo, smallest first. Slow (decodes and encodes): to be run in a thread."""
    source.seek(0)
    try:
        with warnings.catch_warnings():
            # A truncated or odd file may be warned about; here it either opens or does not.
            warnings.simplefilter("ignore")
            with Image.open(source, formats=FORMATS) as opened:
                if opened.width * opened.height > MAX_PIXELS:
                    raise WrongShapeError
                picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotAPictureError from error
    width, height = picture.size
    if width + height > MAX_SIDE_SUM or max(width, height) > MAX_RATIO * min(width, height):
        raise WrongShapeError
    longest = max(width, height)
    sides = [side for side in SIDES if side < longest]
    if len(sides) < len(SIDES):
        sides.append(longest)
    return [_rendition(picture, side / longest) for side in sides]


def _rendition(picture: Image.Image, scale: float) -> Rendition:
    if scale < 1:
        size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY)
    return Rendition(picture.width, picture.height, out.getvalue())


def drawn_sticker() -> bytes:
    """A round face, 512×512 WEBP, for people who send a sticker."""
    picture = Image.new("RGBA", (512, 512))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((16, 16, 496, 496), fill="#ffcc4d")
    for x in (170, 342):
        draw.ellipse((x - 28, 160, x + 28, 230), fill="#664500")
    draw.arc((140, 200, 372, 400), 20, 160, fill="#664500", width=24)
    out = io.BytesIO()
    picture.save(out, "WEBP")
    return out.getvalue()
