"""A manager makes a route of who is near and sets a target; Monday comes, and the rep's day says what it needs."""

from collections.abc import Callable
from datetime import date

from company import BANK, at_review, with_customer
from scene import Player, Scene, readable

from storage import planned, routes
from storage.database import Connection
from storage.tables import DayTotalRow, PlannedVisitRow, table

Kept = Callable[[str, str], None]
STREET = ("长乐银行", "江北面馆", "南桥五金", "江北药房")


async def with_a_street(scene: Scene, rep: Player, names: tuple[str, ...] = STREET) -> None:
    """The rep's customers along a street, 300 m from each other."""
    owner = await rep.person_id
    for number, name in enumerate(names):
        await with_customer(scene, name, owner_id=owner, latitude=BANK[0] + number * 0.0027, grade="ABCB"[number])


async def until_monday(scene: Scene, weeks: int = 1) -> None:
    """The night to a Monday, and its morning."""
    await scene.pass_time(days=7 * weeks - 1)
    scene.transcript.clear()
    await scene.until("00:05")
    await scene.until("08:00")


async def test_a_managers_route_is_the_reps_monday(scene: Scene, kept: Kept) -> None:
    grace, emma = await scene.play("Grace"), await scene.play("Emma")
    await grace.joins("manager", team="West")
    await emma.joins("rep", team="West")
    await with_a_street(scene, emma, ("Harbour Bakery", "Corner Grocer", "Hill Mill", "Old Town Café"))
    await grace.says("/routes")
    await grace.presses("New route")
    await grace.says("Harbour round")
    await grace.presses("Emma")
    await grace.presses("Mon")
    await grace.presses("Thu")
    await grace.presses("Customers")
    await grace.stands_at(*BANK)
    await grace.presses("Corner Grocer")
    await grace.presses("Harbour Bakery")
    await grace.presses("Hill Mill")
    await grace.presses("Done")

    await grace.says("/targets visits 30 week")
    await grace.presses("✏️ New customers")
    await grace.presses("From next month")
    await grace.presses("10")
    kept("route_made_en", readable(scene.transcript))
    await until_monday(scene)
    await emma.says("/today")
    await emma.presses("Leave a stop out")
    await emma.presses("Hill Mill")
    await emma.presses("No time that day")
    await emma.says("/routes")
    await emma.presses("Harbour round")
    kept("route_monday_en", readable(scene.transcript))
    assert "On the route: 3 customers" in await emma.all_text()


async def test_a_managers_route_is_the_reps_monday_in_chinese(scene: Scene, kept: Kept) -> None:
    wang, lin = await scene.play("王芳", language="zh-hans"), await scene.play("林浩", language="zh-hans")
    await wang.joins("manager", team="华东")
    await lin.joins("rep", team="华东")
    await with_a_street(scene, lin)
    await wang.says("/routes")
    await wang.presses("新建路线")
    await wang.says("江北线")
    await wang.presses("林浩")
    await wang.presses("周一")
    await wang.presses("隔周")
    await wang.presses("下周")
    await wang.presses("客户")
    await wang.says("长乐银行\n江北\n大桥超市")
    await wang.presses("江北药房")
    await wang.presses("完成")

    await wang.says("/targets 林浩 拜访 100 下月起")
    await wang.says("/targets 有效拜访 25 每周")
    await wang.says("/targets 拜访 很多")
    kept("route_made_zh", readable(scene.transcript))
    await until_monday(scene, weeks=3)
    await lin.says("/today")
    await lin.says("/targets")
    kept("route_monday_zh", readable(scene.transcript))
    assert "今日路线：2 家客户" in await lin.all_text()


async def test_the_visit_that_is_sent_is_the_stop_that_is_done(scene: Scene) -> None:
    rep = await at_review(scene)
    person_id, monday = await rep.person_id, date(2026, 11, 23)

    def walked(connection: Connection) -> None:
        now = scene.rounds.clock()
        route = routes.add(connection, name="Round", person_id=person_id, starts_on=monday, by=person_id, now=now)
        planned.plan(connection, person_id, [(monday, 1, route)], now)

    await scene.rounds.database.write(walked)
    await rep.presses("Send")
    (stop,) = await scene.rows(table(PlannedVisitRow).select())
    assert (stop.state, stop.visit_id) == ("done", 1)
    (day,) = await scene.rows(table(DayTotalRow).select())
    assert (day.visits, day.firsts) == (1, 1)
