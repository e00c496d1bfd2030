"""What goes wrong on the way into a visit: each gets a sentence, a way on, and nothing is lost."""

from typing import Any

from company import BANK, DOOR, at_review, on_his_way_in, with_customer
from scene import Scene, readable

from storage.tables import VisitRow, table

VISITS = table(VisitRow)


async def test_a_forwarded_a_venue_and_an_inline_location_are_refused_with_the_reason(scene: Scene, kept: Any) -> None:
    await with_customer(scene)
    rep = await scene.play("王磊", language="zh")
    await rep.joins("rep")
    colleague = await scene.play("李娜", language="zh")
    await colleague.says("hi")
    await colleague.stands_at(*DOOR)
    sent = next(m for m in (await colleague.chat())["messages"] if "location" in m)
    scene.transcript.clear()
    await rep.presses("开始拜访")
    await rep.presses("首次拜访")
    await rep.does("send", forward_of={"message_id": sent["message_id"], "person_id": colleague.id})
    assert "转发" in await rep.last(2)
    venue = {"location": {"latitude": DOOR[0], "longitude": DOOR[1]}, "title": "银行", "address": "路"}
    await rep.does("send", venue=venue)
    assert "从列表里选的" in await rep.last(2)
    await rep.does("send", location={"latitude": DOOR[0], "longitude": DOOR[1]}, via_bot=True)
    assert "其他机器人" in await rep.last(2)
    await rep.stands_at(*DOOR)
    assert "您在哪个客户那里" in await rep.last()
    kept("refused_locations_zh", readable(scene.transcript))


async def test_a_rep_far_away_goes_on_with_a_reason_and_his_manager_sees_it(scene: Scene, kept: Any) -> None:
    await with_customer(scene, "Harbour Bakery")
    rep = await on_his_way_in(scene, "Problem", at=(BANK[0] + 0.006, BANK[1]))
    await rep.presses("Harbour Bakery")
    await rep.says(".")
    await rep.presses("We met elsewhere")
    kept("outside_en", readable(scene.transcript))
    visit = (await scene.rows(VISITS.select()))[0]
    assert (visit.arrival, visit.reason) == ("outside", "met_elsewhere")
    assert [flag["code"] for flag in visit.flags] == ["outside"]


async def test_a_phone_that_cannot_tell_where_it_is_passes_with_a_flag(scene: Scene, kept: Any) -> None:
    await with_customer(scene)
    rep = await scene.play("王磊", language="zh")
    await rep.joins("rep")
    await rep.presses("开始拜访")
    await rep.presses("处理问题")
    await rep.stands_at(BANK[0] + 0.002, BANK[1], accuracy=300)
    await rep.presses("重庆长乐银行")
    kept("cannot_tell_zh", readable(scene.transcript))
    visit = (await scene.rows(VISITS.select()))[0]
    assert (visit.arrival, [flag["code"] for flag in visit.flags]) == ("cannot_tell", ["cannot_tell"])


async def test_without_a_location_the_customer_is_found_by_name_and_a_reason_is_asked(scene: Scene, kept: Any) -> None:
    await with_customer(scene)
    rep = await scene.play("Emma")
    await rep.joins("rep")
    await rep.presses("Start a visit")
    await rep.presses("First visit")
    await rep.presses("No location")
    await rep.says("nobody knows him")
    await rep.says("clyh")
    await rep.presses("重庆长乐银行")
    await rep.says("No signal in the basement")
    kept("no_location_en", readable(scene.transcript))
    visit = (await scene.rows(VISITS.select()))[0]
    assert (visit.latitude, visit.reason) == (None, "No signal in the basement")


async def test_a_second_visit_on_one_day_needs_a_reason(scene: Scene, kept: Any) -> None:
    rep = await at_review(scene)
    await rep.presses("Send")
    scene.transcript.clear()
    await rep.stands_at(*DOOR)
    await rep.presses("Relationship")
    await rep.presses("Harbour Bakery")
    await rep.says("Forgot the samples")
    kept("second_visit_en", readable(scene.transcript))
    assert [row.again_reason for row in await scene.rows(VISITS.select())] == ["", "Forgot the samples"]


async def test_a_location_gets_old_and_is_asked_again(scene: Scene) -> None:
    await with_customer(scene, "Harbour Bakery")
    rep = await on_his_way_in(scene, "Proposal")
    await scene.pass_time(minutes=20)
    await rep.presses("Harbour Bakery")
    assert "Please send your location to check in at Harbour Bakery" in await rep.last()
    await rep.stands_at(*DOOR)
    assert (await scene.rows(VISITS.select()))[0].arrival == "inside"
