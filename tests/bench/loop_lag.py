"""Prints how late the bot's event loop is while photos are downloaded, marked and sent back, beside a loop at rest.

Run `python tests/bench/loop_lag.py`. Every 2 ms the loop is asked to wake; what it comes later is its lag. The sandbox
draws and cuts the photos on the same machine, so that lag by a busy processor is counted too; "own" is the processor
time that the loop's thread itself took meanwhile.
"""

import argparse
import statistics
import time
from contextlib import ExitStack

from machine import machine
from stage import Stage


def told(name: str, lags: list[float]) -> str:
    cuts = statistics.quantiles(lags, n=1000)
    return f"{name:20} {len(lags):6} looks  p50 {cuts[499]:5.2f} ms  p99 {cuts[989]:5.2f} ms  p99.9 {cuts[998]:5.2f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--people", type=int, default=8)
    parser.add_argument("--every", type=float, default=4.0, help="seconds between two photos of a person")
    chosen = parser.parse_args()
    print(f"{time.strftime('%Y-%m-%d %H:%M')}  {machine()}")
    lags: dict[str, list[list[float]]] = {"at rest": [], "photos": []}
    own: dict[str, list[float]] = {"at rest": [], "photos": []}
    marked = []

    def note(name: str, measured: dict[str, list[float]]) -> None:
        lags[name].append(measured["lags"])
        own[name].extend(measured["own"])

    with ExitStack() as stack:
        stage = Stage(stack, reps=100, readers=0)
        bot, rounds = stage.start("rounds_told", "--pictures")
        photos = {"do": "photos", "bot": bot, "people": chosen.people, "every": chosen.every}
        stage.people.ask(**photos, seconds=3.0)
        time.sleep(2)
        for _ in range(chosen.rounds):
            rounds.ask(do="lag")
            time.sleep(chosen.seconds)
            note("at rest", rounds.ask(do="lagged"))
            rounds.ask(do="lag")
            sent = stage.people.ask(**photos, seconds=chosen.seconds)
            note("photos", rounds.ask(do="lagged"))
            marked.append(sent["marked"] / chosen.seconds)
            time.sleep(1.5)  # until the last ones are back
    for name, turns in lags.items():
        print(told(name, [lag for turn in turns for lag in turn]))
        print(told("   own", own[name]))
        print(f"{'':20} p99 by turn: {' '.join(f'{statistics.quantiles(turn, n=100)[98]:.2f}' for turn in turns)} ms")
    print(f"{statistics.median(marked):.1f} photos/s came back marked")
    print(machine())


if __name__ == "__main__":
    main()
