"""When two photos may be one: fingerprints of what they look like, and which of them are worth a closer look."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from itertools import combinations
from typing import NamedTuple

BITS = 60
BANDS = 3  # a fingerprint is found by any third of it
BAND = BITS // BANDS
_ONE_BAND = (1 << BAND) - 1
FAR = 13  # of 60 signs; a copy differs in fewer, two photos in half of them

Shares = tuple[float, float]


class How(StrEnum):
    """By what a photo was recognised: the same bytes, the same file of Telegram's, or what is to be seen on it."""

    FILE = "file"
    TELEGRAM = "telegram"
    LOOKS = "looks"


class Part(IntEnum):
    """The parts of a photo that it is stored under; the numbers are in the store."""

    CENTRE = 0
    UPPER = 1


@dataclass(frozen=True)
class View:
    """How a photo is taken for a copy: what was cut `across` (left, right) and `down` (top, bottom) of the original,

    in shares of it; what of the photo is `inside` its frame (left, top, right, bottom); whether it is mirrored.
    """

    across: Shares = (0.0, 0.0)
    down: Shares = (0.0, 0.0)
    inside: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)
    mirrored: bool = False


@dataclass(frozen=True)
class Look:
    """The signs of a part under a view, as bits, and the weakest of each band: they may have turned."""

    part: Part
    signs: int
    weak: tuple[tuple[int, ...], ...]
    view: View


@dataclass(frozen=True)
class Fingerprint:
    """The signs of the parts that a photo is stored under, and the looks under which it is searched."""

    kept: Mapping[Part, int]
    looks: tuple[Look, ...]

    @property
    def keys(self) -> Iterator[tuple[int, int]]:
        """What finds it: a key for each band of each part, with the signs of that part."""
        for part, signs in self.kept.items():
            for band in range(BANDS):
                yield _key(part, band, signs), signs


@dataclass(frozen=True)
class Candidate:
    """A photo that may be the original, under the view that comes nearest, `differing` in so many of the signs."""

    photo_id: int
    view: View
    differing: int


def keys_to_try(looks: Iterable[Look]) -> dict[int, list[Look]]:
    """The looks by each key that a copy of them may be stored under."""
    tried: dict[int, list[Look]] = {}
    for look in looks:
        for band, weak in enumerate(look.weak):
            for turned in _subsets(weak):
                tried.setdefault(_key(look.part, band, look.signs ^ turned), []).append(look)
    return tried


def _subsets(weak: tuple[int, ...]) -> Iterator[int]:
    for count in range(len(weak) + 1):
        for chosen in combinations(weak, count):
            yield sum(1 << at for at in chosen)


class Stored(NamedTuple):
    """A key of a photo of the store, with the signs of the part that it is of; thousands are made in a search."""

    key: int
    photo_id: int
    signs: int


def nearest(found: Iterable[Stored], tried: Mapping[int, list[Look]], most: int) -> list[Candidate]:
    """The best candidates, at `most` so many, each once."""
    best: dict[int, Candidate] = {}
    for key, photo_id, signs in found:
        for look in tried[key]:
            differing = (signs ^ look.signs).bit_count()
            if differing < FAR and (photo_id not in best or differing < best[photo_id].differing):
                best[photo_id] = Candidate(photo_id, look.view, differing)
    return sorted(best.values(), key=lambda candidate: (candidate.differing, candidate.photo_id))[:most]


def _key(part: Part, band: int, signs: int) -> int:
    """Part, band, and the signs of the band in one number."""
    return (part * BANDS + band) << BAND | signs >> band * BAND & _ONE_BAND
