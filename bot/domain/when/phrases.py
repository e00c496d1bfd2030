"""Pieces that stand side by side make one phrase."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.domain.when.meanings import Ahead, Clock, DayEnd, Loose, Meaning, PartOfDay, Year
from bot.domain.when.pieces import Piece

_JOIN = re.compile(
    r"[\s,、()·|@*.的在于-]{0,6}"
    r"(?:(?:at|on|in|of|the|around|about|by|for|from|to|sometime|is|also|大概|大约|约|差不多)[\s,]{0,3}){0,3}"
)
_RANGE = re.compile(r"\s?(?:-|~|to|until|till|through|到|至)\s?(?:about |the )?")
_EITHER = re.compile(r"[\s,、]{0,3}(?:(?:-|~|/|or|and|to|until|till|或者?|和|跟|到|至|、)\s?(?:on |the )?)?")
_LONGEST_GAP = 24
_SPACE = " ,:()\t\r\n"

_M = TypeVar("_M", bound=Meaning)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Neighbouring pieces; `ends_range` where it is the far end of what the phrase before it began."""

    pieces: tuple[Piece, ...]
    ends_range: bool = False

    @property
    def means(self) -> tuple[Meaning, ...]:
        return tuple(piece.means for piece in self.pieces)

    @property
    def start(self) -> int:
        return self.pieces[0].start

    @property
    def end(self) -> int:
        return max(piece.end for piece in self.pieces)

    def every(self, kind: type[_M]) -> list[_M]:
        return [means for means in self.means if isinstance(means, kind)]

    @property
    def is_nothing_alone(self) -> bool:
        """Whether it is no time by itself: "morning" alone is a greeting, "2024" a report."""
        return all(isinstance(m, PartOfDay) or (isinstance(m, Year) and m.by_number) for m in self.means)


def phrases_of(text: str, pieces: Sequence[Piece]) -> list[Phrase]:
    """The phrases of a folded text, from left to right; of "2pm to 4pm" only the beginning is kept as an hour."""
    phrases: list[list[Piece]] = []
    ends_range: list[bool] = []
    reach = 0
    for piece in pieces:
        gap = text[reach : piece.start] if phrases and piece.start - reach <= _LONGEST_GAP else None
        last = phrases[-1][-1] if phrases else None
        reach = max(reach, piece.end)
        is_range = bool(gap and _RANGE.fullmatch(gap))
        if last and is_range and isinstance(piece.means, Clock) and isinstance(last.means, Clock):
            phrases[-1][-1] = Piece(last.start, piece.end, last.means)
        elif gap is not None and (_JOIN.fullmatch(gap) and not (is_range and _same_sort(last, piece))):
            phrases[-1].append(piece)
        else:
            phrases.append([piece])
            ends_range.append(is_range)
    return [Phrase(tuple(phrase), is_end) for phrase, is_end in zip(phrases, ends_range, strict=True)]


def spans_of(text: str, phrases: Sequence[Phrase]) -> list[tuple[int, int]]:
    """Where phrases stand, without the space around them; two that only "or" parts are one span."""
    spans: list[tuple[int, int]] = []
    for phrase in phrases:
        start, end = phrase.start, phrase.end
        while start < end and text[start] in _SPACE:
            start += 1
        while end > start and text[end - 1] in _SPACE:
            end -= 1
        if text[end : end + 1] == ")" and text.count("(", start, end) > text.count(")", start, end):
            end += 1
        if spans and start - spans[-1][1] <= _LONGEST_GAP and _EITHER.fullmatch(text[spans[-1][1] : start]):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def are_alternatives(text: str, one: Phrase, other: Phrase) -> bool:
    """Whether only "or", "and", "to" or a comma stands between two phrases."""
    return 0 <= other.start - one.end <= _LONGEST_GAP and bool(_EITHER.fullmatch(text[one.end : other.start]))


def _same_sort(last: Piece | None, piece: Piece) -> bool:
    """Whether a dash between the two parts them as from and to; in "Friday - 3pm" it does not."""
    hours = (Clock, PartOfDay, DayEnd)
    if last is None or isinstance(piece.means, Ahead | Loose):
        return False
    return isinstance(last.means, hours) == isinstance(piece.means, hours)
