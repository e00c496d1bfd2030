"""Prints what marking a photo costs in CPU time, against bare decoding and encoding of the same photo.

Run `python tests/bench/watermark.py`. The two are measured in turns, so that both meet the same machine.
"""

import io
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a script, from anywhere

from bot.media.evidence import Mark
from bot.media.watermark import watermark

ROUNDS = 15
SIZES = {"1280 x 960": (1280, 960), "4000 x 3000": (4000, 3000)}
# Headline (with the second at which the photo came), place, point, rep, customer, visit.
FACTS = {
    "Chinese": (
        "2026-11-20 14:05:{:02} 收到",
        "上海市浦东新区世纪大道100号{}",
        "31.2345{:02}, 121.507890",
        "王小明{} +86 138 0013 8000",
        "华联超市{}",
        "#{}",
    ),
    "Latin": (
        "Received 2026-11-20 14:05:{:02}",
        "Storgatan {}, 111 23 Stockholm",
        "59.3293{:02}, 18.068581",
        "Łukasz Żak {} +46 70 123 45 67",
        "ICA Nära {}",
        "#{}",
    ),
}


def mark(language: str, photo_number: int, visit_number: int) -> Mark:
    headline, *facts = FACTS[language]
    return Mark(headline.format(photo_number), tuple(fact.format(visit_number) for fact in facts))


def photo(width: int, height: int) -> bytes:
    """A JPEG about as dense as a phone's: soft shapes with a little noise, 1-2 bits a pixel."""
    soft = Image.effect_noise((width // 8, height // 8), 90).resize((width, height), Image.Resampling.BICUBIC)
    grain = Image.effect_noise((width, height), 12)
    image = Image.merge("RGB", (soft, Image.blend(soft, grain, 0.3), grain))
    return jpeg(image)


def jpeg(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=88)
    return file.getvalue()


def bare(data: bytes) -> bytes:
    image = Image.open(io.BytesIO(data))
    image.load()
    return jpeg(image)


def cpu_seconds(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


def compare(data: bytes, marks: list[Mark]) -> tuple[float, float]:
    """Median CPU seconds of the bare copy and of the marked one."""
    rounds = [(cpu_seconds(partial(bare, data)), cpu_seconds(partial(watermark, data, mark))) for mark in marks]
    plain, marked = zip(*rounds, strict=True)
    return statistics.median(plain), statistics.median(marked)


def main() -> None:
    for size, pixels in SIZES.items():
        data = photo(*pixels)
        for language in FACTS:
            cases = {
                "another visit each time": [mark(language, number, number) for number in range(ROUNDS)],
                "photos of one visit": [mark(language, number, 99) for number in range(ROUNDS)],
            }
            for case, marks in cases.items():
                plain, marked = compare(data, marks)
                print(
                    f"{size:>12}  {language:8} {case:24} bare {plain * 1000:6.1f} ms  marked {marked * 1000:6.1f} ms  "
                    f"ratio {marked / plain:.2f}"
                )


if __name__ == "__main__":
    main()
