"""Telegram's HTML becomes text and entities, and bad markup is refused in Telegram's words."""

import html
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.html import read_html
from bot.sandbox.text import formatted, found_entities
from bot.sandbox.wire import ApiError


def entity(kind: str, offset: int, length: int, **more: str) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("plain", "plain", []),
        ("a &lt;b&gt; &amp;amp; &quot;c&quot; &#8212; &#x1F600;", 'a <b> &amp; "c" — 😀', []),
        ("&nbsp; & &copy;", "&nbsp; & &copy;", []),
        ("<b>bold</b>, <i>it</i>", "bold, it", [entity("bold", 0, 4), entity("italic", 6, 2)]),
        (
            "<b>one <i>two <u>three</u></i></b>",
            "one two three",
            [entity("bold", 0, 13), entity("italic", 4, 9), entity("underline", 8, 5)],
        ),
        ("<STRONG>x</STRONG>", "x", [entity("bold", 0, 1)]),
        ("<b>x</>", "x", [entity("bold", 0, 1)]),
        ("<b></b>x", "x", []),
        ("😀<b>面</b>", "😀面", [entity("bold", 2, 1)]),
        ("<s>a</s><del>b</del>", "ab", [entity("strikethrough", 0, 1), entity("strikethrough", 1, 1)]),
        ("<code>a &lt; b</code>", "a < b", [entity("code", 0, 5)]),
        ("<pre>x</pre>", "x", [entity("pre", 0, 1)]),
        ('<pre><code class="language-python">x</code></pre>', "x", [entity("pre", 0, 1, language="python")]),
        ("<a href='http://x.org/?a=1&amp;b=2'>x</a>", "x", [entity("text_link", 0, 1, url="http://x.org/?a=1&b=2")]),
        ('<a href="javascript:alert(1)">x</a>', "x", []),
        ("<blockquote>q</blockquote>", "q", [entity("blockquote", 0, 1)]),
        ("<blockquote expandable>q</blockquote>", "q", [entity("expandable_blockquote", 0, 1)]),
        ("<tg-spoiler>s</tg-spoiler>", "s", [entity("spoiler", 0, 1)]),
        ('<span class="tg-spoiler">s</span>', "s", [entity("spoiler", 0, 1)]),
    ],
)
def test_markup_is_read(source: str, text: str, entities: list[Any]) -> None:
    assert read_html(source) == (text, entities)


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("面 < 3 and", 'Unsupported start tag "" at byte offset 4'),
        ("ab<b", "Unclosed start tag at byte offset 2"),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ('<a ="x">y</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href='x", "Unclosed start tag at byte offset 0"),
        ("<a href=x/y>z</a>", "Unexpected end of name token at byte offset 8"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_bad_markup_is_refused_in_telegrams_words(source: str, complaint: str) -> None:
    with pytest.raises(ApiError) as refused:
        read_html(source)
    assert refused.value.description == f"Bad Request: can't parse entities: {complaint}"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_an_escaped_text_comes_out_literally(text: str) -> None:
    assert read_html(f"<b>{html.escape(text, quote=False)}</b>")[0] == text


@given(st.text(alphabet="<>/&;ab pre\"'= \n😀#x1", max_size=40))
def test_any_markup_is_either_read_or_refused(source: str) -> None:
    try:
        text, entities = read_html(source)
    except ApiError as error:
        assert error.error_code == 400
        return
    length = len(text.encode("utf-16-le")) // 2
    assert all(0 <= e["offset"] < e["offset"] + e["length"] <= length for e in entities)


def test_blank_ends_go_and_entities_move_along() -> None:
    assert formatted("  <b> x </b> ", "HTML", None, 4096) == ("x", [entity("bold", 0, 1)])


def test_commands_links_and_mentions_are_found_in_a_text() -> None:
    text = "😀 /visit@rounds_bot see https://x.org/a. or @wang_li #urgent, a@b.com"
    kinds = [
        (e["type"], text.encode("utf-16-le")[2 * e["offset"] :][: 2 * e["length"]].decode("utf-16-le"))
        for e in found_entities(text)
    ]
    assert kinds == [
        ("bot_command", "/visit@rounds_bot"),
        ("url", "https://x.org/a"),
        ("mention", "@wang_li"),
        ("hashtag", "#urgent"),
        ("email", "a@b.com"),
    ]


def test_a_slash_inside_a_word_is_no_command() -> None:
    assert found_entities("and/or 1/2 km/h") == []


def test_the_limit_counts_what_is_shown_and_not_the_markup() -> None:
    shown = "x" * 4096
    assert formatted(f"<b>{shown}</b>", "HTML", None, 4096)[0] == shown
    with pytest.raises(ApiError, match="message is too long"):
        formatted(shown + "y", "HTML", None, 4096)
    with pytest.raises(ApiError, match="message caption is too long"):
        formatted("x" * 1025, "", None, 1024)
