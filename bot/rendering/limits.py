"""Telegram's limits on the length of a message, and how a longer one is cut into several."""

import re
from html import unescape

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
_TAG = re.compile(r"<[^>]*>")


def visible_length(html: str) -> int:
    """Length as Telegram counts it: UTF-16 units, without tags."""
    return len(unescape(_TAG.sub("", html)).encode("utf-16-le")) // 2


def plain(html: str) -> str:
    """The words alone, for where a mark-up was refused."""
    return unescape(_TAG.sub("", html))


def split(html: str, limit: int = TEXT_LIMIT) -> list[str]:
    """Cut at line ends into parts within `limit`; templates close their tags within a line, so parts stay whole.

    A single line over the limit loses its markup and is cut between words: nothing is left out.
    """
    if len(html) * 2 <= limit:  # however it is counted
        return [html.strip("\n")]
    parts: list[str] = []
    current: list[str] = []
    size = 0
    for line in html.split("\n"):
        for piece in _fitting(line, limit):
            length = visible_length(piece) + 1
            if current and size + length > limit:
                parts.append("\n".join(current).strip("\n"))
                current, size = [], 0
            current.append(piece)
            size += length
    parts.append("\n".join(current).strip("\n"))
    return [part for part in parts if part] or [""]


def _fitting(line: str, limit: int) -> list[str]:
    if visible_length(line) < limit:
        return [line]
    words = plain(line)
    width = limit // 2 - 1  # a character may be two UTF-16 units
    pieces = []
    while words:
        end = len(words) if len(words) <= width else _word_end(words, width)
        pieces.append(_escaped(words[:end].strip()))
        words = words[end:]
    return pieces


def _word_end(text: str, width: int) -> int:
    """Where to cut: between words where there are any, as Chinese has none."""
    space = text.rfind(" ", width // 2, width + 1)
    return space if space > 0 else width


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
