"""An admin writes a checklist in the chat, tries it and publishes it; a rep keeps the version he began with."""

from datetime import timedelta
from typing import Any

from company import DOOR, with_customer
from scene import Player, Scene, picture, readable

from bot.domain.sop import Item, Kind, Sop
from storage import sops
from storage.tables import VisitRow, table

SHORT = Sop("round", {"en": "Round", "zh_Hans": "巡访"}, (Item("open", Kind.YES_NO, {"en": "Is it open?"}),))


class Unhurried(Player):
    """Somebody who reads before he goes on."""

    async def _do(self, deed: str, body: dict[str, Any]) -> None:
        self.scene.sandbox.clock.advance(timedelta(seconds=5))
        await super()._do(deed, body)


async def admin_at_work(scene: Scene, name: str, language: str) -> Player:
    player = await scene.play(name, language=language)
    admin = Unhurried(scene, player.id, name)
    await admin.joins("admin")
    scene.transcript.clear()
    return admin


def deeds_of(scene: Scene, player: Player) -> int:
    """How many messages and taps of his the ledger holds."""
    rows = [row for row in scene.sandbox.ledger.rows() if row.get("person_id") == player.id]
    return sum(row["what"] in ("sent", "tapped") for row in rows)


async def test_a_store_check_of_twelve_items_is_built_tried_and_published_in_english(scene: Scene, kept: Any) -> None:
    admin = await admin_at_work(scene, "Ada", "en")
    before = deeds_of(scene, admin)
    await admin.says("/sop")
    await admin.presses("New checklist")
    await admin.says("Shop check / 门店检查")
    await admin.says("Is the new product on the shelf?")
    await admin.says("Why not?; one of: no room, not ordered, sold out; if 1 = no")
    await admin.says("Photo of our shelf; photo 2")
    await admin.says("Stock; number; pieces; 0-999; per product: Cola, Fanta, Water")
    await admin.says("Price; money; yuan; if stock > 0; per product")
    await admin.says("Rival's price; money; yuan; per rival")
    await admin.says(
        "Is our display in place?\n"
        "What is wrong with it?; several of: moved, empty, damaged; if is our display in place = no\n"
        "Shelf code; code; optional"
    )
    await admin.says("Who decides about orders?")
    await admin.presses("Contact card")
    await admin.says("Next delivery; date\nHow content is he?; rating; optional")
    await admin.presses("All items")
    await admin.presses("4")
    await admin.presses("Checks")
    await admin.says("it <= 500: The shop has no room for that many")
    await admin.presses("All items")
    built = deeds_of(scene, admin) - before
    await admin.presses("Try it")
    await try_it_out(admin)
    await admin.presses("Back to the draft")
    await admin.presses("Publish")
    await admin.presses("Publish now")
    assert "Version 1 of “Shop check” is in force" in await admin.last()
    everything = deeds_of(scene, admin) - before
    kept("sop_authoring_en", readable(scene.transcript))
    assert built <= 20 and everything <= 40, (built, everything)
    await check_what_was_built(scene)


async def try_it_out(admin: Player) -> None:
    """He answers as a rep would, out of order too."""
    await admin.presses("No")
    await admin.presses("not ordered")
    await admin.sends_photo(picture(seed=1), picture(seed=2))
    await admin.says("cola stock 24")
    await admin.says("cola price 3.5")
    await admin.says("fanta stock 0")
    await admin.says("water stock 600")
    assert "no room" in await admin.last(back=3)
    await admin.says("water stock 12")
    await admin.says("water price 2")
    await admin.says("Pepsi")
    await admin.says("3.20")
    await admin.presses("Yes")
    await admin.presses("Skip")
    await admin.says("Ann Lee +49 30 1234567")
    await admin.says("27 November")
    await admin.presses("Skip")
    assert "Nothing was stored" in await admin.last()


async def check_what_was_built(scene: Scene) -> None:
    version = await scene.rounds.database.read(lambda c: sops.find_newest(c, "shop_check"))
    assert version is not None and version.by == "Ada"
    kinds = [(item.id, item.kind.value, item.when, item.group) for item in version.sop.items]
    assert len(kinds) == 12
    assert kinds[1] == ("why_not", "one_of", "is_the_new = no", "")
    assert kinds[3:6] == [
        ("stock", "number", "", "product"),
        ("price", "money", "stock > 0", "product"),
        ("rival_s_price", "money", "", "rival"),
    ]
    assert [kind for _, kind, _, _ in kinds[9:]] == ["contact", "date", "rating"]
    assert await scene.rows(table(VisitRow).select()) == [], "a trial is no visit"


async def test_a_checklist_is_written_in_chinese(scene: Scene, kept: Any) -> None:
    admin = await admin_at_work(scene, "王芳", "zh")
    await admin.says("/sop")
    await admin.presses("新建清单")
    await admin.says("冷柜检查")
    await admin.says("冷柜开着吗？")
    await admin.says("为什么没开；单选：停电，损坏，店主关了；如果 9 = 否")
    await admin.says("为什么没开；单选：停电，损坏，店主关了；如果 1 = 否")
    await admin.says("库存；数字；件；0-999；每个产品：可乐，雪碧\n售价；金额；元；如果 库存 > 0；每个产品；选填")
    await admin.says("冷柜照片")
    await admin.presses("全部项目")
    await admin.presses("3")
    await admin.says("提醒 答案 >= 5：不足一箱，确定吗？")
    await admin.presses("标题")
    await admin.says("库存 / Stock")
    await admin.presses("全部项目")
    await admin.presses("试填")
    await admin.presses("是")
    await admin.says("可乐库存 3")
    assert "不足一箱" in await admin.last()
    await admin.presses("结束试填")
    await admin.presses("发布")
    await admin.presses("立即发布")
    kept("sop_authoring_zh", readable(scene.transcript))
    version = await scene.rounds.database.read(lambda c: sops.find_newest(c, "lgjc"))
    assert version is not None and [item.id for item in version.sop.items] == ["lgkzm", "wsmmk", "kc", "sj", "lgzp"]
    assert version.sop.items[2].checks[0].soft and version.sop.items[2].title["en"] == "Stock"


async def test_a_rep_on_his_visit_keeps_version_one_while_version_two_is_published(scene: Scene, kept: Any) -> None:
    await scene.rounds.database.write(lambda c: sops.publish(c, SHORT, scene.rounds.clock()))
    await with_customer(scene, "Harbour Bakery")
    rep = await scene.play("Emma")
    await rep.joins("rep")
    admin = await admin_at_work(scene, "Ada", "en")
    await begin_round(rep)
    await admin.says("/sop")
    await admin.presses("Round")
    await admin.says("Is it clean?")
    await admin.presses("Publish")
    assert "1 open visit keeps the version it began with" in await admin.last()
    await admin.presses("Publish now")
    await rep.presses("Yes")
    assert "clean" not in await rep.all_text(), "his visit has version 1"
    await rep.says("/cancel")
    await rep.presses("Yes")
    await begin_round(rep, again=True)
    await rep.presses("Yes")
    assert "Is it clean?" in await rep.last(), "his next visit has version 2"
    kept("sop_versions", readable(scene.transcript))


async def begin_round(rep: Player, *, again: bool = False) -> None:
    await rep.presses("Start a visit")
    if not again:
        await rep.presses("Customer visit – change")
        await rep.presses("Round")
    await rep.presses("Relationship")
    await rep.stands_at(*DOOR)
    await rep.presses("Harbour Bakery")
