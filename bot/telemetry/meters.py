"""Counts and durations of the hot path: plain numbers, read at a scrape.

All of them together take 5 µs of an update; prometheus-client's own, with a lock and a look-up each, would take 17.
`bot.web.exposition` hands it ours.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
OTHER = "other"  # whatever has no name of its own: a label must not grow with what strangers send
METHODS = (
    "sendMessage", "editMessageText", "answerCallbackQuery", "sendPhoto", "sendMediaGroup", "sendDocument", "getFile",
    "getUpdates", "getWebhookInfo", "deleteWebhook", "setWebhook", "getMe", "setMyCommands", "setMyName",
    "setMyDescription", "setMyShortDescription", "setChatMenuButton",
)  # fmt: skip
SHORT = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)  # seconds
LONG = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0, 7200.0, 86400.0)  # seconds


class Durations:
    """A histogram: how many took at most each of `bounds` seconds, one more count for all the rest, and their sum."""

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def note(self, seconds: float) -> None:
        """One more; below zero, when two machines' clocks differ, is none."""
        if seconds < 0.0:
            seconds = 0.0
        self.counts[bisect_left(self.bounds, seconds)] += 1
        self.total += seconds


class Meters:
    """Made by the composition root and handed to whoever counts. Only the event loop's thread may touch it.

    Labels are few and ours: never a person, chat, phone, name or place.
    """

    def __init__(self) -> None:
        self.updates: defaultdict[tuple[str, str], int] = defaultdict(int)  # (kind, result)
        self.refusals: defaultdict[str, int] = defaultdict(int)  # by the message that is told
        self.sends: defaultdict[str, int] = defaultdict(int)  # by result
        self.jobs: defaultdict[tuple[str, str], int] = defaultdict(int)  # (kind, result)
        self.commits = Durations(LONG)  # update received → committed with its effect
        self.deliveries = {False: Durations(LONG), True: Durations(LONG)}  # posted → sent; to people, and in bulk
        self.calls = {method: Durations(SHORT) for method in (*METHODS, "file", OTHER)}  # of the Bot API
        self.job_times = defaultdict[str, Durations](lambda: Durations(LONG))  # of those done, by kind
        self.loop_lag = Durations(SHORT)

    def update_done(self, kind: str, seconds: float) -> None:
        """An update was committed with its effect, `seconds` after it came."""
        self.updates[kind, "done"] += 1
        self.commits.note(seconds)

    def update_failed(self, kind: str, result: str) -> None:
        """An attempt `failed`, or the update was `quarantined`."""
        self.updates[kind, result] += 1

    def updates_repeated(self, number: int) -> None:
        """So many came that we had already."""
        self.updates[OTHER, "repeated"] += number

    def refused(self, message: str) -> None:
        """A person was told why not; `message` is a template's name."""
        self.refusals[message] += 1

    def sent(self, result: str, *, bulk: bool, seconds: float) -> None:
        """A message was `sent` or `edited`, `seconds` after it was posted."""
        self.sends[result] += 1
        self.deliveries[bulk].note(seconds)

    def not_sent(self, result: str) -> None:
        """A try that came to 429, 403, 5xx, refused, uncertain …"""
        self.sends[result] += 1

    def called(self, url: str, seconds: float, *, is_file: bool) -> None:
        """Telegram answered, or did not, after `seconds`; of the address only the method's name is looked at."""
        durations = self.calls["file"] if is_file else self.calls.get(url[url.rfind("/") + 1 :])
        if durations is None:
            method = url[url.rfind("/") + 1 :].partition("?")[0]
            durations = self.calls.get(method, self.calls[OTHER])
        durations.note(seconds)

    def job_done(self, kind: str, seconds: float) -> None:
        """A job was done in so many seconds: downloading, developing and keeping a photo, reading a list …"""
        self.jobs[kind, "done"] += 1
        self.job_times[kind].note(seconds)

    def job_not_done(self, kind: str, result: str) -> None:
        """A job is `put_off` for an outage, or has `failed`; it is tried again."""
        self.jobs[kind, result] += 1


def kind_of(raw: dict[str, object]) -> str:
    """The kind of a raw update, as a label."""
    for kind in KINDS:
        if kind in raw:
            return kind
    return OTHER
