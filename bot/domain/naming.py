"""An answer that names its item: `库存 24`, `coke 3.5`, `3: closed`, the caption of a photo."""

import re
import unicodedata
from collections.abc import Sequence

from bot.domain.sop import Item

_NUMBERED = re.compile(r"^[#＃]?\s*(\d{1,3})\s*(?:[:：、]|\.\s)\s*(\S.*)$", re.DOTALL)
_TITLED = re.compile(r"^([^:：\n]{1,60})[:：]\s*(\S.*)$", re.DOTALL)
_AMOUNT = r"[¥￥$€£]?\s*[+-]?\d[\d,.]*\s*(?:[^\W\d_]{1,6})?"
_BEHIND = re.compile(rf"^(\D{{1,60}}?)\s*[=＝]?\s*({_AMOUNT})$")
_BEFORE = re.compile(r"^([¥￥$€£]?\s*[+-]?\d[\d,.]*)\s+(\D{2,60})$")
LEAST_WORD = 4  # letters: "in" and "how" stand in too many titles to name one
_WORD = re.compile(r"[^\W_]+", re.UNICODE)


def named(text: str, items: Sequence[Item]) -> tuple[tuple[Item, ...], str] | None:
    """The items that a text names, of those in the order of their card, and what is said of them; None: it names none.

    A number with a colon is the line of the card. Otherwise every word of the name must be in the item's own words.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    numbered = _NUMBERED.match(text)
    if numbered is not None and 0 < int(numbered[1]) <= len(items):
        return (items[int(numbered[1]) - 1],), numbered[2].strip()
    for pattern, name_at, rest_at in ((_TITLED, 1, 2), (_BEHIND, 1, 2), (_BEFORE, 2, 1)):
        match = pattern.match(text)
        if match is not None:
            found = called(match[name_at], items)
            if found:
                return found, match[rest_at].strip()
    return None


def begun_with(text: str, items: Sequence[Item]) -> tuple[Item, ...]:
    """The items whose name words begin with, as many of the words as make one: "stock a lot", "库存很多"."""
    words = re.split(r"[\s:：=＝]+", unicodedata.normalize("NFKC", text).strip())
    for count in range(len(words), 0, -1):
        if all(len(word) >= LEAST_WORD or not word.isascii() for word in words[:count]):
            found = called(" ".join(words[:count]), items)
            if found:
                return found
    told = "".join(_words(text))
    return tuple(
        item for item in items if any(told.startswith("".join(_words(own))) for own in _own_words(item) if _words(own))
    )


def called(name: str, items: Sequence[Item]) -> tuple[Item, ...]:
    """The items whose words a name uses, those that it names wholly before all others."""
    words = _words(name)
    if not words:
        return ()
    found = [item for item in items if all(_is_in(word, item) for word in words)]
    wholly = [item for item in found if _folded(name) in (_folded(text) for text in _own_words(item))]
    return tuple(wholly or found)


def _own_words(item: Item) -> list[str]:
    return [item.base, item.id.rpartition("@")[2], *item.title.values(), *item.entry.values()]


def _is_in(word: str, item: Item) -> bool:
    """A Chinese word anywhere, another at the beginning of one of the item's."""
    if any("\u3400" <= letter <= "\u9fff" for letter in word):
        return any(word in "".join(_WORD.findall(_folded(text))) for text in _own_words(item))
    return any(own.startswith(word) for text in _own_words(item) for own in _words(text))


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(_folded(text)) if not word.isdecimal()]


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
