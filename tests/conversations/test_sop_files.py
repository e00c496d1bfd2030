"""A checklist of sixty items goes out as a workbook, comes back with nine mistakes, is mended and published."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import yaml
from scene import Player, Scene, readable

from bot.media.sop_files import read_sop_file
from bot.media.sop_yaml import write_yaml
from storage import people, sops

Kept = Callable[[str, str], None]
Sheets = dict[str, list[list[Any]]]


def book(sheets: Sheets) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return out.getvalue()


def put(rows: list[list[Any]], row: int, title: str, value: Any) -> None:
    """As somebody types it: the row as Excel counts it, the column by its title."""
    rows[row - 1][rows[0].index(title)] = value


ENGLISH = (
    *("Kind", "ID", "Title", "Title (zh)", "Required", "Choices", "Unit", "Min", "Max", "How many", "When", "Group"),
    *("Check", "Message"),
)
CHINESE = (
    *("题型", "编号", "英文标题", "标题", "必填", "选项", "单位", "下限", "上限", "最少数量", "条件", "分组"),
    *("校验", "提示语"),
)
KINDS = {
    "en": ("Yes or no", "One of", "Number", "Photo", "Free text", "Rating"),
    "zh": ("是否", "单选", "数字", "照片", "文字", "评分"),
}
PLACES = (
    *(("Door", "门头"), ("Shelf", "货架"), ("Fridge", "冰柜"), ("Till", "收银台"), ("Window", "橱窗")),
    *(("Pile", "堆头"), ("Rack", "端架"), ("Store room", "库房"), ("Poster", "海报"), ("Price tag", "价签")),
)


def inspection(language: str) -> Sheets:
    """Sixty items: six about each of ten places in a shop."""
    titles = ENGLISH if language == "en" else CHINESE
    yes, no = ("yes", "no") if language == "en" else ("是", "否")
    rows: list[list[Any]] = [list(titles)]
    for at, (en, zh) in enumerate(PLACES, start=1):
        asked = (
            ("there", f"{en}: is it there?", f"{zh}：有吗？", yes),
            ("state", f"{en}: how does it look?", f"{zh}：状态如何？", yes),
            ("count", f"{en}: how many?", f"{zh}：数量多少？", yes),
            ("photo", f"{en}: photo", f"{zh}：照片", yes),
            ("note", f"{en}: anything else?", f"{zh}：其他情况？", no),
            ("mark", f"{en}: marks", f"{zh}：评分", no),
        )
        for kind, (short, title_en, title_zh, required) in zip(KINDS[language], asked, strict=True):
            rows.append([kind, f"{short}_{at}", title_en, title_zh, required, *[""] * 9])
        first = len(rows) - 5
        put(rows, first + 1, titles[5], "good = Good | 好\npoor = Poor | 差")
        put(rows, first + 2, titles[6], "pieces | 件")
        put(rows, first + 2, titles[7], 0)
        put(rows, first + 2, titles[8], 999)
        put(rows, first + 3, titles[10], f"there_{at} = {yes}")
    heads = {"en": ["Type", "Title", "Title (zh)", "Ordered"], "zh": ["拜访类型", "英文标题", "标题", "按顺序"]}
    names = {"en": ("Items", "Checklist"), "zh": ("检查项", "清单")}[language]
    return {names[0]: rows, names[1]: [heads[language], ["big_check", "Big check", "大检查", no]]}


async def admin(scene: Scene, language: str = "en") -> Player:
    ann = await scene.play("Ann" if language == "en" else "陈立", language="en" if language == "en" else "zh-hans")
    await ann.joins("admin")
    scene.transcript.clear()
    return ann


async def newest(scene: Scene, sop_type: str) -> Any:
    return await scene.rounds.database.read(lambda connection: sops.newest(connection, sop_type))


def told(screen: str) -> list[str]:
    return [line.removeprefix("• ") for line in screen.splitlines() if line.startswith("• ")]


async def test_nine_mistakes_in_sixty_items_are_nine_sentences_in_english(scene: Scene, kept: Kept) -> None:
    sheets = inspection("en")
    rows = sheets["Items"]
    put(rows, 3, "Kind", "Pick")
    put(rows, 9, "ID", "state_1")
    put(rows, 10, "Max", -5)
    put(rows, 14, "Required", "maybe")
    put(rows, 17, "When", "there_9 = yes")
    put(rows, 21, "Choices", "good = Good | 好\nfine = Good | 好的")
    put(rows, 29, "When", "state_5 = broken")
    put(rows, 34, "Check", "it >= 5 and (")
    put(rows, 34, "Message", "So few?")
    put(rows, 57, "Title", "")
    put(rows, 57, "Title (zh)", "")
    ann = await admin(scene)
    await ann.sends_file("big check.xlsx", book(sheets))
    await ann.presses("A checklist")
    assert told(await ann.last()) == [
        "Row 3, Kind: I do not know “Pick”: take one of Yes or no, One of, Several of, Number, Amount of money, "
        "Free text, Photo, Contact card, Date, Rating, Bar or QR code.",
        "Row 9, ID: The ID “state_1” belongs to item 2 already: choose another one.",
        "Row 10, Min: The least, 0, is above the most, -5: exchange them.",
        "Row 14, Required: “maybe” is neither yes nor no: write one of them.",
        "Row 17, When: “Poster: is it there?” is asked later, so its answer is not known yet: "
        "move it before this item, or name an earlier one.",
        "Row 21, Choices: “good” stands there twice: word each choice differently, or delete one.",
        "Row 29, When: “Window: how does it look?” has no choice “broken”: take one of Good, Poor.",
        "Row 34, Check: It breaks off after “(”: complete it, such as listed = no.",
        "Row 57, Title: There is no title: write one, in English or Chinese.",
    ]
    assert await newest(scene, "big_check") is None
    await ann.sends_file("big check.xlsx", book(inspection("en")))
    await ann.presses("Publish")
    assert "Big check, version 1 with 60 items, is published" in await ann.last()
    stored = await newest(scene, "big_check")
    assert len(stored[1].items) == 60
    kept("sop_file_en", readable(scene.transcript))


async def test_nine_mistakes_are_told_in_the_words_of_a_chinese_header(scene: Scene, kept: Kept) -> None:
    sheets = inspection("zh")
    rows = sheets["检查项"]
    put(rows, 3, "题型", "填空")
    put(rows, 9, "编号", "数量")
    put(rows, 10, "下限", "很多")
    put(rows, 14, "必填", "看情况")
    put(rows, 17, "条件", "门头 = 是")
    put(rows, 21, "选项", "好")
    put(rows, 23, "条件", "count_4 = 充足")
    put(rows, 28, "分组", "竞品")
    put(rows, 34, "校验", "it >= 5")
    li = await admin(scene, "zh")
    await li.sends_file("大检查.xlsx", book(sheets))
    await li.presses("检查清单")
    assert told(await li.last()) == [
        "第 3 行，题型：没有“填空”这种题型：请从这些里选："
        "是否、单选、多选、数字、金额、文字、照片、联系人、日期、评分、条码或二维码。",
        "第 9 行，编号：“数量”不能作为编号：请用最多 24 个英文字母、数字、- 或 _。",
        "第 10 行，下限：“很多”不是数字：请只写数字，例如 24 或 3.5。",
        "第 14 行，必填：“看情况”既不是“是”也不是“否”：请填其中一个。",
        "第 17 行，条件：没有名为“门头”的检查项：请写它的编号，或用引号写出完整标题。",
        "第 21 行，选项：至少需要两个选项：请补充。",
        "第 23 行，条件：“收银台：数量多少？”是数字，而“充足”不是。",
        "第 28 行，分组：没有分组“竞品”：请先在分组里添加。",
        "第 34 行，提示语：校验没有提示语：请写上不满足时告诉业务代表的话。",
    ]
    await li.sends_file("大检查.xlsx", book(inspection("zh")))
    await li.presses("发布")
    assert "大检查 第 1 版已发布，共 60 项" in await li.last()
    kept("sop_file_zh", readable(scene.transcript))


# --- there and back ---------------------------------------------------------------------------


async def file_of(player: Player, name: str) -> bytes:
    """The newest file of that name in his chat."""
    documents = [one["document"] for one in (await player.chat())["messages"] if "document" in one]
    found = [one["file_id"] for one in documents if one["file_name"] == name]
    assert found, f"{player.name} has no {name}, but {[one['file_name'] for one in documents]}"
    stored = player.scene.sandbox.world.files.find(found[-1])
    assert stored is not None
    return stored.content if stored.place is None else stored.place.read_bytes()


async def exports(player: Player, title: str, name: str) -> bytes:
    """Opens a checklist, and taps the button below it."""
    await player.says("/sop")
    await player.presses(title)
    await player.presses("Excel" if name.endswith("xlsx") else "YAML")
    return await file_of(player, name)


@pytest.mark.parametrize("form", ["xlsx", "yaml"])
async def test_a_file_sent_back_as_it_is_changes_nothing(scene: Scene, form: str) -> None:
    ann = await admin(scene)
    data = await exports(ann, "Store check", f"store_check.{form}")
    await ann.sends_file(f"store check.{form}", data)
    assert "This is exactly version 1: there is nothing to publish." in await ann.last()
    await ann.presses("Leave it")
    assert "no checklist was changed" in await ann.last()


async def test_what_a_changed_file_changes_is_shown_and_becomes_the_next_version(scene: Scene, kept: Kept) -> None:
    ann = await admin(scene)
    document = yaml.safe_load(await exports(ann, "Store check", "store_check.yaml"))
    removed = document["items"].pop()
    document["items"][0]["title"] = {"en": "Is it on the shelf now?", "zh": "现在上架了吗？"}
    document["items"].append({"kind": "photo", "title": "Photo of the till", "required": False})
    await ann.sends_file("store.yaml", yaml.safe_dump(document, allow_unicode=True, sort_keys=False).encode())
    screen = await ann.last()
    for part in ("It would be version 2", "➕", "Photo of the till", "✏️ 1. Is it on the shelf now?", "🗑"):
        assert part in screen
    before = await newest(scene, "store_check")
    await ann.presses("Publish")
    _, stored = await newest(scene, "store_check")
    assert stored.items[0].title["en"] == "Is it on the shelf now?"
    assert (stored.items[-1].id, stored.items[-1].required) == ("photo_of_the_till", False)
    assert removed["id"] not in [item.id for item in stored.items]
    old = await scene.rounds.database.read(lambda connection: sops.get(connection, before[0]))
    assert old == before[1], "a version that visits began with never changes"
    kept("sop_file_next_version", readable(scene.transcript))


async def test_a_file_can_be_kept_as_a_draft(scene: Scene) -> None:
    ann = await admin(scene)
    await ann.sends_file("big check.xlsx", book(inspection("en")))
    await ann.presses("A checklist")
    await ann.presses("Keep as a draft")
    assert "kept as a draft" in await ann.last()
    assert await newest(scene, "big_check") is None
    draft = read_sop_file(await exports(ann, "Big check", "big_check.xlsx"), "big_check.xlsx")
    assert draft.sop is not None
    assert len(draft.sop.items) == 60


async def test_a_preview_that_a_colleague_has_overtaken_is_shown_anew(scene: Scene) -> None:
    ann = await admin(scene)
    (_, sop) = await newest(scene, "store_check")
    shorter = type(sop)(sop.type, sop.title, sop.items[:-1], sop.ordered, sop.groups)
    await ann.sends_file("store.yaml", write_yaml(shorter))
    await ann.presses("Yes, read it")
    await scene.rounds.database.write(lambda c: sops.publish(c, sop, scene.rounds.clock()))
    await ann.presses("Publish")
    assert "A colleague has changed this checklist" in await ann.all_text()
    assert "It would be version 3" in await ann.last()
    assert (await newest(scene, "store_check"))[1] == sop
    await ann.presses("Publish")
    assert (await newest(scene, "store_check"))[1] == shorter


async def test_who_is_no_admin_any_more_gets_no_file_and_brings_none(scene: Scene) -> None:
    ann = await admin(scene)
    await ann.says("/sop")
    await ann.presses("Store check")
    person_id = await ann.person_id
    await scene.rounds.database.write(lambda c: people.change(c, person_id=person_id, roles="rep"))
    await ann.presses("Excel")
    assert "Only an admin can do this" in await ann.last()
    await ann.sends_file("store.yaml", b"type: store_check")
    assert "checklist" not in await ann.last()
    assert [
        one
        for one in (await ann.chat())["messages"]
        if "document" in one and one["document"].get("file_name") == "store_check.xlsx"
    ] == []


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.yaml", b"items:\n- kind: [\n", "Line 3: This is no YAML"),
        ("a.yaml", b"a: &x [1]\nb: *x\n", "Line 1: References"),
        ("a.yaml", b"- 1\n", "Line 1: The file should begin with type, title and items."),
        ("a.yaml", b"\xff\xfe\x00", "The file is not in UTF-8"),
        ("a.yaml", b"[" * 5000, "Line 1: It is nested too deeply"),
        ("a.yaml", b"", "Line 1: The file should begin with type, title and items."),
        ("a.xlsx", b"%PDF-1.4", "It is no checklist that I can read."),
        ("a.xlsx", b"PK\x03\x04 broken", "It is damaged."),
        ("a.xlsx", b"", "There is nothing in it."),
    ],
)
async def test_a_file_that_is_no_checklist_is_answered_with_the_way_on(
    scene: Scene, name: str, content: bytes, says: str
) -> None:
    ann = await admin(scene)
    await ann.sends_file(name, content)
    await ann.presses("Yes, read it" if name.endswith("yaml") else "A checklist")
    assert says in await ann.last()
    await ann.says("never mind")
    assert "Please send the corrected checklist as a file" in await ann.all_text()
    await ann.presses("Cancel")


# --- hostile files ----------------------------------------------------------------------------


@pytest.mark.realdata
async def test_no_hostile_workbook_gets_further_than_a_clear_sentence(scene: Scene, data: Path) -> None:
    ann = await admin(scene)
    before = await scene.rounds.database.read(sops.list_types)
    sentences = (
        "no checklist that I can read",
        "I find no items",
        "It is damaged",
        "There is nothing in it",
        "protected by a password",
        "far larger",
    )
    for file in sorted((data / "sheets").iterdir()):
        content = file.read_bytes()
        await ann.sends_file(f"{file.stem}.xlsx", content)
        if "A checklist" in json.dumps((await ann.chat())["messages"][-1], ensure_ascii=False):
            await ann.presses("A checklist")
        screen = await ann.last()
        assert any(sentence in screen for sentence in sentences), (file.name, screen)
    assert await scene.rounds.database.read(sops.list_types) == before
