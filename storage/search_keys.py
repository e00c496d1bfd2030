"""Every way in which a customer may be typed: his name's characters, its pinyin, its initials, from any syllable on."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, product

from bot.domain.search import normal, words
from storage.heteronyms import READINGS
from storage.pinyin import sounds

# How many characters of an entry are stored, beginning with a Chinese one or not; what is typed beyond them hardly
# tells customers apart any more, and is compared with the whole keys.
_CHINESE_LIMIT, _LIMIT = 12, 16
# A name with many ambiguous characters has thousands of spellings; the likely ones come first.
_SPELLINGS_LIMIT = 8
# What is left of a Latin word, an id or a phone must be this long to be found from there on.
_PART_LIMIT = 3


def search_keys(name: str, aliases: Iterable[str] = ()) -> tuple[str, ...]:
    """Each name whole: in its normal form, in pinyin and by its initials, in every likely reading.

    重庆长乐银行 gives `重庆长乐银行`, `chongqingchangleyinhang`, `cqclyh`, and as 重 is also read zhong, 长 zhang and
    行 xing, such spellings behind them.
    """
    keys: dict[str, None] = {}
    for each in (name, *aliases):
        units = _units(each)
        keys |= dict.fromkeys(("".join(unit.text for unit in units), *_spellings(units), *_initials(units)))
    return tuple(key for key in keys if key)


def index_entries(
    name: str,
    aliases: Iterable[str] = (),
    *,
    external_id: str | None = None,
    phone: str = "",
    tags: Iterable[str] = (),
) -> frozenset[str]:
    """What the index holds for a customer: whatever one of these begins with finds him.

    A name counts from each of its characters and words on, an id and a phone from each digit on, a tag as a whole.
    About 45 entries of 10 characters for a Chinese name of ten characters.
    """
    entries: set[str] = set()
    for each in (name, *aliases):
        units = _units(each)
        for start in range(len(units)):
            entries |= _from(units[start:])
            entries |= set(_parts(units[start].text))
    for tag in tags:
        entries |= _from(_units(tag))
    for number in (external_id or "", *re.split(r"[,，;；、/|\n]", phone)):
        entries |= {normal(number), *_parts(normal(number))}
    return frozenset(entry_prefix(entry) for entry in entries if entry)


def query_words(text: str) -> tuple[str, ...]:
    """The words of a question; where Chinese and Latin meet, one ends: `重庆cl` asks for both."""
    return tuple(part for word in words(text) for part in re.findall(r"[\u3400-\u9fff]+|[^\u3400-\u9fff]+", word))


def entry_prefix(word: str) -> str:
    """The part of a word for which the entries can answer."""
    return word[: _CHINESE_LIMIT if is_chinese(word) else _LIMIT]


def sound_of(word: str) -> str:
    """A Chinese word as it sounds, so that 常乐 finds 长乐; empty for anything else."""
    return next(iter(_spellings(_units(word))), "") if is_chinese(word) else ""


def is_chinese(text: str) -> bool:
    """Whether it begins with a Chinese character."""
    return bool(text) and "\u3400" <= text[0] <= "\u9fff"


@dataclass(frozen=True, slots=True)
class _Unit:
    """A Chinese character, or a word of other letters and digits, with its likely pronunciations, the best first."""

    text: str
    sounds: tuple[str, ...]


def _units(name: str) -> list[_Unit]:
    text = unicodedata.normalize("NFKC", name)
    units: list[_Unit] = []
    place = 0
    # The name at once, for 重 is chong in 重庆 because the phrase is known. What is not Chinese comes back as it was.
    for sound in sounds(text):
        if text.startswith(sound, place):
            units += _words_of(sound)
            place += len(sound)
        else:
            units.append(_Unit(text[place], _pronunciations(text[place], sound)))
            place += 1
    return units


def _words_of(run: str) -> list[_Unit]:
    """The words between signs and spaces; a mark on a letter (Thai, Hindi) belongs to it and separates nothing."""
    spaced = "".join(each if each.isalnum() or unicodedata.category(each)[0] == "M" else " " for each in run)
    return [_Unit(word, (word,)) for word in words(spaced)]


def _pronunciations(character: str, sound: str) -> tuple[str, ...]:
    sounds = (sound, *READINGS.get(character, ()))
    # ü is typed v on a keyboard, and written u on a shop's sign.
    return tuple(dict.fromkeys((*sounds, *(each.replace("v", "u") for each in sounds))))


def _from(units: Sequence[_Unit]) -> set[str]:
    """The entries of a name from its first unit on."""
    window = units[:_LIMIT]
    # Initials of one letter are no help: whatever sounds like that begins with it.
    initials = _initials(window) if len(window) > 1 else []
    # Cut here as well, or spellings that differ only beyond the limit would use up their number.
    spelled = _spellings(window[: _LIMIT // 2])
    return {"".join(unit.text for unit in window), *spelled, *initials}


def _spellings(units: Sequence[_Unit]) -> list[str]:
    return _combined([unit.sounds for unit in units])


def _initials(units: Sequence[_Unit]) -> list[str]:
    # A number is said whole: 第123店 is d123d.
    return _combined(
        [tuple(dict.fromkeys(each if each.isdigit() else each[0] for each in unit.sounds)) for unit in units]
    )


def _combined(choices: Sequence[Sequence[str]]) -> list[str]:
    """The likely combinations, the likeliest first: `product` varies its last place first, so it gets them reversed."""
    combinations = islice(product(*reversed(choices)), _SPELLINGS_LIMIT)
    return ["".join(reversed(combination)) for combination in combinations] if choices else []


def _parts(text: str) -> list[str]:
    """What is left of a word from its second letter on; one Chinese character has no parts."""
    return [text[start:] for start in range(1, len(text) - _PART_LIMIT + 1)]
