"""What Telegram's refusals mean together: the trouble of one message or one chat, or everybody's."""

from bot.telegram.budget import Budget

SEVERAL = 3  # different messages, or chats, in a row, and nothing went through between them
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 30.0  # seconds; doubled each time


class Weather:
    """Pauses all sending when nothing goes through: a backlog that asks again by the thousand helps nobody.

    After the pause everything is due at once, so that people come before bulk, and one message tries it first.
    """

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._failed: set[int] = set()
        self._limited: set[int] = set()
        self._pause = FIRST_PAUSE

    @property
    def is_bad(self) -> bool:
        """Whether one message at a time is enough to find out that it is over."""
        return len(self._failed) >= SEVERAL

    def arrived(self) -> None:
        """Something went through."""
        if self._failed or self._limited:
            self._failed.clear()
            self._limited.clear()
            self._pause = FIRST_PAUSE

    def failed(self, message_id: int) -> None:
        """Telegram's server failed on a message, or could not be reached."""
        if not self.is_bad:
            self._failed.add(message_id)
        if self.is_bad and not self._budget.is_paused():
            self._budget.pause(self._pause)
            self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def limited(self, chat_id: int, seconds: float) -> None:
        """Telegram asked for a pause (429) of this chat; when it asks one after the other, it means all."""
        self._budget.pause(seconds, chat_id)
        self._limited.add(chat_id)
        if len(self._limited) >= SEVERAL:
            self._budget.pause(seconds)
