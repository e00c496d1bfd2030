"""Turns any photo that we accept into plain pixels: upright, sRGB, no transparency, no metadata, a bounded size."""

import io
import math
from functools import cache

from PIL import Image, ImageCms

from bot.media.pictures import load, open_picture, orientation_of

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def develop(data: bytes, most_pixels: int) -> Image.Image:
    """The photo as RGB pixels, never enlarged, reduced where it has more than `most_pixels`; else BrokenPicture."""
    photo = open_picture(data)
    orientation = orientation_of(photo)
    size = _bounded(photo.size, most_pixels)
    load(photo, at_least=size if size != photo.size else None)
    pixels = _to_srgb(photo)
    if pixels.size != size:
        pixels = pixels.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    if orientation in _UPRIGHT:
        pixels = pixels.transpose(_UPRIGHT[orientation])
    pixels.info.clear()
    return pixels


def jpeg(pixels: Image.Image, quality: int) -> bytes:
    """The pixels as a JPEG without any metadata; untagged is read as sRGB everywhere."""
    file = io.BytesIO()
    pixels.save(file, "JPEG", quality=quality)
    return file.getvalue()


def _bounded(size: tuple[int, int], most_pixels: int) -> tuple[int, int]:
    width, height = size
    if width * height <= most_pixels:
        return size
    scale = math.sqrt(most_pixels / (width * height))
    return max(1, int(width * scale)), max(1, int(height * scale))


def _to_srgb(photo: Image.Image) -> Image.Image:
    profile = photo.info.get("icc_profile")
    pixels: Image.Image = photo
    if pixels.mode.startswith(("I", "F")):  # 16-bit grey; Pillow would clip it to white
        pixels = pixels.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if pixels.has_transparency_data:
        pixels = _on_white(pixels)
    if pixels.mode not in ("RGB", "L", "CMYK"):
        pixels = pixels.convert("RGB")
    if isinstance(profile, bytes) and profile:
        pixels = _from_profile(pixels, profile)
    return pixels if pixels.mode == "RGB" else pixels.convert("RGB")  # to the same mode would be a copy


def _on_white(pixels: Image.Image) -> Image.Image:
    layer = pixels.convert("RGBA")
    paper = Image.new("RGB", layer.size, "white")
    paper.paste(layer, mask=layer.getchannel("A"))
    return paper


def _from_profile(pixels: Image.Image, profile: bytes) -> Image.Image:
    """Colours as the photo's own profile means them. A profile that is broken or of another mode is ignored."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if pixels.mode == "RGB" and "sRGB" in ImageCms.getProfileDescription(source):
            return pixels  # most photos; the conversion would cost as much as decoding
        return ImageCms.profileToProfile(pixels, source, _srgb(), outputMode="RGB") or pixels
    except (ImageCms.PyCMSError, OSError, ValueError):
        return pixels


@cache
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
