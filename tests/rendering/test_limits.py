"""A text longer than Telegram takes is cut into parts that are whole, and nothing of it is lost."""

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as some
from markupsafe import escape

from bot.rendering import CAPTION_LIMIT, TEXT_LIMIT, split
from bot.rendering.limits import visible_length

TAG = re.compile(r"<(/?)(\w+)[^>]*>")
words = some.text(some.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=60)
plain = words.map(lambda text: str(escape(text)))
marked = words.map(lambda text: f"<b>{escape(text)}</b>")
lines = some.lists(plain | marked, max_size=8).map(" ".join)
texts = some.lists(lines, max_size=60).map("\n".join)
long_lines = some.integers(1, 3).flatmap(
    lambda n: words.map(lambda text: str(escape(text * (3000 * n // len(text) + 1))))
)


def seen(html: str) -> str:
    """What a reader sees, without the spaces between."""
    return re.sub(r"\s+", "", unescape(TAG.sub("", html)))


def is_whole(html: str) -> bool:
    open_tags = []
    for closing, name in TAG.findall(html):
        if not closing:
            open_tags.append(name)
        elif not open_tags or open_tags.pop() != name:
            return False
    return not open_tags


@given(texts | long_lines, some.sampled_from([TEXT_LIMIT, CAPTION_LIMIT]))
def test_every_part_is_short_enough_whole_and_nothing_is_lost(html: str, limit: int) -> None:
    parts = split(html, limit)
    assert all(visible_length(part) <= limit for part in parts)
    assert all(is_whole(part) for part in parts)
    assert "".join(seen(part) for part in parts) == seen(html)


@given(texts)
def test_what_fits_is_left_as_it_is(html: str) -> None:
    if visible_length(html) < TEXT_LIMIT:
        assert split(html) == [html.strip("\n")]


def test_length_is_counted_as_telegram_counts_it() -> None:
    assert visible_length("<b>a&amp;b</b>") == 3
    assert visible_length("王") == 1
    assert visible_length("👍") == 2


def test_a_long_line_is_cut_between_words() -> None:
    parts = split(" ".join(["word"] * 2000))
    assert all(set(part.split()) == {"word"} for part in parts)
    assert sum(len(part.split()) for part in parts) == 2000


def test_an_empty_text_is_one_empty_part() -> None:
    assert split("") == [""]
