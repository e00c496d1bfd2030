"""Numbers in words: Chinese numerals, English cardinals, ordinals and years."""

import re

CHINESE = r"(?:\d{1,4}|[〇零一二两三四五六七八九十百廿卅]{1,6})"
_VALUE = {"〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}

_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen"),
    *("fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_FIRSTS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_TENTHS = ("tenth", "eleventh", "twelfth", *(f"{teen}th" for teen in _TEENS[3:]), "twentieth")
_CARDINAL = {word: value for value, word in enumerate((*_ONES, *_TEENS), start=1)} | {"zero": 0} | _TENS
_ORDINAL = {word: value for value, word in enumerate((*_FIRSTS, *_TENTHS), start=1)} | {"thirtieth": 30}

_ones, _tens, _firsts = "|".join(_ONES), "|".join(_TENS), "|".join(_FIRSTS)
# The longer first: "seventeen" begins with "seven".
_small = "|".join((*reversed(_TEENS), *_ONES))
CARDINAL = rf"(?:(?:{_tens})(?:[ -](?:{_ones}))?|{_small})(?![a-z])"
ORDINAL = rf"(?:(?:twenty|thirty)[ -](?:{_firsts})|thirtieth|{'|'.join(reversed(_TENTHS))}|{_firsts})(?![a-z])"
YEAR_IN_WORDS = rf"(?:(?:nineteen|twenty)[ -](?:oh[ -](?:{_ones})|{CARDINAL})|two thousand(?: (?:and )?{CARDINAL})?)"


def chinese_number(text: str) -> int | None:
    """十二 is 12, 廿三 is 23, 二〇二六 is 2026, digits are themselves; None for what is no number (十十, 两三)."""
    if text.isascii():
        return int(text) if text.isdigit() else None
    if len(text) > 1 and all(letter in _VALUE for letter in text):
        # Digit by digit, as years and room numbers are written; 两三 means "two or three".
        is_year = len(text) == 4 or text[0] in "〇零"
        return int("".join(str(_VALUE[letter]) for letter in text)) if is_year else None
    shape = re.fullmatch(
        r"(?:([一二两三四五六七八九])百零?)?(?:([一二三四五六七八九])?(十)|([廿卅])十?)?([〇零一二两三四五六七八九])?",
        text,
    )
    if not shape:
        return None
    hundreds, tens, ten, joined_tens, ones = shape.groups()
    value = _VALUE.get(hundreds or "零", 0) * 100 + _VALUE.get(ones or "零", 0)
    if ten:
        value += 10 * _VALUE.get(tens or "一", 1)
    if joined_tens:
        value += 20 if joined_tens == "廿" else 30
    return value


def english_number(text: str) -> int | None:
    """The number of "twenty-one", "a", "7"; None for other words."""
    if text.isdigit():
        return int(text)
    if text in {"a", "an"}:
        return 1
    values = [_CARDINAL.get(word) for word in re.split(r"[ -]+", text)]
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def english_ordinal(text: str) -> int | None:
    """The number of "5th", "fifth", "twenty-first", and of a bare "5"."""
    digits = re.match(r"\d+", text)
    if digits:
        return int(digits[0])
    words = re.split(r"[ -]+", text)
    last = _ORDINAL.get(words[-1])
    if last is None:
        return None
    return last + sum(_CARDINAL.get(word, 0) for word in words[:-1])


def english_year(text: str) -> int | None:
    """The year of "2026", "'26", "nineteen seventy two", "two thousand and six"."""
    digits = re.search(r"\d+", text)
    if digits:
        return int(digits[0]) + (2000 if len(digits[0]) == 2 else 0)
    words = [word for word in re.split(r"[ -]+", text) if word not in {"and", "oh"}]
    if words[:2] == ["two", "thousand"]:
        return 2000 + (english_number(" ".join(words[2:])) or 0 if words[2:] else 0)
    century, rest = _CARDINAL.get(words[0]), english_number(" ".join(words[1:]))
    return century * 100 + rest if century is not None and rest is not None else None
