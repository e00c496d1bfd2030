"""One call for a worker process: from the bytes that arrived to the copies that are kept and sent back."""

from bot.media.evidence import Developed, Mark


def develop_photo(data: bytes, mark: Mark) -> Developed:
    """Inspect, look for codes, mark, and make sendable; raises BrokenPicture."""
    # here, for whoever only names this function has no use for what opens pictures
    from bot.media import qr
    from bot.media.pictures import inspect
    from bot.media.previews import for_sending
    from bot.media.watermark import developed, encoded, marked

    picture = inspect(data)
    photo = developed(data)
    codes = tuple(code.text for code in qr.find(photo))
    copy = encoded(marked(photo, mark))
    return Developed(picture, copy, for_sending(copy), codes)
