"""After some store checks a manager reads stock by product and a competitor's price by week, in both languages."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from answers import CHECK, published, sent
from company import BANK, DOOR
from scene import Player, Scene, readable

from bot.domain.answers import Value
from storage import customers, people

Kept = Callable[[str, str], None]
SHOPS = {"en": ("Harbour Bakery", "Old Town Noodles"), "zh": ("民生便利店", "长乐超市")}
RIVALS = {"en": ("Pepsi", "Dr Pepper"), "zh": ("百事", "王老吉")}


async def with_checks(scene: Scene, language: str) -> tuple[Player, Player]:
    """A rep and his manager; on the last three Mondays both shops were checked."""
    zh = language != "en"
    rep = await scene.play("王磊" if zh else "Emma", language=language)
    await rep.joins("rep", team="West")
    manager = await scene.play("陈静" if zh else "Chen", language=language)
    await manager.joins("manager", team="West")

    def store(connection: Any) -> None:
        version = published(connection, CHECK)
        emma = people.find_by_telegram(connection, rep.id)
        assert emma is not None
        today = scene.rounds.clock().date()
        for number, name in enumerate(SHOPS[language]):
            place = {"latitude": BANK[0] + number, "longitude": BANK[1], "position_from": "import"}
            shop = customers.add(connection, name=name, created_at=scene.rounds.clock(), owner_id=emma.id, **place)
            for week in range(3, 0, -1):
                on = today - timedelta(days=today.weekday(), weeks=week)
                sent(connection, version, emma.id, shop, on, _told(language, number, week, on))

    await scene.rounds.database.write(store)
    return rep, manager


def _told(language: str, shop: int, week: int, on: date) -> dict[str, Value]:
    first, second = RIVALS[language]
    stock = {"stock@cola": 40.0 - 6 * week + 9 * shop, "stock@tea": 12.0 + 5 * week - shop}
    prices: dict[str, Value] = {f"price@{first}": 3.2 + 0.2 * week + 0.3 * shop, f"price@{second}": 4.5 + 0.1 * shop}
    said = ("Pepsi fridge beside the till" if language == "en" else "百事在收银台旁放了冰柜") if week == 1 else None
    return {"listed": shop == 0, "why": "room", "mood": 3.0 + shop, "@rivals": [first, second], "said": said} | {
        **stock,
        **prices,
    }


async def checks_a_store(rep: Player) -> None:
    """Today's check of the bakery, as a rep does it."""
    for label in ("Start a visit", "Relationship"):
        await rep.presses(label)
    await rep.stands_at(*DOOR)
    await rep.presses("Harbour Bakery")
    await rep.presses("Yes")
    await rep.presses("At the till")
    await rep.presses("Done")
    for answer in ("stock cola 31", "iced tea 8", "Pepsi", "2.90"):
        await rep.says(answer)
    await rep.presses("4 ★")
    await rep.presses("Skip")
    await rep.presses("Skip")
    await rep.scene.pass_time(minutes=15)
    await rep.presses("Check out here")
    await rep.presses("Reached")
    await rep.presses("Nothing particular")
    await rep.says("bring the display next Monday")
    await rep.presses("Yes")
    await rep.presses("✅ Send")


async def test_a_manager_reads_stock_and_prices_in_english(scene: Scene, kept: Kept) -> None:
    rep, manager = await with_checks(scene, "en")
    await checks_a_store(rep)
    scene.transcript.clear()
    await manager.says("/answers")
    await manager.presses("Stock")
    assert "Cola" in await manager.last() and "7 answers" in await manager.last(), "today's is one of them"
    await manager.presses("One by one")
    await manager.presses("All items")
    await manager.presses("Price")
    await manager.presses("All items")
    await manager.presses("New product")
    await manager.presses("All items")
    await manager.presses("What does he say")
    await manager.presses("All items")
    await manager.presses("Price")
    await manager.presses("Excel")
    kept("answers_en", readable(scene.transcript))
    assert "13 answers, one a row" in await manager.last()


async def test_a_manager_reads_stock_and_prices_in_chinese(scene: Scene, kept: Kept) -> None:
    _, manager = await with_checks(scene, "zh")
    scene.transcript.clear()
    await manager.says("/answers")
    await manager.presses("库存")
    await manager.presses("全部项目")
    await manager.presses("售价")
    await manager.presses("近 12 周")
    await manager.presses("全部项目")
    await manager.presses("为什么没有")
    await manager.presses("Excel")
    kept("answers_zh", readable(scene.transcript))
    assert "共 3 条回答，每行一条" in await manager.last()
