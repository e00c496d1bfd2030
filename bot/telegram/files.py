"""Downloads what people sent."""

from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.domain.attachments import FileAway, FileGone, FileTooBig


class Files:
    """Fetches files through a bot."""

    def __init__(self, bot: ExtBot[None]) -> None:
        self._bot = bot

    async def fetch(self, file_id: str) -> bytes:
        """The bytes of a file; raises FileTooBig or FileGone, or FileAway when it should be tried later."""
        try:
            file = await self._bot.get_file(file_id)
            return bytes(await file.download_as_bytearray())
        except BadRequest as error:
            if "too big" in str(error).lower():
                raise FileTooBig from None
            raise FileGone from None
        except (RetryAfter, NetworkError, TelegramError) as error:
            raise FileAway(type(error).__name__) from None
