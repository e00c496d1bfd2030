"""An admin brings customers in: told in English and Chinese, from the template to the finished import."""

from collections.abc import Callable

from scene import Scene, picture, readable

Kept = Callable[[str, str], None]

LIST = """Name,Customer ID,Grade,Owner,Phone,Latitude,Longitude,Fax
Harbour Bakery,K-1,A,Emma,023 6700 1001,29.5610,106.5770,1
Old Town Noodles,K-2,B,,,29.5580,106.5700,
Riverside Hotpot,K-3,E,,,29.5560,106.5720,
Garden Pharmacy,K-4,C,Emmma,,29.5590,106.5730,
Corner Café,K-5,D,,,106.5600,29.5500,
"""
CORRECTED = LIST.replace(",E,", ",B,").replace("Emmma", "Emma").replace("106.5600,29.5500", "29.5500,106.5600")
NEXT_MONTH = CORRECTED.replace("6700 1001", "6700 2002").replace("29.5580,106.5700", "29.5590,106.5750")


async def test_an_admin_imports_a_list_with_mistakes_and_corrects_them(scene: Scene, kept: Kept) -> None:
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
    await ann.presses("Import customers")
    await ann.sends_file("west.csv", CORRECTED.encode())
    await ann.presses("Amap")
    await ann.presses("Import 3 customers")
    await ann.sends_file("december.csv", NEXT_MONTH.encode())
    await ann.presses("Yes, read it")
    await ann.presses("Amap")
    await ann.presses("Do not import")
    assert await ann.last() == "Nothing was imported."
    kept("import_en", readable(scene.transcript))


MINGDAN = """西部大区客户名单,,,,,,
客户编号,客户名称,等级,负责人,手机号,经度,纬度
C001,重庆长乐银行,A,王晓雨,13800138001,106.5882,29.5672
C002,江北超市,B,王晓雨,,106.5770,29.5655
C003,南坪药房,甲,,,106.5715,29.5289
C004,,C,,,106.5790,29.5610
"""


async def test_an_admin_imports_a_chinese_list_without_being_asked_for_it(scene: Scene, kept: Kept) -> None:
    rep = await scene.play("王晓雨", language="zh-hans")
    await rep.joins("rep", team="西部")
    admin = await scene.play("陈立", language="zh-hans")
    await admin.joins("admin")
    await admin.sends_file("客户名单.csv", MINGDAN.encode("gb18030"))
    await admin.presses("是，读取")
    await admin.presses("百度（BD-09）")
    await admin.presses("导入无误的 2 行")
    await rep.says("cqclyh")
    await admin.presses("导入客户")
    await admin.sends_file("客户名单.csv", MINGDAN.replace(",B,", ",A,").encode("gb18030"))
    await admin.presses("百度（BD-09）")
    await admin.presses("导入无误的 1 行")
    assert "新增 0，更新 1" in await admin.last()
    kept("import_zh", readable(scene.transcript))


async def test_the_same_list_twice_changes_nothing(scene: Scene) -> None:
    ann = await scene.play("Ann")
    await ann.joins("admin")
    content = "Name,Grade\nHarbour Bakery,A\nOld Town Noodles,B\n".encode("utf-16")
    await ann.presses("Import")
    await ann.sends_file("list.csv", content)
    await ann.presses("Import 2 customers")
    await ann.presses("Import")
    await ann.sends_file("list.csv", content)
    assert await ann.last() == "✔️ list.csv changes nothing: all 2 customers are known just like this."


async def test_a_rep_cannot_import(scene: Scene) -> None:
    rae = await scene.play("Rae")
    await rae.joins("rep", team="West")
    await rae.says("/import")
    assert await rae.last() == "Only an admin can do this. Please ask yours."
    await rae.sends_file("list.csv", b"Name\nHarbour Bakery\n")
    assert "No visit is open" in await rae.last()


async def test_the_template_comes_as_a_file(scene: Scene) -> None:
    ann = await scene.play("Ann")
    await ann.joins("admin")
    await ann.presses("Import")
    documents = [message["document"] for message in (await ann.chat())["messages"] if "document" in message]
    assert [document["file_name"] for document in documents] == ["customer list.xlsx"]
