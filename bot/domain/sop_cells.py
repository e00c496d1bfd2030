"""Choices and two languages in one cell: `good = As agreed | 符合约定`, a line for each choice."""

import hashlib
import re
from collections.abc import Mapping, Sequence

from bot.domain.sop import Choice, Wording
from bot.domain.sop_checking import ID_MOST

_SPECIAL = {"\\": "\\", "|": "|", "｜": "｜", "=": "=", "＝": "＝", "\n": "n"}
_CHINESE = re.compile("[\u3400-\u9fff]")
_BETWEEN = re.compile(r"[,，、;；]")


def language_of(text: str) -> str:
    """The language that a text is taken for which nobody has named."""
    return "zh_Hans" if _CHINESE.search(text) else "en"


def wording_written(wording: Wording) -> str:
    """Both languages in a cell, English first; of one alone only it, where its letters tell which it is."""
    en, zh = (_escaped(wording.get(language, "")) for language in ("en", "zh_Hans"))
    if en and zh:
        return f"{en} | {zh}"
    if en:
        return en if language_of(en) == "en" else f"{en} |"
    return zh if language_of(zh) == "zh_Hans" or not zh else f"| {zh}"


def wording_read(cell: str) -> dict[str, str]:
    """The languages of such a cell that say something."""
    parts = [_plain(part) for part in _parted(cell, "|｜", 1)]
    if len(parts) == 1:
        return {language_of(parts[0]): parts[0]} if parts[0] else {}
    return {language: text for language, text in zip(("en", "zh_Hans"), parts, strict=True) if text}


def choices_written(choices: Sequence[Choice]) -> str:
    """A line for each choice: `id = English | 中文`."""
    return "\n".join(f"{_escaped(one.id)} = {wording_written(one.label)}".rstrip() for one in choices)


def choices_read(cell: str) -> tuple[Choice, ...]:
    """The choices of a cell, one a line; in a single line there may be commas between them.

    A choice without an id gets one of its own words, so that the same words have the same id in the next version.
    """
    lines = [line.strip() for line in cell.splitlines() if line.strip()]
    if len(lines) == 1:
        parts = [part.strip() for part in _BETWEEN.split(lines[0]) if part.strip()]
        if len({len(_parted(part, "=＝", 1)) for part in parts}) == 1:
            lines = parts
    choices: list[Choice] = []
    for line in lines:
        named = _parted(line, "=＝", 1)
        label = wording_read(named[-1])
        choice_id = _plain(named[0]) if len(named) == 2 else ""
        choices.append(Choice(choice_id or id_of(label, [one.id for one in choices], "c"), label))
    return tuple(choices)


def id_of(wording: Mapping[str, str], taken: Sequence[str], letter: str) -> str:
    """An id made of a wording: of its English letters, else `letter` and a number that the words alone decide."""
    slug = re.sub(r"[^a-z0-9]+", "_", wording.get("en", "").casefold()).strip("_")[: ID_MOST - 3].strip("_")
    if not slug:
        text = next((text for text in wording.values() if text), "")
        slug = f"{letter}_{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    tries = [slug, *(f"{slug}_{number}" for number in range(2, 99))]
    return next((one for one in tries if one not in taken), slug)


def _escaped(text: str) -> str:
    return "".join(f"\\{_SPECIAL[each]}" if each in _SPECIAL else each for each in text)


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] == "n" else match[1], text).strip()


def _parted(text: str, signs: str, most: int) -> list[str]:
    """Split at the first signs that no backslash precedes."""
    parts: list[str] = []
    start = at = 0
    while at < len(text) and len(parts) < most:
        if text[at] == "\\":
            at += 1
        elif text[at] in signs:
            parts.append(text[start:at])
            start = at + 1
        at += 1
    return [*parts, text[start:]]
