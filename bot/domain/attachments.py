"""Getting what a person sent: files come from outside, and may not come now."""

from typing import Protocol

LARGEST = 20 * 1024 * 1024  # bytes; Telegram gives a bot no more


class FileTooBig(Exception):  # noqa: N818 - an answer, told to the person
    """Telegram does not give a bot files of this size."""


class FileGone(Exception):  # noqa: N818 - an answer, told to the person
    """Telegram does not have the file, and will not have it later."""


class FileAway(Exception):  # noqa: N818 - a cue to try later
    """The file cannot be had now."""


class FileSource(Protocol):
    """Fetches a file by Telegram's id; raises FileTooBig, FileGone or FileAway."""

    async def fetch(self, file_id: str) -> bytes: ...
