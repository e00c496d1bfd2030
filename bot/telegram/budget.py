"""How much may be sent: Telegram's ceilings in all and per chat, and the pause that a 429 asks for."""

import threading
from collections import deque
from collections.abc import Callable

PER_SECOND = 28  # messages in all: digests make room below it for what people are answered …
FOR_PEOPLE = 2  # … and people go this far beyond it, to the 30 or so that Telegram allows: they need not wait for room
CATCH_UP = 0.1  # seconds that digests may be behind their pace and make good
PER_CHAT = 1.0  # messages a second to one person, on average …
CHAT_BURST = 6  # … and this many at once: a step says two or three things together
PER_GROUP_MINUTE = 20


class Budget:
    """Counts what was sent by a monotonic clock, in seconds."""

    def __init__(
        self, monotonic: Callable[[], float], *, per_second: float = PER_SECOND, chat_burst: int = CHAT_BURST
    ) -> None:
        self._monotonic = monotonic
        self._lock = threading.RLock()  # it is asked in the loop, and by the writer while it claims
        self._per_second = per_second
        self._burst = float(chat_burst)
        self._recent: deque[float] = deque()
        self._tokens: dict[int, tuple[float, float]] = {}
        self._group: dict[int, deque[float]] = {}
        self._paused_until: dict[int, float] = {}
        self._all_paused_until = 0.0
        self._bulk_at = 0.0

    def wait_for(self, chat_id: int) -> float:
        """Seconds until this chat may get a message; 0 means now."""
        with self._lock:
            now = self._monotonic()
            own = self._wait_for_group(chat_id, now) if chat_id < 0 else self._wait_for_tokens(chat_id, now)
            return max(0.0, self._paused_until.get(chat_id, 0.0) - now, own, self.wait_for_anyone())

    def wait_for_anyone(self, *, bulk: bool = False) -> float:
        """Seconds until anything may be sent at all; digests go one by one, evenly, and people beside them."""
        with self._lock:
            now = self._monotonic()
            paced = max(self._bulk_at - now, self._wait_for_all(now)) if bulk else self._wait_for_all(now, FOR_PEOPLE)
            return max(0.0, self._all_paused_until - now, paced)

    def take(self, chat_id: int, *, bulk: bool, counts: bool) -> bool:
        """Whether a message may go to this chat now; if so, it is spent: of the chat's own part only if it `counts`."""
        with self._lock:
            if self.wait_for(chat_id) > 0 or (bulk and self.wait_for_anyone(bulk=True) > 0):
                return False
            self.spend(chat_id, bulk=bulk, counts=counts)
            return True

    def spend(self, chat_id: int, *, bulk: bool = False, counts: bool = True) -> None:
        """One message goes to this chat."""
        now = self._monotonic()
        self._recent.append(now)
        if bulk:  # all at once, they would fill a second's room at its beginning, and a person wait for its end
            self._bulk_at = max(self._bulk_at, now - CATCH_UP) + 1 / self._per_second
        if not counts:
            return
        if chat_id < 0:
            self._group.setdefault(chat_id, deque()).append(now)
            return
        self._tokens[chat_id] = (self._tokens_now(chat_id, now) - 1, now)
        if len(self._tokens) > 20_000:  # chats that were quiet long enough have all their tokens again
            self._tokens = {chat: kept for chat, kept in self._tokens.items() if now - kept[1] < self._burst / PER_CHAT}

    def pause(self, seconds: float, chat_id: int | None = None) -> None:
        """Telegram asked for a pause: of one chat, or of everything."""
        until = self._monotonic() + seconds
        if chat_id is None:
            self._all_paused_until = max(self._all_paused_until, until)
        else:
            self._paused_until[chat_id] = until

    def is_paused(self) -> bool:
        """Whether Telegram asked for a pause of everything, or is away."""
        return self._all_paused_until > self._monotonic()

    def _wait_for_all(self, now: float, beyond: int = 0) -> float:
        while self._recent and self._recent[0] <= now - 1:
            self._recent.popleft()
        room = int(self._per_second) + beyond
        return self._recent[-room] + 1 - now if len(self._recent) >= room else 0.0

    def _wait_for_group(self, chat_id: int, now: float) -> float:
        sent = self._group.setdefault(chat_id, deque())
        while sent and sent[0] <= now - 60:
            sent.popleft()
        return sent[0] + 60 - now if len(sent) >= PER_GROUP_MINUTE else 0.0

    def _wait_for_tokens(self, chat_id: int, now: float) -> float:
        tokens = self._tokens_now(chat_id, now)
        return 0.0 if tokens >= 1 else (1 - tokens) / PER_CHAT

    def _tokens_now(self, chat_id: int, now: float) -> float:
        tokens, since = self._tokens.get(chat_id, (self._burst, now))
        return min(self._burst, tokens + (now - since) * PER_CHAT)
