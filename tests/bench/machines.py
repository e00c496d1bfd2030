"""Prints how many durable SOP steps a second Rounds does on PostgreSQL: in one process, in five, and the usual stack.

Run `python tests/bench/machines.py`. The people and the sandbox are a process, PostgreSQL another; the contenders are
measured in turns. CPU is given per step and in cores busy, of each process: a machine of two cores is full before five
processes are.
"""

import argparse
import os
import statistics
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from machine import cpu_seconds, machine
from servers import database_address
from throughput import Bench, Running

OFFICE = "intake,sender,ticker"
CONTENDERS = {
    "one": "Rounds, all roles in one process",
    "four": "Rounds, four workers and an office",
    "usual": "aiogram 3 + AsyncSession/psycopg, one reply",
}
FIRST_BOT = 2001  # each contender is a bot of its own


@dataclass
class Crew:
    """A contender's processes by name, and what was measured: updates a second, milliseconds of CPU a step, waits."""

    first: Running
    processes: dict[str, int]
    rates: list[float] = field(default_factory=list)
    cpu: dict[str, list[float]] = field(default_factory=dict)
    busy: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)


class Yard(Bench):
    """A bench with a PostgreSQL server."""

    def __init__(self, stack: ExitStack, people: int) -> None:
        super().__init__(stack, people)
        self._bots = 0

    def crew(self, name: str) -> Crew:
        """Start a contender on a database of its own and wait until it polls."""
        bot = FIRST_BOT + self._bots
        self._bots += 1
        folder = self.folder / name
        folder.mkdir()
        address = database_address(self._stack, "postgres", self.folder, name)
        place = ["--api", self.api, "--token", f"{bot}:{'x' * 35}", "--folder", str(folder), "--database", address]
        if name == "usual":
            started = {"bot": self._begin("usual_postgres_side.py", place)}
        elif name == "one":
            started = {"bot": self._begin("machines_side.py", [*place, "--found"])}
        else:
            started = {"office": self._begin("machines_side.py", [*place, "--found", "--roles", OFFICE])}
            for number in range(1, 5):
                started[f"worker {number}"] = self._begin("machines_side.py", [*place, "--roles", "worker"])
        first = next(iter(started.values()))
        return Crew(Running(bot, first), {title: process.pid for title, process in started.items()})

    def _begin(self, script: str, words: list[str]) -> Any:
        process = self._start(f"sides/{script}", *words, "--people", str(self._people))
        if process.stdout.readline().strip() != "ready":
            raise SystemExit(f"{script} did not start")
        return process

    def turn(self, crew: Crew, seconds: float, at_once: int, *, counts: bool) -> None:
        """Let the people write to it for so long."""
        server = self.folder / "postgres" / "postmaster.pid"
        every = {**crew.processes, "people": self.crowd.pid}
        before, began = {name: cpu_seconds(pid) for name, pid in every.items()}, time.monotonic()
        before["postgres"] = cpu_of_server(server)
        measured = self.measure(crew.first, seconds, at_once)
        spent = {name: cpu_seconds(pid) - before[name] for name, pid in every.items()}
        spent["postgres"] = cpu_of_server(server) - before["postgres"]
        if not counts:
            return
        crew.rates.append(measured["replies"] / measured["seconds"])
        crew.waits += measured["waits"]
        crew.busy.append(sum(spent.values()) / (time.monotonic() - began))
        for name, cpu in spent.items():
            crew.cpu.setdefault(name, []).append(cpu / max(1, measured["all_replies"]) * 1000)


def cpu_of_server(pid_file: Path) -> float:
    """What PostgreSQL's processes have used, with those that have ended."""
    server = int(pid_file.read_text().split()[0])
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        if int(stat.parent.name) == server:
            total += sum(map(int, fields[11:15]))  # with its children that have ended
        elif int(fields[1]) == server:
            total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("contenders", nargs="*", default=list(CONTENDERS), help=" ".join(CONTENDERS))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--at-once", type=int, default=64)
    parser.add_argument("--people", type=int, default=6000)
    chosen = parser.parse_args()
    print(f"{time.strftime('%Y-%m-%d %H:%M')}  {machine()}")
    print(f"{chosen.at_once} people at once, medians of {chosen.rounds} turns of {chosen.seconds:g} s, PostgreSQL")
    with ExitStack() as stack:
        yard = Yard(stack, chosen.people)
        crews = {name: yard.crew(name) for name in chosen.contenders}
        for turn in range(chosen.rounds + 1):
            for crew in crews.values():
                yard.turn(crew, chosen.seconds, chosen.at_once, counts=turn > 0)
    say(crews)
    print(machine())


def say(crews: dict[str, Crew]) -> None:
    """A line for each contender, and one for where its CPU went."""
    one = statistics.median(crews["one"].rates) if "one" in crews else None
    for name, crew in crews.items():
        rate, waits = statistics.median(crew.rates), statistics.quantiles(crew.waits or [0, 0], n=100)
        line = f"{name:6} {rate:6.0f}/s ({min(crew.rates):.0f}-{max(crew.rates):.0f})"
        line += f"  waits p50 {waits[49]:6.1f} ms p99 {waits[98]:6.1f} ms"
        if one is not None and name != "one":
            line += f"  one process is {one / rate:.2f} times"
        print(f"{line}  {CONTENDERS[name]}")
        each = ", ".join(f"{who} {statistics.median(spent):.2f}" for who, spent in crew.cpu.items())
        print(f"       CPU ms a step: {each}; {statistics.median(crew.busy):.2f} cores busy", flush=True)


if __name__ == "__main__":
    sys.exit(main())
