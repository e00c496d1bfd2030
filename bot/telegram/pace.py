"""Who sends faster than he can be answered: Telegram lets us say about one thing a second to a person."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

BURST = 20  # messages at once that nobody calls a flood: two people's worth of quick taps, a handful of albums
PER_SECOND = 1.0  # beyond that, what a chat may be told
CALM_AFTER = 3.0  # seconds without a message, and it is over
REMEMBERED = 10_000  # lanes; a lane that was quiet for BURST seconds is as good as new


@dataclass
class _Lane:
    tokens: float
    at: float  # when they were counted, in seconds of the sender's time
    heard: float  # monotonic
    album: str | None = None
    recent: int = 0  # messages since he was last quiet for long enough
    is_flooding: bool = False


class Pace:
    """Counts by the time of sending, so that a backlog of hours that comes at once is no flood."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lanes: dict[int, _Lane] = {}

    def note(self, number: int, raw: dict[str, Any], received: float) -> bool:
        """Count an update received at `received` (seconds since 1970); True when a flood begins with it."""
        message = raw.get("message")
        sent: object = message.get("date") if isinstance(message, dict) else None
        album: object = message.get("media_group_id") if isinstance(message, dict) else None
        at = float(sent) if isinstance(sent, int) and 0 < sent < received else received
        now = self._monotonic()
        lane = self._lanes.get(number)
        if lane is None:
            lane = self._lanes[number] = _Lane(BURST, at, now)
            if len(self._lanes) > REMEMBERED:
                self._forget(now)
        lane.heard = now
        lane.recent += 1
        if lane.is_flooding:
            return False
        if album is not None and album == lane.album:
            return False  # a picture of an album is no message of its own to who sends it
        lane.album = album if isinstance(album, str) else None
        if at > lane.at:
            lane.tokens = min(BURST, lane.tokens + (at - lane.at) * PER_SECOND)
            lane.at = at
        if lane.tokens == BURST:
            lane.recent = 1
        lane.tokens -= 1
        lane.is_flooding = lane.tokens < 0
        return lane.is_flooding

    def is_flooding(self, number: int) -> bool:
        """Whether answers to this lane are held back."""
        lane = self._lanes.get(number)
        return lane is not None and lane.is_flooding

    def calm_in(self, number: int) -> float:
        """Seconds until the flood counts as over, if nothing more comes."""
        return self._lanes[number].heard + CALM_AFTER - self._monotonic()

    def end(self, number: int) -> int:
        """The flood is over; how many messages it had, from its first on."""
        return self._lanes.pop(number).recent

    def _forget(self, now: float) -> None:
        self._lanes = {
            number: lane
            for number, lane in self._lanes.items()
            if lane.is_flooding or now - lane.heard < BURST / PER_SECOND
        }
