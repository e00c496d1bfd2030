"""People come, change, are away and leave: an admin's afternoon, a locked-out rep, leave in Chinese, a handover."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from company import checked_in, with_customer
from scene import Scene, readable

from bot.domain.followup import ReminderKind
from storage import followups

Kept = Callable[[str, str], None]
TOKEN = re.compile(r"(?<=start=)[\w-]{20,}|(?<=start%3D)[\w-]{20,}|(?<=/start )[\w-]{20,}")


def without_tokens(scene: Scene) -> str:
    """The transcript; a token is another one each time."""
    return TOKEN.sub("TOKEN", readable(scene.transcript))


async def test_an_admins_afternoon_with_teams_people_and_invites(scene: Scene, kept: Kept) -> None:
    ann = await scene.play("Ann")
    await ann.joins("admin", team="Our company")
    rae = await scene.play("Rae")
    await rae.joins("rep", team="Our company")
    await ann.says("/teams")
    await ann.presses("Our company")
    await ann.presses("Team below")
    await ann.says("East")
    await ann.presses("Team below")
    await ann.says("Shanghai")
    await ann.presses("Who leads it")
    await ann.presses("Rae")
    await ann.presses("🌳 Teams")
    await ann.presses("East")
    await scene.pass_time(minutes=1)
    await ann.says("/people")
    await ann.presses("Rae")
    await ann.presses("Roles")
    await ann.presses("☐ admin")
    await ann.presses("✅ admin")
    await ann.presses("✅ manager")
    await ann.presses("Back")
    await ann.presses("Team")
    await ann.presses("East")
    await scene.pass_time(minutes=1)
    await ann.says("/invite rep Shanghai")
    token = TOKEN.findall(await ann.all_text())[-1]
    await ann.says("/people")
    await ann.presses("Open invites")
    await ann.presses("1. rep")
    await ann.presses("Revoke")
    eve = await scene.play("Eve")
    await eve.says(f"/start {token}")
    kept("people_afternoon", without_tokens(scene))
    assert "This invite does not work" in await eve.last()


async def test_a_rep_is_locked_out_in_the_middle_of_a_visit_and_let_in_again(scene: Scene, kept: Kept) -> None:
    ann = await scene.play("Ann")
    await ann.joins("admin")
    emma = await checked_in(scene, store_check=False)
    scene.transcript.clear()
    await emma.presses("Decides")
    await ann.says("/people emma")
    await ann.presses("Lock out")
    await ann.presses("Lock out")
    await emma.says("A faster delivery")
    await emma.presses("3")
    await emma.says("/start")
    await ann.presses("Let in again")
    await emma.says("/visit")
    await emma.says("A faster delivery")
    kept("people_locked_out", readable(scene.transcript))
    assert "Our morning round" not in await emma.all_text()


async def test_leave_in_chinese(scene: Scene, kept: Kept) -> None:
    wang = await scene.play("王芳", language="zh-hans")
    await wang.joins("manager", team="华东")
    lin = await scene.play("林浩", language="zh-hans")
    await lin.joins("rep", team="华东")
    scene.transcript.clear()
    await lin.says("/leave")
    await lin.presses("登记休假")
    await lin.says("过阵子")
    await lin.says("明天到周五")
    await wang.says("/people linhao")
    await wang.presses("休假")
    await scene.until("20:00")
    await scene.pass_time(hours=24)
    await lin.says("/leave")
    await lin.presses("✖️")
    kept("leave_zh", readable(scene.transcript))
    assert "取消了休假" in await wang.all_text()


async def test_a_handover_with_its_list(scene: Scene, kept: Kept) -> None:
    ann = await scene.play("Ann")
    await ann.joins("admin")
    rae, lin = await scene.play("Rae"), await scene.play("Lin")
    await rae.joins("rep", team="East")
    await lin.joins("rep", team="East")
    owner = await rae.person_id
    for name in ("Harbour Bakery", "Hill Mill", "Old Town Café"):
        customer_id = await with_customer(scene, name, owner_id=owner)
        if name != "Hill Mill":
            await _promise(scene, owner, customer_id)
    scene.transcript.clear()
    await ann.says("/people rae")
    await ann.presses("Leaves the company")
    await ann.says("lin")
    await ann.presses("Lin")
    await with_customer(scene, "Won this morning", owner_id=owner)
    await ann.presses("Hand over and let go")
    await ann.presses("Hand over and let go")
    await lin.presses("🗓 1")
    await rae.says("/visit")
    kept("handover", readable(scene.transcript))
    assert "4 customers of Rae are now with Lin" in await ann.all_text()


async def _promise(scene: Scene, person_id: int, customer_id: int) -> None:
    now = scene.rounds.clock()
    await scene.rounds.database.write(
        lambda connection: followups.add(
            connection,
            person_id=person_id,
            customer_id=customer_id,
            visit_id=None,
            what="send the price list",
            due_on=date(2026, 11, 27),
            due_time=None,
            created_at=now,
            remind_at=now + timedelta(days=3),
            remind_kind=ReminderKind.EVENING_BEFORE,
        )
    )
