"""Telegram's rate limits for sending, switchable: 30 a second in all, one a second per chat, 20 a minute per group."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.wire import too_many_requests


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: float


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` messages at once, `per_s` a second in the long run."""

    burst: float
    per_s: float

    def wait_s(self, bucket: _Bucket, now: float) -> float:
        """Seconds until one more message may go; 0 when it may go now. Fills the bucket for the time gone by."""
        bucket.tokens = min(self.burst, bucket.tokens + (now - bucket.filled_at) * self.per_s)
        bucket.filled_at = now
        return 0.0 if bucket.tokens >= 1 else (1 - bucket.tokens) / self.per_s


# https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this; short bursts pass in a chat.
OVERALL = Rate(30, 30)
PRIVATE = Rate(5, 1)
GROUP = Rate(20, 20 / 60)


@dataclass(slots=True)
class Limits:
    """One bucket per bot and one per chat. The time is real, as a bot waits for real seconds after a 429."""

    enabled: bool = False
    monotonic: Callable[[], float] = time.monotonic
    _buckets: dict[tuple[int, int], _Bucket] = field(default_factory=dict)

    def spend(self, bot_id: int, chat_id: int) -> None:
        """Count one message; ApiError 429 when it is one too many."""
        if not self.enabled:
            return
        now = self.monotonic()
        spent: list[_Bucket] = []
        # Chat 0 stands for the bot as a whole: no chat has that id.
        for chat, rate in ((0, OVERALL), (chat_id, GROUP if chat_id < 0 else PRIVATE)):
            bucket = self._buckets.get((bot_id, chat))
            if bucket is None:
                bucket = self._buckets[bot_id, chat] = _Bucket(rate.burst, now)
            wait_s = rate.wait_s(bucket, now)
            if wait_s > 0:
                raise too_many_requests(math.ceil(wait_s))
            spent.append(bucket)
        for bucket in spent:
            bucket.tokens -= 1
