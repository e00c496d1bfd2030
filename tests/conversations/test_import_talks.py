"""An admin brings customers in: told in English and Chinese, from the template to the finished import."""

from collections.abc import Callable
from pathlib import Path

import pytest
from scene import Scene, picture, readable
from sqlalchemy import text

from bot.domain.datum import Datum, to_wgs84
from bot.domain.geography import Point, distance

Kept = Callable[[str, str], None]

LIST = """Name,Customer ID,Grade,Owner,Phone,Latitude,Longitude,Fax
Harbour Bakery,K-1,A,Emma,023 6700 1001,29.5610,106.5770,1
Old Town Noodles,K-2,B,,,29.5580,106.5700,
Riverside Hotpot,K-3,E,,,29.5560,106.5720,
Garden Pharmacy,K-4,C,Emmma,,29.5590,106.5730,
Corner Café,K-5,D,,,106.5600,29.5500,
"""


async def test_an_admin_imports_a_list_with_mistakes(scene: Scene, kept: Kept) -> None:
    emma = await scene.play("Emma")
    await emma.joins("rep", team="West")
    ann = await scene.play("Ann")
    await ann.joins("admin")
    await ann.presses("Import")
    await ann.says("Here it comes")
    await ann.sends_photo(picture())
    await ann.sends_file("west.csv", LIST.encode())
    await ann.presses("Amap")
    await ann.presses("Import the 2 good rows")
    await emma.says("harbour")
    kept("import_en", readable(scene.transcript))
