"""What is known of a photo, what is to stand on it, and why it is of no use: the words of those who never open one.

Apart from what opens photos, whose libraries are for the workers alone: they take 10 MB and a fifth of a second.
"""

from dataclasses import dataclass
from typing import Literal

Reason = Literal["not_a_picture", "truncated", "too_many_pixels", "too_large", "unsupported"]
Format = Literal["JPEG", "PNG", "WEBP", "HEIF"]
SUFFIXES: dict[Format, str] = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "HEIF": "heic"}


class BrokenPicture(Exception):  # noqa: N818 - named as what it is, like every error here
    """The bytes cannot be used as a photo.

    `reason` is "not_a_picture" (no picture format at all), "unsupported" (a picture, but not JPEG, PNG, WebP or HEIC),
    "truncated" (begins well and then breaks off or turns to nonsense), "too_many_pixels" or "too_large" (bytes).
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


@dataclass(frozen=True)
class Picture:
    """Facts of a photo, as a person sees it: `width` and `height` in pixels after the orientation is applied.

    `orientation` is the EXIF value 1-8 (1: stored upright), which says nothing of portrait or landscape.
    """

    format: Format
    width: int
    height: int
    orientation: int

    @property
    def megapixels(self) -> float:
        return self.width * self.height / 1_000_000


@dataclass(frozen=True)
class Mark:
    """What the band says, ready to be read: a headline, then short facts in order of importance, without labels.

    `code` is what its QR code says; without one there is none.
    """

    headline: str
    lines: tuple[str, ...]
    code: str = ""


@dataclass(frozen=True)
class Developed:
    """Facts of the original, its marked copy (JPEG), and one that Telegram takes as a photo.

    `codes` are the QR codes that were on it when it came: one may be ours.
    """

    picture: Picture
    marked: bytes
    sendable: bytes
    codes: tuple[str, ...] = ()

    @property
    def suffix(self) -> str:
        """The file ending of the original."""
        return SUFFIXES[self.picture.format]
