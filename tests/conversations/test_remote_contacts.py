"""A contact by phone or online, and a form filled in at the desk: no place is asked for, and none is claimed."""

from typing import Any

from company import DOOR, answers_given, with_customer
from scene import Player, Scene, readable

from storage.tables import CustomerRow, DayTotalRow, VisitRow, table

VISITS, CUSTOMERS, TOTALS = table(VisitRow), table(CustomerRow), table(DayTotalRow)


async def rep_of(scene: Scene, language: str = "en") -> Player:
    await with_customer(scene, "Harbour Bakery" if language == "en" else "重庆长乐银行")
    rep = await scene.play("Emma" if language == "en" else "王磊", language=language)
    await rep.joins("rep", team="West")
    scene.transcript.clear()
    return rep


async def calls(rep: Player) -> None:
    """A rep on the phone with Harbour Bakery, at the first question."""
    await rep.presses("Start a visit")
    await rep.presses("Customer visit")
    await rep.presses("Remote contact")
    await rep.presses("Problem")
    await rep.says("harbour")
    await rep.presses("Harbour Bakery")


async def test_a_call_is_reported_without_any_place(scene: Scene, kept: Any) -> None:
    rep = await rep_of(scene)
    before = (await scene.rows(CUSTOMERS.select()))[0].due_on
    await calls(rep)
    await rep.presses("Phone")
    await rep.presses("Yes")
    await rep.presses("Buys")
    await rep.presses("Complaint")
    await rep.presses("Done")
    await rep.says("The bread boxes of Monday came wet")
    await rep.says("We bring new ones tomorrow before 7")
    await rep.presses("Skip")
    await rep.presses("Partly")
    await rep.presses("Nothing particular")
    await rep.says("bring new boxes tomorrow")
    await rep.presses("Yes")
    await rep.presses("✅ Send")
    kept("remote_contact_en", readable(scene.transcript))
    (visit,) = await scene.rows(VISITS.select())
    assert (visit.arrival, visit.latitude, visit.distance, visit.flags) == ("remote", None, None, [])
    assert (visit.state, visit.effectiveness) == ("sent", "effective"), "neither fence nor stay is asked of a call"
    assert (await scene.rows(CUSTOMERS.select()))[0].due_on == before, "whoever was called has not been seen"
    assert await scene.rows(TOTALS.select()) == [], "nobody went anywhere"
    await rep.says("/today")
    assert "0 visits, 0 effective" in await rep.last()
    assert "1 contact by phone or online, not counted as a visit" in await rep.last()


async def test_a_call_that_nobody_answers_in_chinese(scene: Scene, kept: Any) -> None:
    rep = await rep_of(scene, "zh")
    await rep.presses("开始拜访")
    await rep.presses("客户拜访")
    await rep.presses("远程联系")
    await rep.presses("关系维护")
    await rep.says("cqclyh")
    await rep.presses("重庆长乐银行")
    await rep.presses("电话")
    await rep.presses("否")
    await rep.says("明天")
    await rep.presses("跳过")
    await rep.presses("未达成")
    await rep.presses("没有特别的")
    await rep.says("明天上午10点再打电话")
    await rep.presses("对")
    await rep.presses("✅ 提交")
    kept("remote_contact_zh", readable(scene.transcript))
    assert (await answers_given(scene))["again_on"] == "2026-11-24"


async def test_a_location_is_not_taken_from_who_is_on_the_phone(scene: Scene) -> None:
    rep = await rep_of(scene)
    await rep.presses("Start a visit")
    await rep.presses("Customer visit")
    await rep.presses("Remote contact")
    await rep.presses("Relationship")
    await rep.stands_at(*DOOR)
    assert "A remote contact needs no location" in await rep.all_text()
    await rep.says("harbour")
    await rep.presses("Harbour Bakery")
    assert [row.latitude for row in await scene.rows(VISITS.select())] == [None]


