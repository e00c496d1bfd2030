"""How Chinese text sounds, without tones: pypinyin's answers from a table that fits a quiet process."""

import marshal
import subprocess
import sys
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_MAKING_MOST = 60.0  # seconds; half a one where nothing else runs


@dataclass(frozen=True, slots=True)
class _Table:
    """`characters` holds the number of each code point's sound; `phrases` are matched whole, the longest first."""

    characters: Sequence[int]
    sounds: tuple[str, ...]
    phrases: frozenset[str]
    otherwise: Mapping[str, list[int]]
    longest: int

    def number_of(self, character: str) -> int:
        code = ord(character)
        return self.characters[code] if code < len(self.characters) else 0


def prepare() -> None:
    """Get the table ready, in a thread: the first question would have to wait for it."""
    _table()


def sounds(text: str) -> list[str]:
    """A sound for each Chinese character, 重 being chong in 重庆 for the phrase is known; other text in one piece."""
    table = _table()
    said: list[str] = []
    rest = place = 0
    while place < len(text):
        phrase = _phrase_at(text, place, table)
        numbers = table.otherwise.get(phrase) or [table.number_of(character) for character in phrase]
        if numbers == [0]:
            place += 1
            continue
        if rest < place:
            said.append(text[rest:place])
        said += [table.sounds[number] for number in numbers]
        place += len(phrase)
        rest = place
    if rest < place:
        said.append(text[rest:])
    return said


def _phrase_at(text: str, place: int, table: _Table) -> str:
    """The longest known phrase that begins there, or else the one character."""
    if table.number_of(text[place]):
        for length in range(min(table.longest, len(text) - place), 1, -1):
            phrase = text[place : place + length]
            if phrase in table.phrases:
                return phrase
    return text[place]


@cache
def _table() -> _Table:
    command = [sys.executable, "-P", str(Path(__file__).with_name("pinyin_table.py"))]
    made = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=_MAKING_MOST)  # noqa: S603 - our own
    characters, heard, as_usual, otherwise = marshal.loads(made.stdout)  # noqa: S302 - our own process
    phrases = frozenset(as_usual) | otherwise.keys()
    return _Table(array("H", characters), tuple(heard), phrases, otherwise, max(map(len, phrases)))
