"""What worker processes do with a photo: the copies that are kept and sent back, and what became of one of these.

What opens pictures is imported inside, for whoever only names these functions has no use for it.
"""

from bot.domain.likeness import View
from bot.media.alteration import Altered
from bot.media.evidence import Developed, Mark

_TO_READ = 4_000_000  # pixels


def develop_photo(data: bytes, mark: Mark) -> Developed:
    """Inspect, look for codes, mark, and make sendable; raises BrokenPicture."""
    from bot.media import qr
    from bot.media.pictures import inspect
    from bot.media.previews import for_sending
    from bot.media.watermark import developed, encoded, marked

    picture = inspect(data)
    photo = developed(data)
    codes = tuple(code.text for code in qr.find(photo))
    copy = encoded(marked(photo, mark))
    return Developed(picture, copy, for_sending(copy), codes)


def codes_on(data: bytes) -> tuple[str, ...]:
    """The texts of the QR codes on a picture; raises BrokenPicture."""
    from bot.media import qr
    from bot.media.develop import develop

    return tuple(code.text for code in qr.find(develop(data, _TO_READ)))


def compare(sent: bytes, ours: bytes, view: View | None = None) -> Altered:
    """What was done to our marked copy before it was sent; `view` of one known by its looks; raises BrokenPicture."""
    from bot.media.differences import altered
    from bot.media.overlay import WHOLE, seen_as

    return altered(sent, ours, WHOLE if view is None else seen_as(view))
