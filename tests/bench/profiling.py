"""Prints where the time of one SOP step goes inside Rounds: by thread, by function, per update.

Run `python tests/bench/profiling.py loop` or `… writer`. The profiler itself makes everything slower: read the shares.
"""

import argparse
import pstats
import signal
from contextlib import ExitStack
from pathlib import Path

from machine import machine
from throughput import Bench


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("thread", choices=("loop", "writer"))
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--at-once", type=int, default=64)
    parser.add_argument("--people", type=int, default=3000)
    parser.add_argument("--lines", type=int, default=60)
    parser.add_argument("--keep", type=Path, help="where to copy the .pstats file")
    chosen = parser.parse_args()
    with ExitStack() as stack:
        bench = Bench(stack, chosen.people)
        side = bench.start("rounds", "--profile", chosen.thread)
        measured = bench.measure(side, chosen.seconds, chosen.at_once)
        side.process.send_signal(signal.SIGTERM)
        side.process.wait(30)
        file = bench.folder / "rounds" / f"{chosen.thread}.pstats"
        stats = pstats.Stats(str(file))
        if chosen.keep:
            chosen.keep.write_bytes(file.read_bytes())
    updates, rate = measured["all_replies"], measured["replies"] / chosen.seconds
    print(machine())
    print(f"{rate:.0f} updates/s, {measured['cpu'] / updates * 1e6:.0f} µs of CPU each; thread: {chosen.thread}")
    rows = sorted(stats.stats.items(), key=lambda row: -row[1][3])
    print(f"{'calls':>7} {'own µs':>8} {'with callees':>12}  per update")
    for (path, line, name), (_, calls, own, cumulative, _) in rows[: chosen.lines]:
        where = "/".join(Path(path).parts[-2:])
        shares = (calls / updates, own / updates * 1e6, cumulative / updates * 1e6)
        print("{:7.2f} {:8.1f} {:12.1f}".format(*shares), f" {where}:{line} {name}")


if __name__ == "__main__":
    main()
