"""A Chinese name can be typed in many ways, and each is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.search_keys import index_entries, query_words, search_keys, sound_of


def finds(typed: str, name: str, **more: object) -> bool:
    entries = index_entries(name, **more)  # type: ignore[arg-type]
    return any(entry.startswith(typed) for entry in entries)


def test_a_bank_in_chongqing_is_spelled_right_first() -> None:
    name, pinyin, *_ = search_keys("重庆长乐银行")
    assert (name, pinyin) == ("重庆长乐银行", "chongqingchangleyinhang")
    assert "cqclyh" in search_keys("重庆长乐银行")


@pytest.mark.parametrize(
    "typed",
    ["重庆长乐银行", "长乐", "行", "chongqing", "changleyin", "yinhang", "cqclyh", "clyh", "yh", "zhangle", "changyue"],
)
def test_a_name_is_found_from_each_of_its_syllables_on(typed: str) -> None:
    assert finds(typed, "重庆长乐银行")


@pytest.mark.parametrize("typed", ["zhongqingzhang", "zqclyh", "yinxing", "clyx"])
def test_a_character_with_two_readings_is_found_by_either(typed: str) -> None:
    assert finds(typed, "重庆长乐银行")


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("朝阳万达", "chaoyang"),
        ("乐购莘庄店", "legouxinzhuang"),
        ("曾记粥铺", "zengji"),
        ("女人街", "nvrenjie"),
        ("女人街", "nurenjie"),
        ("單車店", "danchedian"),
    ],
)
def test_names_that_a_dictionary_reads_wrongly_are_found(name: str, typed: str) -> None:
    assert finds(typed, name)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Golden Dragon Trading", "dragon"),
        ("Golden Dragon Trading", "gdt"),
        ("Golden Dragon Trading", "ragon"),
        ("Café Müller", "cafemuller"),
        ("7-Eleven（人民路店）", "7eleven"),
        ("Tesco乐购", "tescolegou"),
        ("Tesco乐购", "乐购"),
        ("第123号店", "d123h"),
        ("ไทยดี", "ไทย"),
    ],
)
def test_other_scripts_and_mixtures_are_found(name: str, typed: str) -> None:
    assert finds(typed, name)


def test_an_alias_a_tag_a_phone_and_an_id_find_the_customer() -> None:
    more = {"aliases": ["老王小店"], "tags": ["重点"], "phone": "138 0013-8000、021-5555 1234", "external_id": "C-0017"}
    for typed in ("laowang", "lwxd", "重点", "zhongdian", "13800138000", "8000", "02155551234", "c0017", "0017", "017"):
        assert finds(typed, "长乐银行", **more), typed
    assert not finds("7", "长乐银行", **more)


def test_a_long_name_of_ambiguous_characters_does_not_explode() -> None:
    assert len(index_entries("重长乐行朝曾单厦" * 15)) < 120 * 20


def test_a_question_ends_a_word_where_chinese_begins() -> None:
    assert query_words("重庆cl  138-0013") == ("重庆", "cl", "1380013")


def test_only_chinese_has_a_sound() -> None:
    assert (sound_of("常乐"), sound_of("changle")) == ("changle", "")


@given(st.text(max_size=60))
def test_any_name_can_be_indexed(name: str) -> None:
    keys = search_keys(name)
    assert all(keys)
    if keys:
        assert finds(keys[0][:12], name)
