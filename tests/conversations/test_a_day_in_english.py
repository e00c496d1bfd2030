"""The main road in English: an admin invites, a rep joins and visits, his manager reads about it."""

from typing import Any

from company import at_review, with_customer
from scene import OFFICE, Scene, readable

from storage.tables import PersonRow, VisitRow, table


async def test_a_rep_joins_by_an_invite_link(scene: Scene, kept: Any) -> None:
    admin = await scene.play("Sam", phone="+44 20 7946 0001")
    await admin.joins("admin")
    await admin.says("/invite rep Team East")
    await admin.presses("Our company")
    link = next(word for word in (await admin.all_text()).split() if word.startswith("https://t.me/"))

    rep = await scene.play("Emma", phone="+44 20 7946 0002")
    await rep.says(f"/start {link.partition('start=')[2]}")
    await rep.presses("English")
    await rep.presses("Share my phone number")
    await rep.presses("Shanghai")

    token = link.partition("start=")[2]
    kept("joining_en", readable(scene.transcript).replace(token, "TOKEN"))
    joined = (await scene.rows(table(PersonRow).select().where(table(PersonRow).c.telegram_id == rep.id)))[0]
    assert (joined.status, joined.roles, joined.phone) == ("active", "rep", "+44 20 7946 0002")
    commands = [command["command"] for command in (await rep.chat())["commands"]]
    assert commands[:3] == ["visit", "customers", "near"]


async def test_a_customer_visit_ends_with_a_number_and_a_next_step(scene: Scene, kept: Any) -> None:
    rep = await at_review(scene)
    await rep.presses("Send")
    kept("customer_visit_en", readable(scene.transcript))
    visit = (await scene.rows(table(VisitRow).select()))[0]
    assert (visit.state, visit.words, visit.next_what) == ("sent", "", "send the white paper")
    assert visit.next_on.isoformat() == "2026-11-27"


async def test_the_manager_reads_about_the_day_in_the_evening(scene: Scene, kept: Any) -> None:
    manager = await scene.play("Grace")
    await manager.joins("manager", team="West")
    rep = await at_review(scene)
    await rep.presses("Send")
    scene.transcript.clear()
    await scene.until("19:01")
    assert "Harbour Bakery" in await manager.all_text()
    kept("digest_en", readable(scene.transcript))


async def test_a_follow_up_comes_back_the_evening_before_and_is_done(scene: Scene, kept: Any) -> None:
    rep = await at_review(scene)
    await rep.presses("Send")
    scene.transcript.clear()
    await scene.pass_time(days=3)
    await scene.until("18:30")
    await rep.presses("Done")
    kept("follow_up_en", readable(scene.transcript))
    assert "white paper" in await rep.all_text()


async def test_customers_are_found_by_initials_and_near_by(scene: Scene, kept: Any) -> None:
    await with_customer(scene)
    await with_customer(scene, "Harbour Bakery", latitude=OFFICE[0], longitude=OFFICE[1] + 0.001, grade="B")
    rep = await scene.play("Emma")
    await rep.joins("rep")
    await rep.says("/customers cqclyh")
    assert "重庆长乐银行" in await rep.last()
    await rep.says("/near")
    await rep.stands_at(*OFFICE)
    await rep.says("bakery")
    kept("customers_en", readable(scene.transcript))
