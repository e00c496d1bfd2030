"""Makes docs/photos.md: how many copies of photos are known again, and how many strangers are taken for copies.

Run `python tests/photos_report.py [--photos FOLDER] > docs/photos.md`; without a folder it reads the public photos of
shelves beside the project. Every copy has its own luck, so that a part of the photos gives a part of the same answers.
"""

import argparse
import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a script, from anywhere

from photo_copies import BEYOND, COPIES, Change, jpeg, opened, taken_again

from bot.demo.shelf import draw_shelf
from bot.domain.likeness import Candidate, Fingerprint, Stored, keys_to_try, nearest
from bot.media.comparison import likeness
from bot.media.fingerprint import fingerprint
from bot.media.pair import COPY

ROOT = Path(__file__).resolve().parents[1]
SHELVES = ROOT.parent / "shared" / "data" / "images" / "shelves"
PAGE = ROOT / "docs" / "photos.md"
DRAWN = 100
MOST = 8  # candidates that are looked at closely


@dataclass
class Gallery:
    """Photos in a store, each with what it was cut from: parts of one photo are no strangers to each other."""

    photos: list[bytes] = field(default_factory=list)
    origins: list[str] = field(default_factory=list)
    _rows: dict[int, list[Stored]] = field(default_factory=dict)
    prints: list[Fingerprint | None] = field(default_factory=list)

    def add(self, photo: bytes, origin: str) -> None:
        number, one = len(self.photos), fingerprint(photo)
        self.photos.append(photo)
        self.origins.append(origin)
        self.prints.append(one)
        for key, signs in one.keys if one is not None else ():
            self._rows.setdefault(key, []).append(Stored(key, number, signs))

    def alike(self, one: Fingerprint | None) -> list[Candidate]:
        if one is None:
            return []
        tried = keys_to_try(one.looks)
        return nearest([row for key in tried for row in self._rows.get(key, ())], tried, MOST)

    def is_copy(self, photo: bytes, candidate: Candidate) -> bool:
        new, earlier = (opened(data).convert("L") for data in (photo, self.photos[candidate.photo_id]))
        return likeness(new, earlier, candidate.view) >= COPY


def found(gallery: Gallery, number: int, photo: bytes) -> tuple[bool, bool]:
    """Whether the photo of that number is a candidate for this one, and confirmed."""
    for candidate in gallery.alike(fingerprint(photo)):
        if candidate.photo_id == number:
            return True, gallery.is_copy(photo, candidate)
    return False, False


def recall(gallery: Gallery, numbers: Sequence[int], change: Change, name: str) -> tuple[int, int]:
    """How many changed copies of these photos are candidates, and how many are confirmed."""
    candidates = confirmed = 0
    for number in numbers:
        luck = random.Random(f"{name} of {gallery.origins[number]}")
        one, both = found(gallery, number, jpeg(change(opened(gallery.photos[number]), luck)))
        candidates, confirmed = candidates + one, confirmed + both
    return candidates, confirmed


def strangers(gallery: Gallery) -> tuple[int, int, int]:
    """Pairs of photos of different things; how many of them are candidates, and how many are taken for copies."""
    pairs = candidates = confirmed = 0
    for number, one in enumerate(gallery.prints):
        origin = gallery.origins[number]
        pairs += sum(other != origin for other in gallery.origins[:number])
        for candidate in gallery.alike(one):
            if gallery.origins[candidate.photo_id] != origin:
                candidates += 1
                confirmed += gallery.is_copy(gallery.photos[number], candidate)
    return pairs, candidates, confirmed


def read(folder: Path) -> Gallery:
    gallery = Gallery()
    for path in sorted(folder.glob("*.jpg")):
        gallery.add(path.read_bytes(), path.stem)
    return gallery


def with_strangers(gallery: Gallery) -> Gallery:
    """The same photos, the ninths of each, and drawn shelves: many rows of similar things in one light."""
    larger = Gallery()
    for photo, origin in zip(gallery.photos, gallery.origins, strict=True):
        larger.add(photo, origin)
        whole = opened(photo)
        width, height = whole.width // 3, whole.height // 3
        for left in range(0, 3 * width, width):
            for top in range(0, 3 * height, height):
                larger.add(jpeg(whole.crop((left, top, left + width, top + height)), 92), origin)
    for seed in range(DRAWN):
        larger.add(draw_shelf(seed, (640, 480)), f"drawn {seed}")
    return larger


def table(gallery: Gallery, changes: Mapping[str, Change]) -> list[str]:
    numbers = range(len(gallery.photos))
    lines = ["| copy | candidate | confirmed |", "|---|---|---|"]
    for name, change in changes.items():
        candidates, confirmed = recall(gallery, numbers, change, name)
        lines.append(f"| {name} | {candidates} of {len(numbers)} | {confirmed} of {len(numbers)} |")
    return lines


def page(folder: Path) -> str:
    gallery = read(folder)
    number = len(gallery.photos)
    again, told = recall(gallery, range(number), taken_again, "taken again")
    larger = with_strangers(gallery)
    pairs, candidates, confirmed = strangers(larger)
    blank = sum(one is None for one in larger.prints)
    lines = [
        "# Photos that were seen before",
        "",
        f"Made by `python tests/photos_report.py` from {number} phone photos of shop shelves (464 pixels;",
        "GroceryStoreDataset, MIT). `--photos FOLDER` tries others.",
        "",
        "A photo is kept under the signs of the 60 lowest frequencies of two of its parts, and found by any third of",
        "them. What is found is a *candidate*. Before anybody is told, it is laid over the original: where at least",
        f"{COPY:.0%} of the detail is the same at the same place, it is *confirmed*. To find the candidates among a",
        "million photos took 17 ms on a busy machine, a hundredth of a scan (`python tests/bench/fingerprints.py`).",
        "",
        "## Copies that are known again",
        "",
        *table(gallery, COPIES),
        "",
        "What is not promised, and how far it goes all the same:",
        "",
        *table(gallery, BEYOND),
        "",
        "## Strangers that are taken for copies",
        "",
        f"{len(larger.photos)} photos (the same, the ninths of each, {DRAWN} drawn shelves) make {pairs:,} pairs of",
        f"different things: {candidates} candidates, **{confirmed} confirmed**. {blank} of the photos shows too little",
        "to be told from others, and is only known by its bytes; so are dark photos, walls and fog.",
        "",
        "## The same shelf, photographed again",
        "",
        "That is no copy, and nothing to flag. No shelf is twice among these photos, so another standpoint is drawn:",
        "turned by up to 3°, each corner off by 3 to 11 %, in other light.",
        f"{again} of {number} are candidates, **{told} are taken for copies**. A photo that was really taken again",
        "differs in more: what hides behind what, what was sold. This is why a person looks at the pair, and why the",
        "rep can say a word about it.",
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, default=SHELVES)
    sys.stdout.write(page(parser.parse_args().photos))


if __name__ == "__main__":
    main()
