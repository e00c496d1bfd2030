"""Opens what people send as a photo: either its facts and its pixels, or one reason why it cannot be used."""

import io
import struct
import warnings
from functools import cache
from typing import cast

import pillow_heif
from PIL import ExifTags, Image, ImageFile, UnidentifiedImageError

from bot.media.evidence import BrokenPicture, Format, Picture, Reason

MAX_BYTES = 20 * 1024 * 1024  # what Telegram lets a bot download
MAX_PIXELS = 64_000_000  # the usual phone at its largest setting; 4 bytes a pixel once it is open
_FORMATS: tuple[Format, ...] = ("JPEG", "PNG", "WEBP", "HEIF")

# What Pillow and its decoders raise on hostile bytes, over and above the OSError that they promise.
_DECODER_FAULTS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    RuntimeError,
    struct.error,
)

# First bytes of what people send instead: a picture, but of a kind that we do not open.
_OTHER_PICTURES = (
    b"GIF8",
    b"BM",
    b"II*\0",
    b"MM\0*",
    b"8BPS",
    b"DDS ",
    b"\0\0\0\x0cjP  ",
    b"\xff\x4f\xff\x51",
    b"%PDF",
)
_OTHER_BRANDS = (b"avif", b"avis", b"crx ")


def inspect(data: bytes) -> Picture:
    """Facts of the photo in `data`, once its pixels have been proved readable to the end; else BrokenPicture."""
    image = open_picture(data)
    orientation = orientation_of(image)
    width, height = image.size
    if orientation >= 5:
        width, height = height, width
    load(image, at_least=(1, 1))
    return Picture(cast(Format, image.format), width, height, orientation)


def open_picture(data: bytes) -> ImageFile.ImageFile:
    """The photo with its header read and its limits checked, pixels not yet decoded; else BrokenPicture."""
    if len(data) > MAX_BYTES:
        raise BrokenPicture("too_large")
    _know_heif()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of every oddity in the metadata; the caller cannot act on any
        try:
            image = Image.open(io.BytesIO(data), formats=_FORMATS)
        except Image.DecompressionBombError:
            raise BrokenPicture("too_many_pixels") from None
        except UnidentifiedImageError:
            raise BrokenPicture(_why_unknown(data)) from None
        except _DECODER_FAULTS:
            raise BrokenPicture("truncated") from None
    if image.width * image.height > MAX_PIXELS:
        raise BrokenPicture("too_many_pixels")
    if image.format == "MPO":  # a JPEG with more pictures behind it, as phones with two lenses make
        image.format = "JPEG"
    return image


def load(image: ImageFile.ImageFile, *, at_least: tuple[int, int] | None = None) -> None:
    """Decode the pixels; where the format can, only as finely as the size `at_least` asks. BrokenPicture if damaged."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            if at_least:
                image.draft(None, at_least)
            image.load()
        except _DECODER_FAULTS:
            raise BrokenPicture("truncated") from None


def orientation_of(image: Image.Image) -> int:
    """The EXIF orientation, 1-8; 1 where it is absent or nonsense."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            value = image.getexif().get(ExifTags.Base.Orientation, 1)
        except _DECODER_FAULTS:
            return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


@cache
def _know_heif() -> None:
    pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)


def _why_unknown(data: bytes) -> Reason:
    """Pillow cannot identify a foreign format or a broken header alike; the first bytes tell them apart."""
    if data.startswith(_OTHER_PICTURES) or (data[4:8] == b"ftyp" and data[8:12] in _OTHER_BRANDS):
        return "unsupported"
    ours = data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")
    heif = data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"heim", b"heis", b"hevc")
    return "truncated" if ours or heif else "not_a_picture"
