"""Weigh the customers that a search has found: how well each one's names answer the words that were typed."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from storage.search_keys import is_chinese, query_words, sound_of

_SHORTEST_CHINESE, _SHORTEST_LATIN = 3, 4  # a shorter word with a typo could be anything
_BY_SOUND = 99.0  # next to the word itself


@dataclass(frozen=True)
class Asked:
    """A word that was typed, and how it sounds if it is Chinese (empty otherwise)."""

    word: str
    sound: str = field(init=False)
    is_chinese: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sound", sound_of(self.word))
        object.__setattr__(self, "is_chinese", is_chinese(self.word))

    @property
    def typos(self) -> int:
        """How many wrong letters are forgiven."""
        if len(self.word) < (_SHORTEST_CHINESE if self.is_chinese else _SHORTEST_LATIN):
            return 0
        return 1 if len(self.word) < (6 if self.is_chinese else 10) else 2


def read_question(text: str) -> tuple[Asked, ...]:
    """The words of a question."""
    return tuple(Asked(word) for word in query_words(text))


def place(asked: Sequence[Asked], keys: Sequence[str]) -> tuple[float, int]:
    """Where a customer that holds all words stands, smaller is better; `keys` are his whole names (`search_keys`).

    The name itself goes before pinyin and aliases, a whole name before its beginning and that before its middle; what
    was found by something else (phone, id, tag) comes last. Of two equal ones the shorter name is the closer one.
    """
    return sum(_closeness(each.word, keys) for each in asked), len(keys[0])


def _closeness(word: str, keys: Sequence[str]) -> float:
    best = 3.0
    for number, key in enumerate(keys):
        if word in key:
            closeness = 0.0 if word == key else 1.0 if key.startswith(word) else 2.0
            best = min(best, closeness + (0.5 if number else 0.0))
    return best


def pieces(asked: Asked) -> tuple[str, ...]:
    """What is left of the word if a typo is somewhere in it: one of these begins an entry of the customer meant.

    Of Chinese, its sound (常乐 for 长乐) and its halves, for every character begins an entry. Of Latin letters, the
    first half, and every ending that is no shorter than a third, for one of them begins a syllable.
    """
    word, length = asked.word, len(asked.word)
    if not asked.typos:
        return tuple(dict.fromkeys((word, asked.sound or word)))
    if asked.is_chinese:
        return tuple(dict.fromkeys((asked.sound, word[: (length + 1) // 2], word[length // 2 :])))
    shortest = max(_SHORTEST_LATIN - 1, length // 3)
    return (word[: max(shortest, length // 2)], *(word[start:] for start in range(1, length - shortest + 1)))


def likeness(asked: Asked, keys: Sequence[str]) -> float:
    """How nearly one of the names holds the word, up to 100; 0 when too many letters differ."""
    if any(asked.word in key for key in keys):
        return 100.0
    if asked.sound and any(asked.sound in key for key in keys):
        return _BY_SOUND
    if not asked.typos:
        return 0.0
    # A wrong letter, a missing one and two exchanged ones each cost the ratio 1/length.
    cutoff = 100 * (1 - asked.typos / len(asked.word)) - 0.01
    best = 0.0
    for key in keys:
        # Characters are not compared with pinyin, and a much shorter key would itself be looked for in the word.
        if is_chinese(key) == asked.is_chinese and len(key) >= len(asked.word) - asked.typos:
            compare = fuzz.partial_ratio if len(key) >= len(asked.word) else fuzz.ratio
            best = max(best, compare(asked.word, key, score_cutoff=max(best, cutoff)))
    return best
