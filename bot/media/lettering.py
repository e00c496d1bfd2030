"""Measures, breaks and draws lines of any script that our fonts have, mixed on one line or not."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from PIL import Image, ImageDraw, features

from bot.media import bidi
from bot.media.fonts import draws, face_for, font

Colour = tuple[int, int, int]


class Piece(NamedTuple):
    """A stretch of a line in one face and one direction."""

    text: str
    face: int
    to_left: bool


class Ink(NamedTuple):
    """A drawn piece: its coverage ("L"), and where its corner lies from the pen's place on the baseline, in pixels."""

    shape: Image.Image
    left: int
    top: int


@cache
def can_shape() -> bool:
    """Whether this machine has the system's text layout."""
    return bool(features.check("raqm"))


@dataclass(frozen=True)
class Pen:
    """Writes at `size` pixels.

    `shaped` uses the system's text layout, with every mark in its place; it needs libfribidi, which a bare machine
    lacks. Without it right-to-left lines and Arabic's joins are made by `bidi`, less finely but legibly.
    """

    size: int
    shaped: bool = field(default_factory=can_shape)

    @property
    def pitch(self) -> int:
        """From one row's baseline to the next, in pixels; roomy enough for Thai and Arabic."""
        return round(self.size * 1.42)

    def width(self, line: str) -> float:
        return sum(_advance(self, piece) for piece in pieces(line))

    def rows(self, line: str, room: float, most: int) -> list[str]:
        """The line broken into at most `most` rows no wider than `room`; what does not fit ends in "…"."""
        rows: list[str] = []
        while self.width(line) > room:
            if len(rows) == most - 1:
                return [*rows, self._shortened(line, room)]
            at = self._break(line, room)
            rows.append(line[:at].rstrip())
            line = line[at:].lstrip()
        return [*rows, line] if line else rows

    def write(self, panel: Image.Image, left: float, baseline: int, line: str, colour: Colour) -> float:
        """Draw the line on an RGB panel; where the next one could begin, in pixels from the panel's left edge."""
        for piece in pieces(line):
            ink = _ink(self, piece)
            panel.paste(colour, (round(left) + ink.left, baseline + ink.top), ink.shape)
            left += _advance(self, piece)
        return left

    def as_drawn(self, piece: Piece) -> tuple[str, Literal["rtl", "ltr"] | None]:
        """The piece as this pen's layout wants it: text and direction."""
        if self.shaped:
            return piece.text, "rtl" if piece.to_left else "ltr"
        return bidi.drawn_backwards(piece.text) if piece.to_left else piece.text, None

    def _shortened(self, line: str, room: float) -> str:
        fits = _longest(line, lambda part: self.width(part.rstrip() + "…") <= room)
        return line[:fits].rstrip() + "…"

    def _break(self, line: str, room: float) -> int:
        """Where to break: at the last good place that fits, unless that leaves the row less than half full."""
        fits = max(1, _longest(line, lambda part: self.width(part) <= room))
        good = (at for at in range(fits, fits // 2, -1) if _may_break(line, at))
        return next(good, fits)


@lru_cache(maxsize=512)
def _advance(pen: Pen, piece: Piece) -> float:
    text, direction = pen.as_drawn(piece)
    return font(piece.face, pen.size, shaped=pen.shaped).getlength(text, direction=direction)


@lru_cache(maxsize=64)  # the photos of one visit say the same but for the time; drawing it is half of the work
def _ink(pen: Pen, piece: Piece) -> Ink:
    text, direction = pen.as_drawn(piece)
    face = font(piece.face, pen.size, shaped=pen.shaped)
    roomy = Image.new("L", (round(_advance(pen, piece)) + 2 * pen.size, 4 * pen.size))
    ImageDraw.Draw(roomy).text((pen.size, 2 * pen.size), text, fill=255, font=face, anchor="ls", direction=direction)
    box = roomy.getbbox() or (0, 0, 1, 1)
    return Ink(roomy.crop(box), box[0] - pen.size, box[1] - 2 * pen.size)


@lru_cache(maxsize=512)
def pieces(line: str) -> tuple[Piece, ...]:
    """The line as pieces from left to right, each to be drawn in one go."""
    letters = _faced(line)
    level_of = bidi.levels("".join(letter for letter, _ in letters))
    cut: list[tuple[list[str], int, int]] = []
    for (letter, face), level in zip(letters, level_of, strict=True):
        if cut and cut[-1][1:] == (face, level):
            cut[-1][0].append(letter)
        else:
            cut.append(([letter], face, level))
    order = bidi.drawing_order([level for _, _, level in cut])
    return tuple(Piece("".join(cut[at][0]), cut[at][1], cut[at][2] % 2 == 1) for at in order)


def _faced(line: str) -> list[tuple[str, int]]:
    """Each letter with its face: one face a word where one can draw it all, so that no word looks patched."""
    faced: list[tuple[str, int]] = []
    for word in re.findall(r" +|[^ ]+", line):
        whole = face_for(word)
        for letter in word:
            face = whole if whole is not None else face_for(letter)
            if faced and _sticks(letter):
                face = faced[-1][1] if draws(faced[-1][1], letter) else None
            elif letter == " " and faced and draws(faced[-1][1], " "):
                face = faced[-1][1]
            if face is not None:
                faced.append((letter, face))
    return faced


def _longest(line: str, fits: Callable[[str], bool]) -> int:
    """The length of the longest beginning that fits, never between a letter and its marks."""
    low, high = 0, len(line)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(line[:middle]) else (low, middle - 1)
    while 0 < low < len(line) and _sticks(line[low]):
        low -= 1
    return low


def _sticks(letter: str) -> bool:
    return unicodedata.category(letter)[0] == "M" or letter == "\u200c"


def _may_break(line: str, at: int) -> bool:
    """Between words, and between Chinese characters where no closing mark would begin the next row."""
    before, after = line[at - 1], line[at : at + 1]
    if not after or before == " " or after == " ":
        return True
    if unicodedata.category(after) in ("Pe", "Pf", "Po", "Mn") or unicodedata.category(before) in ("Ps", "Pi"):
        return False
    return unicodedata.east_asian_width(before) in "WF" or unicodedata.east_asian_width(after) in "WF"
