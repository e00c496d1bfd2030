"""The order in which a line that mixes directions is drawn, and Arabic's joined letters for machines that cannot join.

A small part of the Unicode bidirectional algorithm, without embeddings (the text has none left, see `legible`) and
with one liberty: a telephone number, a date or a pair of coordinates is one number, spaces and all. By the letter of
the algorithm an Arabic line would swap latitude and longitude.
"""

import re
import unicodedata
from functools import cache
from itertools import pairwise

_NUMBER = re.compile(r"[+#±№]?\d(?:[\d .,:/()\-+°]*[\d°])?")
_MIRROR = str.maketrans("()[]{}<>«»", ")(][}{><»«")
_FORM = {(True, True): "medial", (True, False): "final", (False, True): "initial", (False, False): "isolated"}
_LAM, _TATWEEL = "\u0644", "\u0640"


def levels(line: str) -> list[int]:
    """The embedding level of each character: even runs to the right, odd to the left, 2 is a number within the odd."""
    kinds = _kinds(line)
    base = next(("L" if kind == "L" else "R" for kind in kinds if kind in "LR"), "L")
    strong = base
    for at, kind in enumerate(kinds):
        if kind in "LR":
            strong = kind
        elif kind == "D" and strong == "L":
            kinds[at] = "L"
    _settle_neutrals(kinds, base)
    return [{"L": 0 if base == "L" else 2, "R": 1, "D": 2}[kind] for kind in kinds]


def _kinds(line: str) -> list[str]:
    """L and R for letters, D for what belongs to a number, N for what takes its neighbours' direction."""
    kinds: list[str] = []
    for letter in line:
        match unicodedata.bidirectional(letter):
            case "L":
                kinds.append("L")
            case "R" | "AL":
                kinds.append("R")
            case "NSM" | "BN" if kinds:
                kinds.append(kinds[-1])
            case _:
                kinds.append("N")
    for number in _NUMBER.finditer(line):
        kinds[number.start() : number.end()] = "D" * len(number.group())
    return kinds


def _settle_neutrals(kinds: list[str], base: str) -> None:
    edges = [-1, *(at for at, kind in enumerate(kinds) if kind != "N"), len(kinds)]
    for before, after in pairwise(edges):
        left = base if before < 0 else kinds[before].replace("D", "R")
        right = base if after == len(kinds) else kinds[after].replace("D", "R")
        for at in range(before + 1, after):
            kinds[at] = left if left == right else base


def drawing_order(level_of: list[int]) -> list[int]:
    """The indexes of pieces, each with its level, from the left edge to the right one."""
    order = list(range(len(level_of)))
    for level in range(max(level_of, default=0), 0, -1):
        at = 0
        while at < len(order):
            end = at
            while end < len(order) and level_of[order[end]] >= level:
                end += 1
            order[at:end] = reversed(order[at:end])
            at = end + 1
    return order


def drawn_backwards(text: str) -> str:
    """Right-to-left `text` for a plain left-to-right pen: Arabic joined, vowel marks dropped, brackets mirrored."""
    letters = [letter for letter in text if not unicodedata.category(letter).startswith("M")]
    return "".join(reversed(_joined(letters))).translate(_MIRROR)


def _joined(letters: list[str]) -> list[str]:
    """Each Arabic letter in the form that its neighbours ask for, lam and alef as the one sign that they must be."""
    shapes, out, at = _shapes(), [], 0
    reaches_on = False  # whether the letter before stretches out its hand
    while at < len(letters):
        letter, following = letters[at], letters[at + 1] if at + 1 < len(letters) else ""
        if letter == _LAM and letter + following in shapes:
            letter, following = letter + following, ""
            at += 1
        forms = shapes.get(letter, {})
        takes = reaches_on and "final" in forms
        gives = "initial" in forms and (following == _TATWEEL or "final" in shapes.get(following, {}))
        form = {(True, True): "medial", (True, False): "final", (False, True): "initial"}.get(
            (takes, gives), "isolated"
        )
        out.append(forms.get(form, letter))
        reaches_on = gives or letter == _TATWEEL
        at += 1
    return [letter for letter in out if letter != "\u200c"]


@cache
def _shapes() -> dict[str, dict[str, str]]:
    """Letter (or lam and alef together) → its isolated, final, initial and medial form, as Unicode's own data says."""
    shapes: dict[str, dict[str, str]] = {}
    for code in (*range(0xFB50, 0xFC00), *range(0xFE80, 0xFEFD)):
        form, *parts = unicodedata.decomposition(chr(code)).split() or ("",)
        letters = "".join(chr(int(part, 16)) for part in parts)
        if len(letters) == 1 or (len(letters) == 2 and code >= 0xFEF5):
            shapes.setdefault(letters, {})[form.strip("<>")] = chr(code)
    return shapes
