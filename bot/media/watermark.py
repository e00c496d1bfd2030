"""Puts the facts of a photo onto it: when it was received, where, by whom, for which customer and visit."""

from PIL import Image

from bot.media.band import Band, fitting_band, paint
from bot.media.develop import develop, jpeg
from bot.media.evidence import Mark

__all__ = ["Mark", "watermark"]

# The marked copy is for reading; the original is kept beside it, untouched. 12 megapixels is what most phones take.
_MOST_PIXELS = 12_000_000
_QUALITY = 88
_COVERED = 0.42  # the share of the height that a band may hide; a taller one goes below the photo instead
_LEAST_WIDTH = 200  # pixels; on anything narrower a telephone number does not fit a row
_LEAST_OF_HEIGHT = 0.25  # on anything narrower letters that fit a row are gone once Telegram has reduced its height
_AROUND = (15, 18, 22)


def watermark(data: bytes, mark: Mark) -> bytes:
    """A marked JPEG of the photo in `data`: upright, sRGB, at most 12 megapixels, no metadata; else BrokenPicture.

    The band lies over the bottom of the photo. Where it would hide too much of a small or very wide photo, or the
    photo is too narrow to write on, the canvas grows and nothing is hidden.
    """
    return encoded(marked(developed(data), mark))


def developed(data: bytes) -> Image.Image:
    """The photo as it goes below the band; else BrokenPicture."""
    return develop(data, _MOST_PIXELS)


def marked(photo: Image.Image, mark: Mark) -> Image.Image:
    """The photo, or a larger canvas with it, with the band."""
    width, height = max(photo.width, _LEAST_WIDTH, round(photo.height * _LEAST_OF_HEIGHT)), photo.height
    band = fitting_band(mark, width, height)
    if width > photo.width or band.height > height * _COVERED:
        photo = _grown(photo, band)
    under = (0, photo.height - band.height, band.width, photo.height)
    photo.paste(paint(band, photo.crop(under)), under)
    return photo


def encoded(copy: Image.Image) -> bytes:
    """The marked copy as it is kept."""
    return jpeg(copy, _QUALITY)


def _grown(photo: Image.Image, band: Band) -> Image.Image:
    canvas = Image.new("RGB", (band.width, photo.height + band.height), _AROUND)
    canvas.paste(photo, ((band.width - photo.width) // 2, 0))
    return canvas
