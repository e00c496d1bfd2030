"""A rep finds a customer by whatever he remembers of him, or around himself; only those that he may see."""

from collections.abc import Callable

import pytest
from company import BANK, with_customer
from scene import Player, Scene, readable

Kept = Callable[[str, str], None]

LIST = """客户名称,别名,电话,标签,负责人,纬度,经度,坐标系
重庆长乐银行,长乐行,023-67001001,"重点,银行",,29.5610,106.5770,GPS
常青药房,,13800138001,药房,,29.5620,106.5775,GPS
Harbour Bakery,,13800138002,bakery,,29.5600,106.5765,GPS
江北超市,,13800138003,超市,Bob,29.5612,106.5771,GPS
"""


async def a_rep_and_a_list(scene: Scene) -> Player:
    """Emma, beside Bob whose customer is among those that an admin imported."""
    bob = await scene.play("Bob")
    await bob.joins("rep", team="West")
    emma = await scene.play("Emma")
    await emma.joins("rep", team="West")
    ann = await scene.play("Ann")
    await ann.joins("admin")
    await ann.presses("Import")
    await ann.sends_file("客户.csv", LIST.encode("gb18030"))
    await ann.presses("Import 4 customers")
    scene.transcript.clear()
    return emma


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("长乐", "重庆长乐银行"),
        ("changle", "重庆长乐银行"),
        ("cqclyh", "重庆长乐银行"),
        ("CQ CL", "重庆长乐银行"),
        ("常乐银行", "重庆长乐银行"),  # sounds the same
        ("长乐行", "重庆长乐银行"),
        ("67001001", "重庆长乐银行"),
        ("银行", "重庆长乐银行"),
        ("38002", "Harbour Bakery"),
        ("harbor bakery", "Harbour Bakery"),
        ("ＨＡＲＢＯＵＲ", "Harbour Bakery"),
        ("药房", "常青药房"),
    ],
)
async def test_a_customer_is_found_by_what_a_rep_types(scene: Scene, typed: str, name: str) -> None:
    emma = await a_rep_and_a_list(scene)
    await emma.says(typed)
    assert (await emma.last()).startswith(name)


async def test_a_colleagues_customer_is_not_found(scene: Scene) -> None:
    emma = await a_rep_and_a_list(scene)
    await emma.says("江北超市")
    assert "I find no customer for “江北超市”" in await emma.last()


async def test_a_rep_looks_around_and_finds_by_name(scene: Scene, kept: Kept) -> None:
    emma = await a_rep_and_a_list(scene)
    await with_customer(scene, "Faraway Farm", latitude=BANK[0] + 1)
    await emma.says("/near")
    await emma.stands_at(*BANK)
    await emma.says("c")
    await emma.presses("常青药房")
    await emma.says("/customers harbuor")
    await emma.says("nobody of this name")
    assert "I find no customer for “nobody of this name”" in await emma.last()
    kept("customers_found_en", readable(scene.transcript))
