"""The pieces that a phrase of time is made of, and the scan that finds them by a grammar's rules."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.when.meanings import Meaning

FOUND = "\x00"  # stands in the text for what a rule has taken; rules that need a neighbour look for it
HIDDEN = "\x01"  # stands for what no rule may read: addresses, titles of books


@dataclass(frozen=True, slots=True)
class Piece:
    start: int
    end: int
    means: Meaning


@dataclass(frozen=True, slots=True)
class Frame:
    """What a text is read against. `spoken` is the text as it came, letter for letter as long as the folded one."""

    now: datetime
    spoken: str
    day_first: bool
    chinese: bool
    is_working_day: Callable[[date], bool]

    @property
    def today(self) -> date:
        return self.now.date()


Found = re.Match[str]
Read = Meaning | tuple[Meaning, ...] | None
Rule = tuple[re.Pattern[str], Callable[[Found, Frame], Read]]


def scan(text: str, rules: Iterable[Rule], frame: Frame) -> list[Piece]:
    """The pieces of a folded text, from left to right; an earlier rule takes its place before a later one reads."""
    pieces: list[Piece] = []
    for pattern, read in rules:
        spans: list[tuple[int, int]] = []
        for match in pattern.finditer(text):
            meaning = read(match, frame)
            if meaning is None:
                continue
            meanings = meaning if isinstance(meaning, tuple) else (meaning,)
            pieces += [Piece(match.start(), match.end(), means) for means in meanings]
            spans.append(match.span())
        text = blank(text, spans, FOUND)
    pieces.sort(key=lambda piece: piece.start)
    return pieces


def blank(text: str, spans: Iterable[tuple[int, int]], mark: str) -> str:
    """The text with each span overwritten by the mark, as long as before."""
    kept: list[str] = []
    done = 0
    for start, end in spans:
        kept += [text[done:start], mark * (end - start)]
        done = end
    return "".join([*kept, text[done:]])
