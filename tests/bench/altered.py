"""Tries what people do to pictures on real shelf photos, and writes what is said of it into docs/verify.md.

Run `python tests/bench/altered.py`; it takes some minutes. The photos lie beside the project.
"""

import random
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a script, from anywhere
sys.path.insert(0, str(Path(__file__).parents[1]))

from alterations import EVERYTHING, compressed, is_right, jpeg, link, marked, told
from PIL import Image

from bot.demo.shelf import draw_shelf
from bot.media.evidence_photo import compare

ROOT = Path(__file__).parents[2]
SHELVES = ROOT.parent / "shared" / "data" / "images" / "shelves"
PAGE = ROOT / "docs" / "verify.md"
BEGIN, END = "<!-- measured -->", "<!-- /measured -->"


def photos() -> list[bytes]:
    """The public photos, mostly 348 pixels wide, and drawn ones as Telegram and as telephones make them."""
    drawn = [draw_shelf(seed, size) for seed, size in enumerate([(1280, 960), (960, 1280), (1280, 720), (1600, 1200)])]
    with Image.open(SHELVES / sorted(path.name for path in SHELVES.iterdir())[0]) as first:
        large = jpeg(first.convert("RGB").resize((4000, 3000), Image.Resampling.LANCZOS), 88)
    return [path.read_bytes() for path in sorted(SHELVES.iterdir())] + drawn + [large]


def rows(ours: list[tuple[str, bytes]]) -> list[str]:
    """A line for each deed: how often its code was read, and how often exactly that was said which was done."""
    lines = []
    for kind, deeds in EVERYTHING.items():
        for name, deed in deeds.items():
            luck = random.Random(name)
            tries = [told(deed, copy, text, luck) for text, copy in ours]
            read = [(sent, said) for sent, said in tries if said is not None]
            right = sum(is_right(sent, said) for sent, said in read)
            share = f"{right / len(read):.0%}" if read else "–"
            lines.append(f"| {kind} | {name} | {len(read) / len(tries):.0%} | {share} |")
    return lines


def strangers(ours: list[tuple[str, bytes]]) -> str:
    """Another photo that bears the same band: how often it is told from ours."""
    told_apart = sum(compare(ours[at - 1][1], copy).is_other for at, (_, copy) in enumerate(ours))
    return f"{told_apart} of {len(ours)}"


def seconds(ours: list[tuple[str, bytes]]) -> str:
    """CPU seconds of one check."""
    spent = []
    for text, copy in ours:
        before = time.process_time()
        told(compressed(60), copy, text, random.Random(0))
        spent.append(time.process_time() - before)
    return f"{statistics.median(spent):.1f} s, at most {max(spent):.1f} s"


def main() -> None:
    ours = [(link(at), marked(photo, link(at))) for at, photo in enumerate(photos())]
    table = ["| what was done | how | code read | said exactly |", "|---|---|---|---|", *rows(ours)]
    more = [
        f"Another photo under the same band and code is told from ours in {strangers(ours)} cases. "
        f"One check takes {seconds(ours)} of CPU time, in a process of its own ({len(ours)} photos)."
    ]
    text = PAGE.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    tail = rest.partition(END)[2]
    PAGE.write_text(f"{head}{BEGIN}\n" + "\n".join([*table, "", *more]) + f"\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
