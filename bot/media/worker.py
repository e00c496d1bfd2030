"""A worker process: reads calls on standard input, makes them one after another, writes the answers.

Started by `workers` as `python -m bot.media.worker MEMORY_BYTES`. A call is a pickled (function, arguments, seconds of
CPU time it may use), an answer a pickled (what became of it, value), each behind its length in eight bytes.
"""

import contextlib
import os
import pickle
import signal
import struct
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, BinaryIO

LENGTH = struct.Struct(">Q")

# What became of a call: its result, the exception that it raised, or why this process cannot go on.
RETURNED, RAISED, BROKE = "returned", "raised", "broke"


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then closes our input
    calls, answers = _take_over_streams()
    _limit_memory(int(sys.argv[1]))
    if hasattr(os, "nice"):
        os.nice(5)  # people who write to the bot go before pictures
    serve(calls, answers)


def serve(calls: BinaryIO, answers: BinaryIO) -> None:
    """Make calls until the other side closes or dies, then end at once, even amid a call: nobody waits for it."""
    thread = ThreadPoolExecutor(max_workers=1)
    while call := _read(calls):
        thread.submit(_make, call).add_done_callback(partial(_answer, answers))
    os._exit(0)


def _make(call: bytes) -> object:
    function, arguments, seconds = pickle.loads(call)  # noqa: S301 - from our own parent
    _limit_cpu(seconds)
    return function(*arguments)


def _answer(answers: BinaryIO, call: "Future[Any]") -> None:
    """Send back what the call came to; after anything worse than an ordinary exception, end."""
    fault = call.exception()
    if fault is None:
        _write(answers, RETURNED, call.result())
    elif isinstance(fault, Exception) and not isinstance(fault, MemoryError):
        _write(answers, RAISED, fault)
    else:
        _write(answers, BROKE, type(fault).__name__)
        os._exit(1)


def _write(answers: BinaryIO, outcome: str, value: object) -> None:
    try:
        answer = pickle.dumps((outcome, value))
        if outcome == RAISED:
            pickle.loads(answer)  # noqa: S301 - our own; some exceptions can be pickled and yet not come back
    except (pickle.PicklingError, TypeError, AttributeError, ValueError) as error:
        answer = pickle.dumps((BROKE, f"{type(value).__name__} cannot travel: {error}"))
    answers.write(LENGTH.pack(len(answer)) + answer)
    answers.flush()


def _read(calls: BinaryIO) -> bytes:
    head = calls.read(LENGTH.size)
    return calls.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else b""


def _take_over_streams() -> tuple[BinaryIO, BinaryIO]:
    """Input and output for ourselves; what a library prints goes to the standard error, or it would garble answers."""
    calls, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    return calls, answers


def _limit_memory(size: int) -> None:
    """Bound the address space, where the system knows such a limit; Windows and some others do not."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _limit_cpu(seconds: float) -> None:
    """End even code that never lets go of the interpreter, should the parent die before it can kill us."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        limit = int(used.ru_utime + used.ru_stime + seconds) + 2
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.getrlimit(resource.RLIMIT_CPU)[1]))


if __name__ == "__main__":
    main()
