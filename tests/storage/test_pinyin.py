"""The small table of sounds says what pypinyin says, without pypinyin in the process."""

import random

import pytest
from pypinyin import lazy_pinyin
from pypinyin.constants import PHRASES_DICT

from storage.pinyin import sounds

ON_SIGNS = "重庆长乐银行上海超市便利店火锅学校旁中山路人民医院药房大华小区朝阳曾家单县厦门参茸调味"


@pytest.mark.parametrize(
    "text", ["重庆长乐银行", "长安大厦", "7-Eleven（朝阳店）", "Café 音乐厅 2F", "𠮷野家", "", "  "]
)
def test_a_name_sounds_as_pypinyin_has_it(text: str) -> None:
    assert sounds(text) == lazy_pinyin(text)


def test_names_of_every_make_sound_as_pypinyin_has_them() -> None:
    chance, phrases = random.Random(5), list(PHRASES_DICT)
    for _ in range(3_000):
        parts = [
            chance.choice(phrases),
            "".join(chance.choices(ON_SIGNS, k=4)),
            chance.choice(["KFC", " ", "(2)", "·"]),
        ]
        text = "".join(chance.choices(parts, k=4))
        assert sounds(text) == lazy_pinyin(text), text
