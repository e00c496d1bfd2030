"""Telegram's limits on the length of a message, and how a longer one is cut into several."""

import re
from html import unescape

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
_TAG = re.compile(r"<[^>]*>")


def visible_length(html: str) -> int:
    """Length as Telegram counts it: UTF-16 units, without tags."""
    return len(unescape(_TAG.sub("", html)).encode("utf-16-le")) // 2


def split(html: str, limit: int = TEXT_LIMIT) -> list[str]:
    """Cut at line ends into parts within `limit`; templates close their tags within a line, so parts stay whole.

    A single line over the limit loses its markup and is cut hard: nothing is left out.
    """
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
    plain = unescape(_TAG.sub("", line))
    width = limit // 2 - 1  # a character may be two UTF-16 units
    return [_escaped(plain[i : i + width]) for i in range(0, len(plain), width)]


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
