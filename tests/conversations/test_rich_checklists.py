"""A store check of every kind of item, with conditions, checks and groups, filled in as it comes."""

import io
from typing import Any

import pytest
import zxingcpp
from company import DOOR, answers_given, with_customer
from PIL import Image
from scene import Player, Scene, picture, readable

from bot.domain.sop import Check, Choice, Group, Item, Kind, Sop
from storage import sops


def words(en: str, zh: str) -> dict[str, str]:
    return {"en": en, "zh_Hans": zh}


CHOICES = (
    Choice("fridge", words("Fridge", "冰箱")),
    Choice("till", words("At the till", "收银台")),
    Choice("window", words("Window", "橱窗")),
)
FEW = Check("it >= 5", words("Fewer than a carton?", "不足一箱？"), soft=True)
MUCH = Check("it <= 500", words("The shop has no room for more than 500.", "店里放不下 500 以上。"))
RICH = Sop(
    "store_check",
    words("Full check", "全面巡店"),
    (
        Item("listed", Kind.YES_NO, words("New product on the shelf?", "新品上架了吗？")),
        Item("why", Kind.TEXT, words("Why not?", "为什么没有？"), when="listed = no", minimum=2),
        Item("places", Kind.SEVERAL_OF, words("Where do we stand?", "我们摆在哪里？"), choices=CHOICES),
        Item("code", Kind.CODE, words("Code of the shelf", "货架条码")),
        Item("stock", Kind.NUMBER, words("Stock", "库存"), unit=words("pieces", "件"), least=0, checks=(FEW, MUCH),
             group="products"),
        Item("price", Kind.MONEY, words("Price", "售价"), unit=words("yuan", "元"), group="products", when="stock > 0"),
        Item("rival", Kind.MONEY, words("Rival's price", "竞品售价"), unit=words("yuan", "元"), group="rivals"),
        Item("who", Kind.CONTACT, words("Who decides about orders?", "谁负责订货？")),
        Item("delivery", Kind.DATE, words("Next delivery", "下次送货"), required=False),
        Item("mood", Kind.RATING, words("How content is he?", "客户满意吗？")),
    ),
    groups=(
        Group("products", words("Products", "产品"), (Choice("cola", words("Cola", "可乐")),)),
        Group("rivals", words("Which rivals are there?", "有哪些竞品？"), open=True),
    ),
)  # fmt: skip


async def rich_visit(scene: Scene, language: str, sop: Sop = RICH) -> Player:
    await scene.rounds.database.write(lambda c: sops.publish(c, sop, scene.rounds.clock()))
    await with_customer(scene, "Harbour Bakery")
    rep = await scene.play("Emma" if language == "en" else "王磊", language=language)
    await rep.joins("rep")
    zh = language != "en"
    await rep.presses("开始拜访" if zh else "Start a visit")
    await rep.presses("客户拜访" if zh else "Customer visit")
    await rep.presses(sop.title["zh_Hans" if zh else "en"])
    await rep.presses("关系维护" if zh else "Relationship")
    await rep.stands_at(*DOOR)
    await rep.presses("Harbour Bakery")
    return rep


def photo_of(*codes: str) -> bytes:
    """A shelf with bar codes on it."""
    sheet = Image.new("RGB", (1000, 300 * len(codes) + 200), "white")
    for number, code in enumerate(codes):
        bars = drawn(zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.EAN13))
        sheet.paste(bars, (150, 100 + 300 * number))
    return jpeg(sheet)


def drawn(code: Any) -> Image.Image:
    """A code as a picture."""
    return Image.fromarray(code.to_image(scale=6)).convert("RGB")


def jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


