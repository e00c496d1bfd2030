"""One call for a worker process: from the bytes that arrived to the copies that are kept and sent back."""

from bot.media.evidence import Developed, Mark


def develop_photo(data: bytes, mark: Mark) -> Developed:
    """Inspect, mark, and make sendable; raises BrokenPicture."""
    # here, for whoever only names this function has no use for what opens pictures
    from bot.media.pictures import inspect
    from bot.media.previews import for_sending
    from bot.media.watermark import watermark

    picture = inspect(data)
    marked = watermark(data, mark)
    return Developed(picture, marked, for_sending(marked))
