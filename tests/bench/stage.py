"""The processes of a bench, told by lines of JSON: the sandbox with its people, and the bots that are measured."""

import json
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def ended(process: subprocess.Popen[Any]) -> None:
    """Ask it to end, and make it."""
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Process:
    """A process that answers each line with a line."""

    def __init__(self, stack: ExitStack, script: str, *words: str) -> None:
        command = [sys.executable, str(HERE / script), *words]
        pipe = subprocess.PIPE
        quiet = subprocess.DEVNULL if "ptb" in script else None  # it tells every call that its end cuts off
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=quiet, text=True)
        self.script = script
        stack.callback(ended, self.process)

    @property
    def pid(self) -> int:
        return self.process.pid

    def line(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.script} has ended")
        return line.strip()

    def tell(self, **told: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(told) + "\n")
        self.process.stdin.flush()

    def ask(self, **told: Any) -> dict[str, Any]:
        self.tell(**told)
        answer: dict[str, Any] = json.loads(self.line())
        return answer


class Stage:
    """The sandbox with `reps` who may write and `readers` who only receive, and a folder for each bot."""

    def __init__(self, stack: ExitStack, *, reps: int = 6000, readers: int = 3000) -> None:
        self._stack = stack
        self._reps = reps
        self._next_bot = 2000
        self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rounds-bench-")))
        self.people = Process(stack, "talkers.py", "--reps", str(reps), "--readers", str(readers))
        self.api = f"http://127.0.0.1:{json.loads(self.people.line())['port']}"

    def start(self, side: str, *words: str) -> tuple[int, Process]:
        """Start a bot (a script of sides/ without its end) and wait until it polls; its id, and itself."""
        bot, self._next_bot = self._next_bot, self._next_bot + 1
        folder = self.folder / f"{side}-{bot}"
        folder.mkdir()
        place = ["--api", self.api, "--token", f"{bot}:{'x' * 35}", "--folder", str(folder)]
        process = Process(self._stack, f"sides/{side}_side.py", *place, "--people", str(self._reps), *words)
        if process.line() != "ready":
            raise SystemExit(f"{side} did not start")
        return bot, process
