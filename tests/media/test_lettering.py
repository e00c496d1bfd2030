"""Text of any script on one line: what is kept, in which order it is drawn, where it breaks."""

import json
from pathlib import Path

import pytest
from PIL import Image

from bot.media.bidi import drawn_backwards
from bot.media.fonts import face_for
from bot.media.legible import MOST_LETTERS, legible
from bot.media.lettering import Pen, can_shape, pieces

NAUGHTY = Path(__file__).parents[2] / "../shared/data/strings/blns.json"


def as_seen(line: str) -> list[str]:
    """The words and stretches of a line from left to right."""
    return [piece.text.strip() for piece in pieces(line) if piece.text.strip()]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("  华联超市\t\r\n陆家嘴店 ", "华联超市 陆家嘴店"),
        ("right\u202eto\u2066left\u2069\u200f", "righttoleft"),
        ("nul\0bell\7\x1b[31m", "nul bell [31m"),
        ("zero\u200bwidth\ufeffjoin\u00ad", "zerowidthjoin"),
        ("\ud800 half a letter", "half a letter"),
        ("😀 王小明 👨‍👩‍👧🇨🇳❤️ 1️⃣", "王小明 1"),
        ("𝒜𝓁𝒾𝒸ℯ ㎞ Ⅻ", "Alice ㎞ Ⅻ"),
        ("राम लाल & Co", "… & Co"),
        ("e" + "\u0301" * 50, "é\u0301\u0301"),
        ("می\u200cروم a\u200cb", "می\u200cروم ab"),
        ("\u0301", ""),
    ],
)
def test_only_what_can_be_read_is_kept(given: str, kept: str) -> None:
    assert legible(given) == kept


def test_a_line_without_end_is_cut() -> None:
    assert len(legible("长" * 1_000_000)) == MOST_LETTERS


@pytest.mark.parametrize(
    "name",
    ["王小明", "Łukasz Żółć", "İbrahim Şahin", "Nguyễn Văn Ánh", "Ελένη", "Юрий", "محمد", "پژمان", "שלום", "สมชาย"],
)
def test_names_keep_all_their_letters(name: str) -> None:
    assert legible(name) == name
    assert all(face_for(letter) is not None for letter in name)


def test_a_word_is_in_one_face_even_if_the_first_lacks_one_letter() -> None:
    assert [piece.face for piece in pieces("Łukasz")] == [1]


def test_a_hebrew_line_is_drawn_from_the_right() -> None:
    assert as_seen("שלום Shalom עולם") == ["עולם", "Shalom", "שלום"]


@pytest.mark.parametrize("number", ["+966 50 123 4567", "24.713552, 46.675296", "2026-11-20 14:05", "±12", "#1042"])
def test_a_number_is_not_turned_about_in_an_arabic_line(number: str) -> None:
    seen = as_seen(f"محمد {number}")
    assert seen[0] == number
    assert seen[-1] == "محمد"


def test_a_hebrew_name_in_an_english_line_leaves_the_line_as_it_is() -> None:
    assert as_seen("Visit דוד לוי today") == ["Visit", "דוד לוי", "today"]


def test_a_house_number_within_a_hebrew_address_stays_within_it() -> None:
    assert as_seen("Address: רחוב 50 תל אביב") == ["Address:", "תל אביב", "50", "רחוב"]


def test_arabic_letters_join_where_the_machine_cannot_join_them() -> None:
    assert drawn_backwards("محمد") == "\ufeaa\ufee4\ufea4\ufee3"  # dal final, mim medial, hah medial, mim initial
    assert drawn_backwards("لا") == "\ufefb"  # one sign for the two
    assert drawn_backwards("(דוד)") == "(דוד)"[::-1].translate(str.maketrans("()", ")("))


@pytest.mark.parametrize(
    "shaped", [False, pytest.param(True, marks=pytest.mark.skipif(not can_shape(), reason="no raqm"))]
)
@pytest.mark.parametrize("line", ["华联超市 Łódź", "محمد عبد الله", "דוד לוי", "ร้านค้าที่ดีที่สุด"])
def test_every_script_leaves_ink_within_its_width(line: str, shaped: bool) -> None:
    pen = Pen(30, shaped=shaped)
    panel = Image.new("RGB", (600, 80))
    end = pen.write(panel, 20, 50, line, (255, 255, 255))
    box = panel.getbbox()
    assert box
    assert end == pytest.approx(20 + pen.width(line), abs=1)
    assert box[0] >= 15 and box[2] <= end + 5
    assert box[2] - box[0] > pen.width(line) * 0.9


def test_a_long_line_breaks_between_words() -> None:
    pen = Pen(20)
    rows = pen.rows("the quick brown fox jumps over the lazy dog", 200, 9)
    assert " ".join(rows) == "the quick brown fox jumps over the lazy dog"
    assert len(rows) > 1 and all(pen.width(row) <= 200 for row in rows)


def test_chinese_breaks_anywhere_but_before_a_closing_mark() -> None:
    pen = Pen(20)
    rows = pen.rows("上海市浦东新区世纪大道，环球金融中心", 11 * 20 + 5, 9)
    assert "".join(rows) == "上海市浦东新区世纪大道，环球金融中心"
    assert not any(row.startswith("，") for row in rows)


@pytest.mark.parametrize("line", ["x" * 300, "华" * 300, "سوبرماركت " * 40, "ที่" * 100])
def test_what_does_not_fit_ends_in_an_ellipsis(line: str) -> None:
    pen = Pen(20)
    rows = pen.rows(line, 200, 2)
    assert len(rows) == 2
    assert rows[-1].endswith("…")
    assert all(pen.width(row) <= 200 for row in rows)


def test_a_room_too_narrow_for_a_letter_still_ends() -> None:
    assert Pen(20).rows("华联超市", 3, 2) == ["华", "…"]


@pytest.mark.realdata
@pytest.mark.skipif(not NAUGHTY.exists(), reason="the naughty strings are not beside the project")
def test_every_naughty_string_becomes_a_line_that_our_fonts_draw() -> None:
    strings = json.loads(NAUGHTY.read_text())
    assert len(strings) > 400
    for text in strings:
        line = legible(text)
        assert all(face_for(letter) is not None for letter in line), text
        drawn = "".join(piece.text for piece in pieces(line))
        assert sorted(filter(str.isalnum, drawn)) == sorted(filter(str.isalnum, line)), text
