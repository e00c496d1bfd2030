"""One call for a worker process: from the bytes that arrived to the copies that are kept and sent back."""

from dataclasses import dataclass

from bot.media.band import Mark
from bot.media.pictures import Picture, inspect
from bot.media.previews import for_sending
from bot.media.watermark import watermark

SUFFIXES = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "HEIF": "heic"}


@dataclass(frozen=True)
class Developed:
    """Facts of the original, its marked copy (JPEG), and one that Telegram takes as a photo."""

    picture: Picture
    marked: bytes
    sendable: bytes

    @property
    def suffix(self) -> str:
        """The file ending of the original."""
        return SUFFIXES[self.picture.format]


def develop_photo(data: bytes, mark: Mark) -> Developed:
    """Inspect, mark, and make sendable; raises BrokenPicture."""
    picture = inspect(data)
    marked = watermark(data, mark)
    return Developed(picture, marked, for_sending(marked))
