"""Writes what pypinyin knows as a small table, in a process of its own.

Its dictionaries take 57 MB and half a second of the interpreter; what is wanted of them takes 8 MB.
"""

import marshal
import sys
from array import array
from functools import cache

from pypinyin.constants import PHRASES_DICT, PINYIN_DICT, Style
from pypinyin.style import convert

Told = tuple[bytes, list[str], list[str], dict[str, list[int]]]
"""For each code point a number (0: no sound), the sounds by number, the phrases read as their characters are, the other
phrases with the numbers of their sounds."""


@cache
def _plain(sound: str) -> str:
    return str(convert(sound, Style.NORMAL, True, default=sound))


def made() -> Told:
    """The table, from pypinyin's own."""
    sounds, numbers = [""], {"": 0}

    def number_of(sound: str) -> int:
        plain = _plain(sound)
        if plain not in numbers:
            numbers[plain] = len(sounds)
            sounds.append(plain)
        return numbers[plain]

    characters = array("H", bytes(2 * (max(PINYIN_DICT) + 1)))
    for code, readings in PINYIN_DICT.items():
        characters[code] = number_of(readings.partition(",")[0])
    as_usual, otherwise = [], {}
    for phrase, in_tones in PHRASES_DICT.items():
        said = [number_of(each[0]) for each in in_tones]
        if said == [characters[ord(character)] for character in phrase]:
            as_usual.append(phrase)
        else:
            otherwise[phrase] = said
    return characters.tobytes(), sounds, as_usual, otherwise


if __name__ == "__main__":
    sys.stdout.buffer.write(marshal.dumps(made()))
