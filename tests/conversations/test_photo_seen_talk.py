"""A colleague's photo is sent again as a screenshot: what the rep hears, and what her manager reads, in Chinese."""

import io
from typing import Any

from company import BANK, DOOR, answers_the_checklist, with_customer
from PIL import Image, ImageDraw
from scene import Player, Scene, readable

from bot.demo.shelf import draw_shelf

FAR = (BANK[0] + 0.1, BANK[1])


def screenshot(photo: bytes) -> bytes:
    """As Telegram shows a photo on a phone."""
    screen = Image.new("RGB", (540, 1170), "black")
    ImageDraw.Draw(screen).text((70, 60), "Wang Xiaoming", "white", font_size=24)
    screen.paste(Image.open(io.BytesIO(photo)).resize((540, 405)), (0, 380))
    file = io.BytesIO()
    screen.save(file, "JPEG", quality=80)
    return file.getvalue()


async def whole_visit(rep: Player, customer: str, at: tuple[float, float], photo: bytes, *, why: str = "") -> None:
    await rep.presses("Start a visit")
    await rep.presses("Relationship")
    await rep.stands_at(*at)
    await rep.presses(customer)
    await rep.sends_photo(photo)
    if why:
        await rep.presses("Say why")
        await rep.says(why)
    await answers_the_checklist(rep, photo=None)
    await rep.presses("Check out here")
    for label in ("Partly", "Nothing particular"):
        await rep.presses(label)
    await rep.says("none")
    for label in ("Everything is settled", "Send"):
        await rep.presses(label)


async def test_a_colleagues_photo_sent_again_is_told_and_compared(scene: Scene, kept: Any) -> None:
    await with_customer(scene, "Harbour Bakery")
    await with_customer(scene, "Old Town Noodles", latitude=FAR[0], longitude=FAR[1])
    manager = await scene.play("Grace", language="zh")
    await manager.joins("manager", team="West")
    tom, emma = await scene.play("Tom"), await scene.play("Emma")
    await tom.joins("rep", team="West")
    await emma.joins("rep", team="West")
    shelf = draw_shelf(1, (640, 480))
    await whole_visit(tom, "Old Town Noodles", FAR, shelf)
    await scene.pass_time(hours=3)
    scene.transcript.clear()
    await whole_visit(emma, "Harbour Bakery", DOOR, screenshot(shelf), why="My camera is broken, Tom was here with me")
    assert "看起来相同" not in await manager.all_text()
    await manager.says("/digest")
    await manager.presses("👁 #2")
    await manager.presses("对比照片")
    assert "之前的：11月23日 周一，Tom，Old Town Noodles" in await manager.last()
    kept("photo_seen", readable(scene.transcript))
