"""Whether we hear from Telegram, and whether what people sent while we did not has been worked off."""

import asyncio
import time
from collections.abc import Awaitable, Callable

SILENCE = 120.0  # seconds without an answer: far more than a long poll or a pause between tries takes
LONGEST_WORKING_OFF = 600.0  # seconds; then time goes on even if some lane is never empty


class Contact:
    """Kept by the way in (polling, or the watch of the webhook).

    Nothing may be decided by the clock while messages of that time still lie at Telegram: a visit would be closed
    as forgotten, and its check-out arrive a second later. So the tick waits until we have `caught_up`.
    """

    def __init__(self, settled: Callable[[], Awaitable[None]], monotonic: Callable[[], float] = time.monotonic) -> None:
        """`settled` returns when everything that came in is worked off."""
        self._settled = settled
        self._monotonic = monotonic
        self.is_expected = False
        self._heard: float | None = None
        self._behind_since: float | None = None
        self._fetched = asyncio.Event()
        self.ended_silence = False  # we hear again after a start or a long silence; whoever has seen to it clears it

    def expect(self, is_expected: bool = True) -> None:
        """A way in is open in this process: from now on silence means something; until another one has it."""
        self.is_expected = is_expected

    def heard(self, *, more: bool = False) -> None:
        """Telegram answered; `more` when there is more to fetch."""
        now = self._monotonic()
        if self._heard is None or now - self._heard > SILENCE:
            self._behind_since, self.ended_silence = now, True
            self._fetched.clear()
        self._heard = now
        if not more:
            self._fetched.set()

    def is_open(self) -> bool:
        """Whether we heard from Telegram just now."""
        return self._heard is not None and self._monotonic() - self._heard <= SILENCE

    async def caught_up(self, within: float) -> bool:
        """Whether what people sent has had its effect, waiting so many seconds; True where nobody listens here."""
        if not self.is_expected:
            return True
        try:
            async with asyncio.timeout(within):
                await self._fetched.wait()
                if self._behind_since is not None:
                    await self._settled()
        except TimeoutError:
            since = self._behind_since
            if since is None or not self._fetched.is_set() or self._monotonic() - since < LONGEST_WORKING_OFF:
                return False
        if not self.is_open():
            return False
        self._behind_since = None
        return True


class Unfetched:
    """Whether updates lie at Telegram and nobody takes them: looks in a row at whose numbers none fell."""

    LOOKS = 3

    def __init__(self) -> None:
        self._last = 0
        self._looks = 0

    def seen(self, pending: int) -> bool:
        """Note a look; True when whoever should fetch them is gone."""
        if pending == 0:
            self._looks = 0
        else:
            self._looks = self._looks + 1 if pending >= self._last else 1
        self._last = pending
        return self._looks >= self.LOOKS
