"""Draws a text as a QR code that survives Telegram's reduction, and finds QR codes with the place where they are."""

from dataclasses import dataclass

import zxingcpp
from PIL import Image

_QUIET = 4  # modules of white around it, as the standard asks
_AT_TELEGRAMS = 2.6  # pixels of a module once the long side is reduced to 1,280; 2 are read, and a phone may take 800
_TELEGRAMS = 1280
_LEAST = 2  # pixels of a module, however small the photo
_LOOKED_AT = 1920  # pixels of the long side; finer the codes of ours are no better to read
_QR_CODES = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)

Corner = tuple[float, float]


@dataclass(frozen=True)
class Found:
    """A code, and its corners in pixels as the code itself stands: top left, top right, bottom right, bottom left."""

    text: str
    corners: tuple[Corner, ...]

    @property
    def is_upright(self) -> bool:
        """Whether its top is above, within a few degrees."""
        (left, top), (right, along) = self.corners[:2]
        return right - left > 8 * abs(along - top)

    def span(self, axis: int) -> tuple[float, float]:
        """From where to where it reaches, in pixels: across (0) or down (1)."""
        first = (0, 3) if axis == 0 else (0, 1)
        last = (1, 2) if axis == 0 else (3, 2)
        return tuple(sum(self.corners[at][axis] for at in pair) / 2 for pair in (first, last))  # type: ignore[return-value]


def square(text: str, long_side: int) -> Image.Image:
    """The code ("L") with its margin, for a photo whose long side has so many pixels."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    modules = Image.fromarray(code.to_image(scale=1, add_quiet_zones=False))
    framed = Image.new("L", (modules.width + 2 * _QUIET, modules.height + 2 * _QUIET), 255)
    framed.paste(modules, (_QUIET, _QUIET))
    pixels = max(_LEAST, round(_AT_TELEGRAMS * long_side / _TELEGRAMS))
    return framed.resize((framed.width * pixels, framed.height * pixels), Image.Resampling.NEAREST)


def find(image: Image.Image) -> list[Found]:
    """The QR codes of a picture, the lowest first: ours stand at its foot."""
    grey = image.convert("L")
    grey.thumbnail((_LOOKED_AT, _LOOKED_AT), Image.Resampling.BILINEAR, reducing_gap=2.0)
    scale = image.width / grey.width
    found = []
    for code in zxingcpp.read_barcodes(grey, _QR_CODES, try_invert=False):
        at = code.position
        four = at.top_left, at.top_right, at.bottom_right, at.bottom_left
        found.append(Found(code.text, tuple((point.x * scale, point.y * scale) for point in four)))
    return sorted(found, key=lambda code: -code.corners[2][1])
