"""Prints how long one person waits for a reply while others work, and while digests are sent at Telegram's ceiling.

Run `python tests/bench/latency.py` (some minutes). Turns at rest and turns at work follow each other, so that both
meet the same machine. `work`: 64 others, at three paces, Telegram's ceiling lifted. `digests`: 3,000 digests at the
ceiling, which the sandbox watches over; then some of their chats answer 429; then stock PTB with its own rate limiter.
"""

import argparse
import statistics
import time
from contextlib import ExitStack
from typing import Any

from machine import machine
from stage import Stage

PACES = {2.5: "64 who think for 2.5 s: Telegram's ceiling", 0.5: "64 who think for 0.5 s", 0.0: "64 who never think"}
CEILING = 28  # new messages a second that Rounds allows itself in all
PROBES, PAUSE = (
    8,
    3.0,
)  # in the digests' turns, people and their mean pause: nobody may get more than a message a second


def quantiles(waits: list[float]) -> tuple[float, float]:
    """Median and 99th percentile in milliseconds."""
    cuts = statistics.quantiles(waits, n=100)
    return cuts[49], cuts[98]


def told(name: str, waits: list[float], idle: list[float] | None = None) -> str:
    p50, p99 = quantiles(waits)
    line = f"{name:44} {len(waits):5} replies  p50 {p50:7.1f} ms  p99 {p99:7.1f} ms"
    if idle is not None:
        rest50, rest99 = quantiles(idle)
        line += f"  of rest: {p50 / rest50:5.2f}, {p99 / rest99:5.2f}"
    return line


def work(stack: ExitStack, chosen: argparse.Namespace) -> None:
    stage = Stage(stack, reps=20_000, readers=0)
    bot, _ = stage.start("rounds_told")
    waits: dict[float | None, list[float]] = {pace: [] for pace in (None, *PACES)}
    rates: dict[float, list[float]] = {pace: [] for pace in PACES}
    told_of = {"do": "talk", "bot": bot, "probes": 1, "probe_pause": 0.03}
    for turn in range(chosen.rounds + 1):
        seconds = chosen.seconds if turn else 1.5  # the first turn warms up and counts for nothing
        for pace in (None, *PACES):
            others = {"others": 0, "pause": 0.0} if pace is None else {"others": 64, "pause": pace}
            measured = stage.people.ask(**told_of, **others, seconds=seconds)
            if turn:
                waits[pace] += measured["waits"]
            if turn and pace is not None:
                rates[pace].append(measured["others"] / seconds)
    print(told("one person, at rest", waits[None]))
    for pace, name in PACES.items():
        print(told(f"{name} ({statistics.median(rates[pace]):.0f}/s)", waits[pace], waits[None]), flush=True)


class Bulk:
    """Turns of people who talk, beside digests or not."""

    def __init__(self, stack: ExitStack, side: str, seconds: float, *words: str) -> None:
        self.stage = Stage(stack)
        self.bot, self.process = self.stage.start(side, *words)
        self.seconds = seconds
        self.stage.people.ask(do="limits", bot=self.bot, enabled=True)

    def talk(self, seconds: float | None = None) -> dict[str, Any]:
        of_people = {"probes": PROBES, "probe_pause": PAUSE, "others": 0, "pause": 0.0}
        return self.stage.people.ask(do="talk", bot=self.bot, seconds=seconds or self.seconds, **of_people)


def digests(stack: ExitStack, chosen: argparse.Namespace) -> None:
    bulk = Bulk(stack, "rounds_told", chosen.seconds * 3, "--ceiling")
    bulk.process.ask(do="digests", count=3000)
    turns: dict[str, list[dict[str, Any]]] = {"rest": [], "digests": [], "429": []}
    bulk.talk(3)
    for _ in range(chosen.rounds):
        turns["rest"].append(bulk.talk())
        for name in ("digests", "429"):
            if name == "429":
                bulk.stage.people.ask(do="refuse", bot=bulk.bot, after=10, chats=8, step=20, seconds=5)
            bulk.process.ask(do="go")
            turns[name].append(bulk.talk())
            bulk.process.ask(do="hold")
            time.sleep(1)
    idle = [wait for turn in turns["rest"] for wait in turn["waits"]]
    print(told(f"{PROBES} people, no digests", idle))
    for name, words in (("digests", "beside 3,000 digests"), ("429", "the same, every 20th chat answers 429")):
        waits = [wait for turn in turns[name] for wait in turn["waits"]]
        rates = [turn["read"] / turn["seconds"] for turn in turns[name]]
        calls = [turn["calls"] / turn["seconds"] for turn in turns[name]]
        of_people = statistics.median(calls) - statistics.median(rates)
        shares = [rate / (CEILING - (all_calls - rate)) for rate, all_calls in zip(rates, calls, strict=True)]
        print(
            f"{told(words, waits, idle)}\n   digests {statistics.median(rates):.1f}/s, "
            f"{statistics.median(shares):.0%} of what people's {of_people:.1f} calls/s leave of {CEILING}/s; "
            f"longest time without one "
            f"{max(turn['longest_gap'] for turn in turns[name]) * 1000:.0f} ms; "
            f"refused by the sandbox: {sum(turn['refused'] for turn in turns[name])}",
            flush=True,
        )


def ptb(stack: ExitStack, chosen: argparse.Namespace) -> None:
    bulk = Bulk(stack, "limiter_ptb", 5.0)
    idle = bulk.talk()["waits"]
    bulk.process.ask(count=chosen.ptb_digests)
    waits = bulk.talk(10.0)["waits"]
    print(told("PTB with AIORateLimiter, no digests", idle))
    print(f"{'beside ' + format(chosen.ptb_digests, ',') + ' digests':44} {len(waits):5} replies  "
          f"median {statistics.median(waits) / 1000:.1f} s, longest {max(waits) / 1000:.1f} s")  # fmt: skip


PARTS = {"work": work, "digests": digests, "ptb": ptb}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=list(PARTS), help=" ".join(PARTS))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4.0, help="of a turn (three times as many beside digests)")
    parser.add_argument("--ptb-digests", type=int, default=3000)
    chosen = parser.parse_args()
    print(f"{time.strftime('%Y-%m-%d %H:%M')}  {machine()}")
    for part in chosen.parts:
        with ExitStack() as stack:
            PARTS[part](stack, chosen)
    print(machine())


if __name__ == "__main__":
    main()