async def test_a_location_sent_before_the_type_was_changed_is_not_kept(scene: Scene) -> None:
    rep = await rep_of(scene)
    await rep.stands_at(*DOOR)
    await rep.presses("Customer visit")
    await rep.presses("Remote contact")
    await rep.presses("Relationship")
    await rep.says("harbour")
    await rep.presses("Harbour Bakery")
    assert [(row.arrival, row.latitude, row.flags) for row in await scene.rows(VISITS.select())] == [
        ("remote", None, [])
    ]


async def test_a_call_is_not_closed_for_him_and_no_reason_is_asked_for_the_visit_after_it(scene: Scene) -> None:
    rep = await rep_of(scene)
    await calls(rep)
    await scene.pass_time(hours=5)
    assert [row.closed_automatically for row in await scene.rows(VISITS.select())] == [False]
    await rep.says("/cancel")
    await rep.presses("Yes")
    await rep.presses("Start a visit")
    await rep.presses("Remote contact")
    await rep.presses("Store check")
    await rep.presses("Relationship")
    await rep.stands_at(*DOOR)
    await rep.presses("Harbour Bakery")
    assert "Is the new product on the shelf?" in await rep.last()


async def test_the_day_shows_a_call_without_a_stay(scene: Scene) -> None:
    manager = await scene.play("Grace")
    await manager.joins("manager", team="West")
    rep = await rep_of(scene)
    await calls(rep)
    await rep.says("/today")
    day = await rep.last()
    assert "Harbour Bakery" in day and "📞" in day


async def test_a_customer_is_screened_at_the_desk_and_the_sum_is_said(scene: Scene, kept: Any) -> None:
    rep = await rep_of(scene)
    await rep.presses("Start a visit")
    await rep.presses("Customer visit")
    await rep.presses("More forms")
    await rep.presses("Screening score")
    await rep.presses("First visit")
    await rep.presses("Not on site")
    await rep.says("harbour")
    await rep.presses("Harbour Bakery")
    await rep.presses("5 ★")
    await rep.presses("4 ★")
    await rep.presses("He named a budget")
    await rep.presses("Done")
    await rep.presses("3 ★")
    await rep.presses("Skip")
    await rep.presses("🎯")
    await rep.presses("Nothing particular")
    await rep.says("send the offer on Friday")
    await rep.presses("Yes")
    review = await rep.last()
    assert "Need 5/5 × 40 % + Buying power 4/5 × 35 % + Decision 3/5 × 25 % = 83 of 100" in review
    assert "80 or more: goes on, grade B proposed." in review
    await rep.presses("✅ Send")
    kept("screening_en", readable(scene.transcript))
    await rep.presses("Start a visit")
    assert "Screening" not in str((await rep.chat())["messages"][-1]), "a visit is offered next, not a form"


async def test_the_manager_reads_the_same_sum_in_chinese(scene: Scene, kept: Any) -> None:
    manager = await scene.play("李娜", language="zh")
    await manager.joins("manager", team="West")
    rep = await rep_of(scene, "zh")
    await rep.presses("开始拜访")
    await rep.presses("客户拜访")
    await rep.presses("更多表单")
    await rep.presses("筛选评分")
    await rep.presses("首次拜访")
    await rep.stands_at(*DOOR, accuracy=400)
    await rep.presses("重庆长乐银行")
    await rep.presses("4 ★")
    await rep.presses("3 ★")
    await rep.presses("2 ★")
    await rep.says("要等总行批预算")
    await rep.presses("跳过")
    await rep.presses("不带位置签退")
    await rep.presses("🎯")
    await rep.presses("没有特别的")
    await rep.says("下周三打电话")
    await rep.presses("对")
    await rep.presses("✅ 提交")
    await manager.says("/digest")
    await manager.presses("👁 #1")
    kept("screening_zh", readable(scene.transcript))
    assert "需求匹配 4/5 × 40 % + 购买力 3/5 × 35 % + 决策可行 2/5 × 25 % = 63 分" in await manager.last()
    assert "不足 80 分：不再跟进。" in await manager.last()
