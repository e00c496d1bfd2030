"""Prints how long `rounds run` takes from its start to its first reply, and its memory at rest and after work.

Run `python tests/bench/footprint.py` (some minutes). Starts are of the command as an operator gives it, on a database
that has its schema, against the sandbox on the same machine, with /start waiting. Memory is resident: of the process,
and of its two workers for pictures and sheets beside it. Growth is told after every `--step` updates.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from machine import cpu_seconds, machine
from stage import Stage, ended

ROOT = Path(__file__).parents[2]
QUIET_AFTER = 12.0  # seconds: everything that is made ready behind the start is there
TOKEN = "515151:" + "F" * 35


def asked(url: str, path: str, body: dict[str, Any] | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url + path, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read())


def megabytes(process: psutil.Process) -> tuple[float, list[float]]:
    """Of a process, and of each of those that it started."""
    children = process.children(recursive=True)
    return process.memory_info().rss / 1e6, [child.memory_info().rss / 1e6 for child in children]


@dataclass(frozen=True)
class Start:
    """Seconds from the start to the first reply, the processor's seconds in it, and megabytes at the end."""

    seconds: float
    cpu: float
    own: float
    workers: list[float]


class Starts:
    """Starts the bot again and again on one folder."""

    def __init__(self, stack: ExitStack, python: str) -> None:
        self._stack = stack
        self._python = python
        self._folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rounds-bench-")))
        self.url = f"http://127.0.0.1:{_free_port()}"
        self._popen("sandbox", "--port", self.url.rpartition(":")[2])
        _until(lambda: asked(self.url, "/sim/clock"))

    def _popen(self, *words: str) -> subprocess.Popen[bytes]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ROUNDS_")} | {
            "ROUNDS_BOT_TOKEN": TOKEN,
            "ROUNDS_TELEGRAM_API_URL": self.url,
            "ROUNDS_DATA_DIR": str(self._folder),
            "ROUNDS_ADMIN_IDS": "1",
        }
        command = [self._python, "-m", "bot", *words]
        null = subprocess.DEVNULL
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=null, stdout=null, stderr=null)
        self._stack.callback(ended, process)
        return process

    def once(self, number: int, *, rest: bool) -> Start:
        """Start it with somebody waiting; the first start makes the schema, and lets the sandbox know of the bot."""
        person = asked(self.url, "/sim/people", {"first_name": f"Early {number}", "language_code": "en"})["id"]
        if number:
            asked(self.url, f"/sim/people/{person}/send", {"text": "/start"})
        began = time.perf_counter()
        process = self._popen("run")
        if not number:
            _until(lambda: asked(self.url, f"/sim/people/{person}/send", {"text": "/start"}))
        _until(lambda: any(not m["outgoing"] for m in asked(self.url, f"/sim/people/{person}/chat")["messages"]))
        took, used = time.perf_counter() - began, cpu_seconds(process.pid)
        if rest:
            time.sleep(QUIET_AFTER)
        held = megabytes(psutil.Process(process.pid))
        ended(process)
        return Start(took, used, *held)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _until(happened: Any) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if happened():
                return
        except OSError:
            pass
        time.sleep(0.01)
    raise SystemExit("it does not answer")


def starts(stack: ExitStack, chosen: argparse.Namespace) -> None:
    bench = Starts(stack, chosen.python)
    bench.once(0, rest=False)
    each = [bench.once(number, rest=number <= 3) for number in range(1, chosen.rounds + 1)]
    took = [start.seconds for start in each]
    print(
        f"start to first reply: median {statistics.median(took):.2f} s ({min(took):.2f}-{max(took):.2f}), "
        f"of it {statistics.median(start.cpu for start in each):.2f} s of processor"
    )
    own, workers = statistics.median(start.own for start in each[:3]), each[0].workers
    print(f"quiet: {own:.0f} MB; its workers: {', '.join(f'{one:.0f}' for one in workers)} MB", flush=True)


def growth(stack: ExitStack, chosen: argparse.Namespace) -> None:
    stage = Stage(stack, reps=chosen.updates // 12 + 500, readers=0)
    bot, rounds = stage.start("rounds_told")
    talk = {"do": "talk", "bot": bot, "probes": 0, "probe_pause": 0.0, "others": 64, "pause": 0.0}
    done, told_at, first = 0, 0, 0.0
    began = time.perf_counter()
    while done < chosen.updates:
        done += stage.people.ask(**talk, seconds=10.0)["others"]
        held = rounds.ask(do="memory")["rss"] / 1e6
        if not first:
            first, told_at = held, done
            print(f"after {done} updates {held:.0f} MB", flush=True)
        elif done - told_at >= chosen.step:
            told_at = done
            rate = done / (time.perf_counter() - began)
            print(f"after {done} updates {held:.0f} MB, {held / first:.2f} times the first; {rate:.0f}/s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=["starts", "growth"], help="starts growth")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--updates", type=int, default=100_000)
    parser.add_argument("--step", type=int, default=20_000)
    parser.add_argument("--python", default=sys.executable, help="of an installation without what only developers need")
    chosen = parser.parse_args()
    print(f"{time.strftime('%Y-%m-%d %H:%M')}  {machine()}")
    for part in chosen.parts:
        with ExitStack() as stack:
            {"starts": starts, "growth": growth}[part](stack, chosen)
    print(machine())


if __name__ == "__main__":
    main()
