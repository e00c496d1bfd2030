"""Real and hostile files through the whole dialogue: a GBK list of real shops, broken workbooks, naughty names."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from scene import Player, Scene
from sqlalchemy import text

from bot.domain.customer_cells import shown
from bot.domain.customer_sheet import NAME_LIMIT
from bot.domain.geography import Point, distance
from bot.domain.search import normal
from bot.media.workbooks import FaultyRow, problem_sheet
from storage import search
from storage.database import Connection

pytestmark = pytest.mark.realdata

AT_ONCE = 8  # customers that a search shows


async def admin_of(scene: Scene) -> Player:
    ann = await scene.play("Ann")
    await ann.joins("admin")
    return ann


async def customers_in(scene: Scene) -> list[Any]:
    return await scene.rows(text("SELECT * FROM customer ORDER BY id"))


async def test_real_shops_move_from_where_baidu_draws_them_to_where_they_are(scene: Scene, data: Path) -> None:
    content = (data / "sheets" / "customers_gbk.csv").read_bytes()
    ann = await admin_of(scene)
    await ann.presses("Import")
    await ann.sends_file("customers_gbk.csv", content)
    assert "120 new · 0 changed · 0 unchanged" in await ann.last()
    await ann.presses("Import 120 customers")
    assert "120 new, 0 changed" in await ann.last()
    shops = await customers_in(scene)
    moved = [distance(_given(shop), Point(shop.latitude, shop.longitude)) for shop in shops]
    assert 1_000 < min(moved) <= max(moved) < 1_300
    first = shops[0]  # and where the usual one-step inverse of BD-09 and GCJ-02 puts it, good to 3 m
    assert (first.name, first.datum) == ("乐购超市(河南南路店)", "bd09")
    assert distance(Point(first.latitude, first.longitude), Point(31.22539, 121.48500)) < 3
    await ann.presses("Import")
    await ann.sends_file("customers_gbk.csv", content)
    assert await ann.last() == "✔️ customers_gbk.csv changes nothing: all 120 customers are known just like this."
    assert await customers_in(scene) == shops


def _given(shop: Any) -> Point:
    return Point(shop.given_latitude, shop.given_longitude)


async def test_every_file_gets_a_sentence_and_changes_nothing(scene: Scene, data: Path) -> None:
    ann = await admin_of(scene)
    await ann.presses("Import")
    said = {}
    for path in sorted((data / "sheets").iterdir()):
        await ann.sends_file(path.name, path.read_bytes())
        said[path.name] = await ann.last()
    assert len(said) > 10
    for name, sentence in said.items():
        assert sentence.startswith((f"I cannot take {name}.\n", f"There is nothing in {name} that", f"📋 {name}\n"))
    assert "protected by a password" in said["pass_protected.xlsx"]
    assert "larger than I can take" in said["issue_594_dos.ods"]
    assert "damaged" in said["poc-xmlbomb.xlsx"]
    assert "no line of titles" in said["inventory-table.xlsx"]
    assert "nothing in it" in said["empty_sheet.xlsx"]
    assert await customers_in(scene) == []


async def test_naughty_names_are_names(scene: Scene, data: Path) -> None:
    strings = json.loads((data / "strings" / "blns.json").read_text(encoding="utf-8"))
    strings.remove("\ufffe")  # which no workbook can hold
    ann = await admin_of(scene)
    await ann.presses("Import")
    await ann.sends_file("naughty.xlsx", _list_of(strings))
    await ann.presses("✅ Import the")
    kept = await customers_in(scene)
    names = {" ".join(shown(string).split()) for string in strings}
    refused = {name for name in names if not name or len(name) > NAME_LIMIT}
    assert {customer.name for customer in kept} == names - refused

    for number in range(0, len(strings), AT_ONCE):
        batch = [one.name for one in kept if json.loads(one.tags) == [f"batch{number:03}"]]
        ann.scene.sandbox.clock.advance(timedelta(seconds=2))  # who types two words a second is asked to slow down
        await ann.says(f"batch{number:03}")
        screen = await ann.last()
        assert [name for name in batch if name not in screen] == []

    def lost(connection: Connection) -> list[str]:
        """Those whom their own name does not find; a name of signs alone cannot."""
        finds = {name: search.find(connection, name, owners=None, limit=20) for name in names - refused}
        return [name for name, found in finds.items() if normal(name) and name not in {one.name for one in found}]

    assert await scene.rounds.database.read(lost) == []


def _list_of(names: list[str]) -> bytes:
    """A workbook of these names, each with an id, and a tag by which some can be shown together."""
    rows = [
        FaultyRow(None, "", (name, f"N-{number:03}", f"batch{number // AT_ONCE * AT_ONCE:03}"))
        for number, name in enumerate(names)
    ]
    return problem_sheet("Names", "#", "?", ("Name", "ID", "Tags"), rows)
