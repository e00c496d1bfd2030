"""What careful readers of the dialogues found: each stays mended."""

from typing import Any

from company import BANK, answers_given, answers_the_checklist, at_review, checked_in, on_his_way_in, with_customer
from scene import Scene, picture

from storage import people
from storage.tables import CustomerRow, VisitRow, table

VISITS, CUSTOMERS = table(VisitRow), table(CustomerRow)


async def test_a_tapped_item_is_corrected_by_typing_even_at_the_review(scene: Scene) -> None:
    rep = await at_review(scene)
    await rep.presses("2✓")
    await rep.says("A cheaper delivery")
    assert "Is everything right" in await rep.last()
    assert (await answers_given(scene))["needs"] == "A cheaper delivery"
    assert (await scene.rows(VISITS.select()))[0].words == ""


async def test_a_visit_with_photos_opens_from_the_digest(scene: Scene) -> None:
    manager = await scene.play("Grace")
    await manager.joins("manager", team="West")
    rep = await checked_in(scene, store_check=False)
    await rep.sends_photo(picture(seed=1))
    await answers_the_checklist(rep, photo=None)
    await rep.presses("Check out here")
    await rep.presses("Partly")
    await rep.presses("Nothing particular")
    await rep.says("none")
    await rep.presses("Everything is settled")
    await rep.presses("Send")
    await manager.says("/digest")
    await manager.presses("👁 #1")
    assert "Visit #1 by Emma" in await manager.last()
    assert "1 photo" in await manager.last()


async def test_without_a_location_an_expired_one_does_not_judge(scene: Scene) -> None:
    await with_customer(scene, "Harbour Bakery")
    rep = await on_his_way_in(scene, "Proposal")
    await scene.pass_time(minutes=40)
    await rep.presses("Harbour Bakery")
    await rep.presses("No location")
    await rep.says("the phone is wet")
    visit = (await scene.rows(VISITS.select()))[0]
    assert (visit.arrival, visit.reason) == ("cannot_tell", "the phone is wet")


async def test_who_lost_his_role_amid_a_visit_is_told_so_and_nothing_fails(scene: Scene) -> None:
    rep = await checked_in(scene)
    person_id = await rep.person_id
    await scene.rounds.database.write(lambda c: people.change(c, person_id, roles="manager"))
    await rep.says("24")
    assert "Only a rep can do this" in await rep.last()
    await rep.says("/menu")
    assert "What shall we do" in await rep.last()


async def test_typed_words_belong_to_the_question_that_was_tapped_last(scene: Scene) -> None:
    rep = await checked_in(scene, store_check=False)
    await rep.presses("Decides")
    await rep.says("/customers")
    await rep.presses("2")
    await rep.says("A faster delivery")
    assert (await answers_given(scene))["needs"] == "A faster delivery"


async def test_a_manager_finds_his_own_customer_behind_many_of_others(scene: Scene) -> None:
    other = await scene.play("Ben")
    await other.joins("rep", team="East")
    owner = await other.person_id
    for number in range(10):
        await with_customer(scene, f"Bakery {number}", owner_id=owner)
    rep = await scene.play("Emma")
    await rep.joins("rep", team="West")
    await with_customer(scene, "Bakery of the West Side", owner_id=await rep.person_id)
    manager = await scene.play("Grace")
    await manager.joins("manager", team="West")
    await manager.says("bakery")
    assert "Bakery of the West Side" in await manager.last()
    assert "Bakery 1" not in await manager.last()


async def test_an_album_with_a_broken_photo_is_still_acknowledged(scene: Scene) -> None:
    rep = await checked_in(scene)
    await rep.presses("Yes")
    await rep.sends_photo(picture(seed=1), picture(seed=2), picture(seed=3)[:900], as_document=True)
    pictures = [m for m in (await rep.chat())["messages"] if "photo" in m and not m["outgoing"]]
    assert len(pictures) == 2


async def test_a_report_that_comes_late_does_not_turn_a_newer_visit_back(scene: Scene) -> None:
    slow = await at_review(scene)
    await scene.pass_time(days=2)
    fast = await on_his_way_in(scene, "Relationship", name="Ben")
    await fast.presses("Harbour Bakery")
    await answers_the_checklist(fast)
    await fast.presses("Check out here")
    await fast.presses("Reached")
    await fast.presses("Nothing particular")
    await fast.presses("No next step")
    await fast.presses("Everything is settled")
    await fast.presses("Send")
    newer = (await scene.rows(CUSTOMERS.select()))[0]
    await slow.presses("✅ Send")
    after = (await scene.rows(CUSTOMERS.select()))[0]
    assert (after.last_visit_at, after.due_on) == (newer.last_visit_at, newer.due_on)


async def test_the_position_that_a_given_up_visit_proposed_goes_with_it(scene: Scene) -> None:
    await with_customer(scene, "Harbour Bakery", latitude=None, longitude=None, position_from=None)
    rep = await on_his_way_in(scene, "Problem", at=BANK)
    await rep.says("harbour")
    await rep.presses("Harbour Bakery")
    assert (await scene.rows(CUSTOMERS.select()))[0].position_from == "proposed"
    await rep.says("/cancel")
    await rep.presses("Yes, give it up")
    row: Any = (await scene.rows(CUSTOMERS.select()))[0]
    assert (row.position_from, row.latitude) == (None, None)


async def test_a_correction_of_the_date_keeps_what_was_promised(scene: Scene) -> None:
    rep = await at_review(scene)
    await rep.presses("Next step")
    await rep.says("tomorrow 3 pm send the white paper")
    await rep.says("no, Tuesday next week")
    assert "send the white paper" in await rep.last()
    await rep.presses("Write it again")
    await rep.says("send samples yesterday")
    assert "The day that you named is over" in await rep.last()


async def test_a_pasted_page_is_answered_like_any_name_that_nobody_has(scene: Scene) -> None:
    admin = await scene.play("Ann")
    await admin.joins("admin")
    await admin.says(" ".join(f"word{number}" for number in range(300)))
    assert "I find no customer" in await admin.last()


async def test_a_stranger_with_a_chinese_phone_is_answered_in_chinese(scene: Scene) -> None:
    stranger = await scene.play("王", language="zh-hans")
    await stranger.says("你好")
    assert "巡访只为受公司邀请的同事服务" in await stranger.last()


async def test_another_language_amid_a_visit_asks_the_question_again_in_it(scene: Scene) -> None:
    rep = await checked_in(scene)
    await rep.says("/language")
    await rep.presses("简体中文")
    assert "新品上架了吗" in await rep.last()
