"""Reduces any text to what our fonts can show on one line.

The rule for a letter that no font has: its plain form if Unicode names one (a fancy A becomes A, an accent that we
lack is dropped); else letters and digits leave one "…" for the whole stretch, so that the reader sees that something
is missing; emoji and other signs leave nothing.
"""

import re
import unicodedata
from functools import lru_cache

from bot.media.fonts import face_for

MOST_LETTERS = 400  # of one line; more could never be shown
_MOST_MARKS = 2  # above or below one letter: Thai and Arabic need two, only mischief needs more
_ZWNJ = "\u200c"  # keeps two Arabic letters of one word apart
_GAP = "\ue000"  # a private letter, so that nothing which came in can be taken for it


@lru_cache(maxsize=512)  # a rep's and a customer's name come with every photo
def legible(text: str) -> str:
    """One line, without control, invisible or direction-changing characters, without letters that no font has."""
    kept: list[str] = []
    marks = 0
    for letter in unicodedata.normalize("NFC", text[:MOST_LETTERS]):
        shown = _shown(letter)
        is_mark = unicodedata.category(letter).startswith("M")
        marks = marks + 1 if is_mark else 0
        if is_mark and (marks > _MOST_MARKS or not kept or kept[-1] in (" ", _GAP)):
            continue
        if shown == _ZWNJ and not (kept and _is_arabic(kept[-1])):
            continue
        if shown:
            kept.append(shown)
    line = re.sub(f"{_GAP}(?: *{_GAP})*", "…", "".join(kept))
    return " ".join(line.split()).strip(_ZWNJ)


@lru_cache(maxsize=16_384)
def _shown(letter: str) -> str:
    category = unicodedata.category(letter)
    if category == "Cc" or category.startswith("Z"):
        return " "
    if letter == _ZWNJ:
        return letter
    if category.startswith("C"):
        return ""
    plain = unicodedata.normalize("NFKC", letter)
    bare = unicodedata.normalize("NFKD", letter)[:1]
    for form in (letter, plain, bare):
        if (form == letter or form.isalnum()) and face_for(form) is not None:
            return form
    return _GAP if category[0] in "LN" else ""


def _is_arabic(letter: str) -> bool:
    return "\u0600" <= letter <= "\u06ff"
