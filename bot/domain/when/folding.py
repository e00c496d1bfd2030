"""Texts are folded to one way of writing before they are read, and tidied when the phrase is taken out."""

import re
import unicodedata
from collections.abc import Iterable

from bot.domain.when.pieces import HIDDEN, blank

_ONE_WAY = str.maketrans(
    {
        **dict(zip("兩週點號後禮鐘鍾個時過這內農曆節間", "两周点号后礼钟钟个时过这内农历节间", strict=True)),
        **dict.fromkeys("‐‑‒–—−－", "-"),
        **dict.fromkeys("〜～", "~"),
        **dict.fromkeys("‘’ʼ", "'"),
        **dict.fromkeys("·•・", "·"),
        "，": ",",
        "：": ":",
        "（": "(",
        "）": ")",
        "○": "〇",
    }
)
_NOT_SPEECH = re.compile(
    r"(?:https?://|www\.)[!-~]+"
    r"|[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}"
    r"|《[^《》]{0,80}》"
    r"|(?<![\da-z])\+?\d{2,4}-\d{3,4}-\d{4}(?!\d)"
    r"|\+\d{1,3}[ -]?\d[\d -]{6,14}\d"
)
_HAN = re.compile(r"[㐀-鿿]")
_BEFORE = re.compile(
    r"(?:(?<![a-z])(?:on|by|at|for|before|until|till|due|sometime|around|from|in|the|this|(?:no|not) later than"
    r"|starting|as of)\s{1,3}){1,3}$|(?:在|不[晚迟]于|最[晚迟]|截止到?|截至|于|大约|大概)\s?$"
)
_AFTER = re.compile(r"^\s?(?:(?:sharp|at the latest|latest|or so)(?![a-z])|(?:之前|以前|前(?![台往面端期])|左右|前后))")
_EDGE = " \t\r\n,，、;；:：-–—|"


def fold(text: str) -> str:
    """Lower case, half width, simplified where a date word has a traditional form; every letter stays at its place."""
    return "".join(_fold_letter(letter) for letter in text).translate(_ONE_WAY)


def hide_what_is_not_speech(folded: str) -> str:
    """Addresses of the web, telephone numbers and titles in 《》 hold digits and days that nobody means as a date."""
    return blank(folded, (match.span() for match in _NOT_SPEECH.finditer(folded)), HIDDEN)


def is_chinese(folded: str) -> bool:
    return _HAN.search(folded) is not None


def without(text: str, folded: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text without the spans and the small words that led to them, tidied."""
    kept: list[str] = []
    done = 0
    for start, end in spans:
        lead = _BEFORE.search(folded, max(done, start - 40), start)
        trail = _AFTER.match(folded[end : end + 20])
        kept.append(text[done : lead.start() if lead else start])
        done = end + (trail.end() if trail else 0)
    kept.append(text[done:])
    parts = [part.strip(_EDGE) for part in kept]
    joined = " ".join(part for part in parts if part)
    return re.sub(r"\s+", " ", re.sub(r"\(\s*\)|（\s*）", "", joined)).strip(_EDGE)


def _fold_letter(letter: str) -> str:
    if letter < " " or letter == "\x7f":
        return " "
    folded = unicodedata.normalize("NFKC", letter).lower()
    return folded if len(folded) == 1 else letter
