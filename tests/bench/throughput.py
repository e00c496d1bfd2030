"""Prints how many updates a second each contender answers, side by side: Rounds, its peers, and the floor below all.

Run `python tests/bench/throughput.py`. Each contender is a process of its own that polls one sandbox, which is
another; they are measured in turns, so that all meet the same machine. CPU is that of the contender's process.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from machine import cpu_seconds, machine
from stage import ended

HERE = Path(__file__).parent
SIDES = {
    "rounds": "Rounds: a durable SOP step, card and question",
    "usual_aiogram": "aiogram 3 + AsyncSession/aiosqlite, one reply",
    "usual_ptb": "PTB + AsyncSession/aiosqlite, one reply",
    "echo_aiogram": "aiogram 3, bare echo",
    "echo_ptb": "PTB, bare echo",
    "raw": "aiohttp + sqlite3 by hand, one reply",
}
GOALS = {"usual_aiogram": 6.0, "usual_ptb": 8.0, "echo_aiogram": 1.0, "raw": 0.4}


@dataclass
class Running:
    """A contender at work, and what was measured of it: updates a second, CPU milliseconds an update, waits."""

    bot: int
    process: subprocess.Popen[str]
    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)


class Bench:
    """The sandbox with its people, and the contenders that talk to it."""

    def __init__(self, stack: ExitStack, people: int) -> None:
        self._stack = stack
        self._people = people
        self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rounds-bench-")))
        self.crowd = self._start("crowd.py", "--people", str(people), stdin=subprocess.PIPE)
        self.api = f"http://127.0.0.1:{json.loads(self.crowd.stdout.readline())['port']}"

    def _start(self, script: str, *words: str, **more: Any) -> subprocess.Popen[str]:
        command = [sys.executable, str(HERE / script), *words]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **more)
        self._stack.callback(ended, process)
        return process

    def start(self, name: str, *words: str) -> Running:
        """Start a contender and wait until it polls."""
        bot = 1000 + list(SIDES).index(name)
        folder = self.folder / name
        folder.mkdir()
        place = ["--api", self.api, "--token", f"{bot}:{'x' * 35}", "--folder", str(folder)]
        process = self._start(f"sides/{name}_side.py", *place, "--people", str(self._people), *words)
        if process.stdout.readline().strip() != "ready":
            raise SystemExit(f"{name} did not start")
        return Running(bot, process)

    def measure(self, side: Running, seconds: float, at_once: int) -> dict[str, Any]:
        """Let the people write to it for so long."""
        before = cpu_seconds(side.process.pid)
        self.crowd.stdin.write(json.dumps({"bot": side.bot, "seconds": seconds, "at_once": at_once}) + "\n")
        self.crowd.stdin.flush()
        line = self.crowd.stdout.readline()
        if not line:
            raise SystemExit("the crowd has ended")
        measured = json.loads(line)
        measured["cpu"] = cpu_seconds(side.process.pid) - before
        if measured["unanswered"]:
            print(f"! {measured['unanswered']} people got no answer from {side.bot}", file=sys.stderr)
        return measured


def compare(names: list[str], rounds: int, seconds: float, at_once: int, people: int) -> dict[str, Running]:
    """All contenders in turns; the first turn warms up and counts for nothing."""
    with ExitStack() as stack:
        bench = Bench(stack, people)
        sides = {name: bench.start(name) for name in names}
        for turn in range(rounds + 1):
            for side in sides.values():
                measured = bench.measure(side, 1.5 if turn == 0 else seconds, at_once)
                if turn:
                    side.rates.append(measured["replies"] / measured["seconds"])
                    side.cpu.append(measured["cpu"] / max(1, measured["all_replies"]) * 1000)
                    side.waits += measured["waits"]
        return sides


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sides", nargs="*", default=list(SIDES), help=" ".join(SIDES))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--at-once", type=int, default=64)
    parser.add_argument("--people", type=int, default=6000)
    chosen = parser.parse_args()
    print(f"{time.strftime('%Y-%m-%d %H:%M')}  {machine()}")
    print(f"{chosen.at_once} people at once, medians of {chosen.rounds} turns of {chosen.seconds:g} s")
    sides = compare(chosen.sides, chosen.rounds, chosen.seconds, chosen.at_once, chosen.people)
    own = statistics.median(sides["rounds"].rates) if "rounds" in sides else None
    for name, side in sides.items():
        rate, waits = statistics.median(side.rates), statistics.quantiles(side.waits or [0, 0], n=100)
        line = (
            f"{name:14} {rate:7.0f}/s ({min(side.rates):.0f}-{max(side.rates):.0f})  "
            f"CPU {statistics.median(side.cpu):5.2f} ms  waits p50 {waits[49]:6.1f} ms p99 {waits[98]:6.1f} ms"
        )
        if own is not None and name != "rounds":
            goal = f" (goal {GOALS[name]:g})" if name in GOALS else ""
            line += f"  Rounds is {own / rate:5.2f} times{goal}"
        print(f"{line}  {SIDES[name]}")
    print(machine())


if __name__ == "__main__":
    main()