async def test_everything_lands_where_it_belongs_in_english(scene: Scene, kept: Any) -> None:
    rep = await rich_visit(scene, "en")
    scene.transcript.clear()
    await rep.says("who decides: Ann Lee +49 30 1234567")
    await rep.presses("No")
    await rep.says("no room left")
    await rep.presses("At the till")
    await rep.presses("Window")
    await rep.presses("At the till")
    await rep.presses("Done")
    await rep.says("cola stock 3")
    await rep.presses("keep it")
    await rep.says("price cola 3.50")
    await rep.says("stock 600")
    await rep.sends_photo(photo_of("6901234567892"))
    await scene.settle()
    await rep.says("Pepsi, Dr Pepper")
    await rep.says("pepsi 3.20")
    await rep.says("Dr Pepper 4")
    await rep.says("27 November")
    await rep.presses("4 ★")
    kept("rich_check_en", readable(scene.transcript))
    assert await answers_given(scene) == {
        "who": {"name": "Ann Lee", "phone": "+49301234567"},
        "listed": False,
        "why": "no room left",
        "places": ["window"],
        "stock@cola": 3.0,
        "price@cola": 3.5,
        "code": "6901234567892",
        "@rivals": ["Pepsi", "Dr Pepper"],
        "rival@Pepsi": 3.2,
        "rival@Dr Pepper": 4.0,
        "delivery": "2026-11-27",
        "mood": 4.0,
    }


async def test_everything_lands_where_it_belongs_in_chinese(scene: Scene, kept: Any) -> None:
    rep = await rich_visit(scene, "zh")
    scene.transcript.clear()
    await rep.says("可乐库存 24")
    await rep.says("售价 3.5元")
    await rep.presses("是")
    await rep.says("冰箱、橱窗")
    await rep.sends_photo(picture())
    await rep.sends_photo(photo_of("6901234567892", "4006381333931"))
    await rep.presses("2.")
    await rep.presses("跳过") if "竞品" in await rep.last() else None
    await rep.says("李姐 13800000001")
    await rep.says("下次送货：下周五")
    await rep.presses("5 ★")
    kept("rich_check_zh", readable(scene.transcript))
    assert (await answers_given(scene))["code"] == "4006381333931"
    assert (await answers_given(scene))["stock@cola"] == 24.0


async def test_what_is_no_longer_asked_is_no_longer_missing(scene: Scene) -> None:
    rep = await rich_visit(scene, "en")
    await rep.presses("No")
    assert "Why not?" in await rep.last()
    await rep.presses("1✓")
    await rep.presses("Yes")
    assert "Where do we stand?" in await rep.last()
    card = next(m for m in reversed((await rep.chat())["messages"]) if "📋" in str(m.get("text")))
    assert "Why not?" not in card["text"]


@pytest.mark.parametrize("number", [40, 60])
async def test_a_long_checklist_stays_one_readable_card(scene: Scene, number: int) -> None:
    title = "What do you see on shelf number {} of the shop, from left to right?"
    items = tuple(
        Item(f"shelf_{at}", Kind.TEXT, words(title.format(at), f"第 {at} 排货架上，从左到右都有什么？"), minimum=1)
        for at in range(1, number + 1)
    )
    rep = await rich_visit(scene, "en", Sop("store_check", words("Long", "长"), items))
    long = "ä" * 500
    for _ in range(22):
        await rep.says(long)
    cards = [m for m in (await rep.chat())["messages"] if str(m.get("text", "")).startswith("📋")]
    assert len(cards) == 1, "one message in the chat shows the whole checklist"
    assert f"22 of {number}" in cards[0]["text"] and len(cards[0]["text"]) < 4096
    assert "👉 23." in cards[0]["text"], "the page where he is"
    await rep.presses("‹ 1")
    cards = [m for m in (await rep.chat())["messages"] if str(m.get("text", "")).startswith("📋")]
    assert len(cards) == 1 and "✅ 1." in cards[0]["text"]
    await rep.presses("3✓")
    await rep.says("corrected")
    assert (await answers_given(scene))["shelf_3"] == "corrected"


async def test_a_code_may_be_typed_while_the_photo_is_read(scene: Scene) -> None:
    sop = Sop("store_check", words("Codes", "条码"), (Item("code", Kind.CODE, words("Code", "条码")),))
    rep = await rich_visit(scene, "en", sop)
    square = zxingcpp.create_barcode("https://example.com/shelf/7", zxingcpp.BarcodeFormat.QRCode)
    await rep.sends_photo(jpeg(drawn(square)), as_document=True)
    assert await answers_given(scene) == {"code": "https://example.com/shelf/7"}
    await rep.presses("1✓")
    await rep.says("12345678")
    assert await answers_given(scene) == {"code": "12345678"}
