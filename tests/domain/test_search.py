"""Names are compared by what they say, not by how they were typed."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.search import normal, words

NAUGHTY = Path(__file__).parents[2] / ".." / "shared" / "data" / "strings" / "blns.json"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ｔｅｓｃｏ 乐购（愚园店）", "tesco乐购(愚园店)"),
        ("CAFÉ  Bräu", "cafe brau"),
        ("第１２３号 店", "第123号店"),
        ("Straße", "STRASSE"),
        ("7-Eleven", "7 eleven"),
    ],
)
def test_spellings_of_one_name_are_equal(one: str, other: str) -> None:
    assert normal(one) == normal(other)


@pytest.mark.parametrize(("one", "other"), [("はん", "ばん"), ("ไทย", "ไทยดี"), ("हिन", "हन"), ("乐购", "乐沟")])
def test_different_names_stay_different(one: str, other: str) -> None:
    assert normal(one) != normal(other)


@given(st.text())
def test_the_normal_form_is_final_and_holds_no_space(text: str) -> None:
    once = normal(text)
    assert normal(once) == once
    assert not any(character.isspace() for character in once)


def test_a_mark_without_its_letter_is_a_sign() -> None:
    assert normal("¯\\_(ツ)_/¯") == "ツ"


def test_a_question_is_split_into_words() -> None:
    assert words("  乐购  QiBao，") == ("乐购", "qibao")
    assert words(" ?! ") == ()


@pytest.mark.realdata
def test_no_string_of_the_naughty_list_breaks_it() -> None:
    if not NAUGHTY.exists():
        pytest.skip("the public data sets are not beside the project")
    strings = json.loads(NAUGHTY.read_text(encoding="utf-8"))
    assert len(strings) > 400
    for text in strings:
        assert normal(normal(text)) == normal(text)
