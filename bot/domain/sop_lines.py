"""An item in one typed line, its parts in any order: `Stock; number; pieces; 0-999; if Listed = yes; optional`."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.domain.conversation import Refusal
from bot.domain.sop import AMOUNTS, CHOSEN, Kind, Wording
from bot.domain.sop_words import guessed_kind, kind_called, required_by, wording_of

PARTS = re.compile(r"\s*[;；]\s*")
NAMES = re.compile(r"\s*[,，、]\s*")
_CONDITION = re.compile(r"^(?:(?:only )?(?:if|when)\s+|(?:如果|若|当)\s*|条件\s*[:：]\s*)(\S.*)$", re.I | re.S)
_GROUP = re.compile(
    r"^(?:(?:once )?(?:per|for each|for every|each)\s+|(?:每一?个|每款|每种|每家|按)\s*)([^:：]+)(?:[:：]\s*(.+))?$",
    re.I,
)
_HINT = re.compile(r"^(?:hint|提示)\s*[:：]\s*(.+)$", re.I)
_CHECK = re.compile(r"^(check|warn|warning|检查|校验|提醒)\s+([^:：]+)[:：]\s*(.+)$", re.I)
_SOFT = ("warn", "warning", "提醒")
_NUMBER = r"[+-]?\d+(?:\.\d+)?"
_RANGE = re.compile(rf"^({_NUMBER})\s*(?:-|–|—|~|～|\.\.|…|to|到|至)\s*({_NUMBER})$", re.I)
_LEAST = re.compile(rf"^(?:>=|≥|at least|min(?:imum)?|从|至少|不少于|最少)\s*({_NUMBER})\s*\D{{0,12}}$", re.I)
_MOST = re.compile(rf"^(?:<=|≤|at most|max(?:imum)?|up to|至多|不超过|最多)\s*({_NUMBER})\s*\D{{0,12}}$", re.I)
_COUNTED = re.compile(rf"^(.+?)\s*({_NUMBER})$")  # rating 10, 照片 2


@dataclass
class Typed:
    """What a line says of an item; None and empty: it does not say."""

    kind: Kind | None = None
    required: bool | None = None
    choices: list[str] = field(default_factory=list)
    unit: Wording = field(default_factory=dict)
    least: float | None = None
    most: float | None = None
    minimum: int | None = None
    when: str = ""
    hint: Wording = field(default_factory=dict)
    checks: list[tuple[str, Wording, bool]] = field(default_factory=list)
    group: str = ""
    entries: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Line:
    """A new item: its title and what else was typed; its kind may be `guessed` from the title."""

    title: Wording
    typed: Typed
    guessed: bool = False


def lines_of(text: str, language: str) -> list[Line]:
    """The new items of a message, one a line; refuses with the line and the part that says nothing."""
    return [_line(number, line, language) for number, line in _numbered(text)]


def _numbered(text: str) -> Iterator[tuple[int, str]]:
    """Lines that say something; a number or a dash before them, as lists have it, is left out."""
    for number, line in enumerate(unicodedata.normalize("NFC", text).splitlines(), 1):
        told = re.sub(r"^\s*(?:\d{1,3}[.)、]\s+|[-•*·]\s+)", "", line).strip()
        if told:
            yield number, told


def _line(number: int, text: str, language: str) -> Line:
    title, *parts = [part for part in PARTS.split(text) if part] or [""]
    if not title:
        raise Refusal("sop/what_is", line=number, part=text[:60])
    typed = typed_of(parts, language, line=number)
    guessed = typed.kind is None
    if typed.kind is None:
        likely = guessed_kind(title)
        fitting = likely if likely in (Kind.NUMBER, Kind.MONEY) or not typed.unit else Kind.NUMBER
        typed.kind = Kind.ONE_OF if typed.choices else fitting
    _bound(typed, typed.kind)
    return Line(wording_of(title, language), typed, guessed)


def typed_of(parts: list[str], language: str, *, line: int = 1, kind: Kind | None = None) -> Typed:
    """What parts say of an item, of this `kind` unless they say another."""
    typed = Typed()
    left = [part for part in parts if not _taken(typed, part.strip(), language)]
    kind = typed.kind or kind
    for part in left:
        if kind in (None, Kind.NUMBER, Kind.MONEY) and not typed.unit and len(part) <= 20 and not part[0].isdigit():
            typed.unit = wording_of(part, language)
        elif kind in CHOSEN and not typed.choices and NAMES.search(part):
            typed.choices = names_of(part)
        else:
            raise Refusal("sop/what_is", line=line, part=part[:60])
    _bound(typed, kind)
    return typed


def _taken(typed: Typed, part: str, language: str) -> bool:
    """Whether a part is one that says by itself what it is."""
    if (condition := _CONDITION.match(part)) is not None:
        typed.when = condition[1].strip()
    elif (check := _CHECK.match(part)) is not None:
        typed.checks.append((check[2].strip(), wording_of(check[3], language), check[1].casefold() in _SOFT))
    elif (hint := _HINT.match(part)) is not None:
        typed.hint = wording_of(hint[1], language)
    elif (required := required_by(part)) is not None:
        typed.required = required
    elif (group := _GROUP.match(part)) is not None:
        typed.group, typed.entries = group[1].strip(), names_of(group[2] or "")
    elif (between := _RANGE.match(part)) is not None:
        typed.least, typed.most = float(between[1]), float(between[2])
    elif (least := _LEAST.match(part)) is not None:
        typed.least = float(least[1])
    elif (most := _MOST.match(part)) is not None:
        typed.most = float(most[1])
    else:
        return _kind_taken(typed, part)
    return True


def _kind_taken(typed: Typed, part: str) -> bool:
    """A kind, alone, with its answers behind a colon, or with a number behind it."""
    kind = kind_called(part)
    if kind is not None:
        typed.kind = kind
        return True
    head, colon, rest = re.sub("：", ":", part).partition(":")
    if colon and kind_called(head) in CHOSEN:
        typed.kind, typed.choices = kind_called(head), names_of(rest)
        return True
    counted = _COUNTED.match(part)
    kind = kind_called(counted[1]) if counted is not None else None
    if counted is not None and kind in (Kind.RATING, Kind.PHOTO, Kind.TEXT):
        typed.kind = kind
        typed.least, typed.most = (None, float(counted[2])) if kind is Kind.RATING else (float(counted[2]), None)
        return True
    return False


def _bound(typed: Typed, kind: Kind | None) -> None:
    """What is at least wanted counts photos, characters or choices where there is no amount to bound."""
    if typed.least is not None and kind is not None and kind not in AMOUNTS:
        typed.minimum, typed.least = int(typed.least), None
    if kind is Kind.RATING:
        typed.least = None


def names_of(text: str) -> list[str]:
    """Short names with commas between."""
    return [name for name in (part.strip() for part in NAMES.split(text.strip())) if name]
