"""Calls for a worker process: what a photo looks like, and whether it is a copy of another one."""

from bot.domain.likeness import Fingerprint, View


def fingerprint_of(photo: bytes) -> Fingerprint | None:
    """See `bot.media.fingerprint`; raises BrokenPicture."""
    # here, for whoever only names this function has no use for what opens pictures
    from bot.media.fingerprint import fingerprint

    return fingerprint(photo)


def pair_of(new: bytes, earlier: bytes, view: View | None) -> bytes | None:
    """See `bot.media.pair`; raises BrokenPicture."""
    from bot.media.pair import pair_if_same

    return pair_if_same(new, earlier, view)
