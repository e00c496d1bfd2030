"""Makes a marked photo fit what Telegram takes as a photo."""

from PIL import Image

from bot.media.develop import develop, jpeg
from bot.media.pictures import open_picture

# Telegram refuses a photo beyond any of these (Bot API, sendPhoto).
_MOST_BYTES = 10_000_000
_MOST_WIDTH_AND_HEIGHT = 10_000
_MOST_RATIO = 20

_LONG_SIDE = 2_560  # the largest that Telegram shows; even noise stays under the limit of bytes
_AROUND = (15, 18, 22)


def for_sending(data: bytes) -> bytes:
    """`data` itself where Telegram takes it as a photo, else a smaller JPEG of it, padded if it is too long a strip."""
    width, height = open_picture(data).size
    if len(data) <= _MOST_BYTES and width + height <= _MOST_WIDTH_AND_HEIGHT and _ratio(width, height) <= _MOST_RATIO:
        return data
    photo = develop(data, _LONG_SIDE * _LONG_SIDE)
    photo.thumbnail((_LONG_SIDE, _LONG_SIDE))
    if _ratio(*photo.size) > _MOST_RATIO:
        photo = _padded(photo)
    return jpeg(photo, 85)


def _ratio(width: int, height: int) -> float:
    return max(width, height) / min(width, height)


def _padded(photo: Image.Image) -> Image.Image:
    least = -(-max(photo.size) // _MOST_RATIO)
    size = max(photo.width, least), max(photo.height, least)
    canvas = Image.new("RGB", size, _AROUND)
    canvas.paste(photo, ((size[0] - photo.width) // 2, (size[1] - photo.height) // 2))
    return canvas
