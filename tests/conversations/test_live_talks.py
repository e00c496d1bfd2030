"""Live locations as a rep sees them on his phone: a visit that needs no check-out place, a day, and a "no"."""

from typing import Any

from company import BANK, DOOR, answers_the_checklist, with_customer
from scene import Player, Scene, readable

from storage.tables import LocationFixRow, VisitRow, table

FIXES, VISITS = table(LocationFixRow), table(VisitRow)
AWAY = (BANK[0] + 0.006, BANK[1])  # 667 m from it


class Phone:
    """A player's live location."""

    def __init__(self, player: Player) -> None:
        self.player = player
        self.message_id = 0

    async def shares(self, at: tuple[float, float], *, hours: float = 1) -> None:
        """Begin to share."""
        await self.player.stands_at(*at, location={"live_period": int(hours * 3600)})
        chat = await self.player.chat()
        self.message_id = next(m["message_id"] for m in reversed(chat["messages"]) if "location" in m)

    async def stays(self, at: tuple[float, float], *, minutes: int) -> None:
        """One place a minute, each a step from the last."""
        for number in range(minutes):
            await self.player.scene.pass_time(minutes=1)
            place = {"latitude": at[0] + number % 3 * 1e-5, "longitude": at[1] + number % 4 * 1e-5}
            await self.player.does("move", message_id=self.message_id, horizontal_accuracy=14, **place)

    async def stops(self) -> None:
        """Stop sharing."""
        await self.player.does("stop", message_id=self.message_id)


def short(scene: Scene) -> str:
    """The dialogue, with the minutes in which nothing was said taken together."""
    lines: list[str] = []
    waited = 0
    for line in scene.transcript:
        if line == "--- 1 minutes later ---":
            waited += 1
            continue
        if line.endswith(" ✎ "):  # a place of the live location
            continue
        if waited:
            lines.append(f"--- {waited} minutes later, the phone telling its place every minute ---")
            waited = 0
        lines.append(line)
    return readable(lines)


async def test_a_visit_by_live_location_is_checked_out_when_the_phone_left(scene: Scene, kept: Any) -> None:
    await with_customer(scene, "Harbour Bakery")
    rep = await scene.play("Emma")
    await rep.joins("rep", team="West")
    manager = await scene.play("Anna")
    await manager.joins("manager", team="West")
    scene.transcript.clear()
    phone = Phone(rep)
    await rep.presses("Start a visit")
    await rep.presses("Relationship")
    await phone.shares(DOOR)
    await rep.presses("Harbour Bakery")
    await rep.presses("Yes, keep it")
    await phone.stays(DOOR, minutes=12)
    await answers_the_checklist(rep, closing="Yes")
    await phone.stays(AWAY, minutes=11)
    await scene.pass_time(seconds=5)
    await rep.presses("Yes, check out at")
    await rep.presses("Partly")
    await rep.presses("Nothing particular")
    await rep.says("send the white paper by Friday")
    await rep.presses("Yes")
    await rep.presses("Send")
    await phone.stops()
    await manager.says("/digest")
    kept("live_visit_en", short(scene))
    (visit,) = await scene.rows(VISITS.select())
    assert (visit.level, visit.covered) == (3, 12 * 60)
    assert [flag["code"] for flag in visit.flags] == []


async def test_a_day_is_shared_and_a_visit_in_it_needs_no_place(scene: Scene, kept: Any) -> None:
    await with_customer(scene)
    rep = await scene.play("王磊", language="zh")
    await rep.joins("rep", team="West")
    scene.transcript.clear()
    phone = Phone(rep)
    await rep.says("/day")
    await rep.presses("开始我的一天")
    await rep.presses("同意保存")
    await phone.shares(AWAY, hours=8)
    await phone.stays(AWAY, minutes=3)
    await phone.stays(DOOR, minutes=1)
    await rep.presses("开始拜访")
    await rep.presses("关系维护")
    await rep.presses("重庆长乐银行")
    await phone.stays(DOOR, minutes=2)
    await phone.stops()
    await rep.says("/day")
    await rep.presses("结束我的一天")
    await scene.until("19:00")
    await rep.says("/day")
    kept("live_day_zh", short(scene))
    (visit,) = await scene.rows(VISITS.select())
    assert (visit.live, visit.arrival) == (True, "inside")
    assert [flag["code"] for flag in visit.flags] == ["closed_automatically"]


async def test_who_says_no_goes_on_with_single_places(scene: Scene, kept: Any) -> None:
    await with_customer(scene)
    rep = await scene.play("王磊", language="zh")
    await rep.joins("rep", team="West")
    scene.transcript.clear()
    phone = Phone(rep)
    await phone.shares(DOOR)
    await rep.presses("在这里开始拜访")
    await rep.presses("关系维护")
    await rep.presses("重庆长乐银行")
    await rep.presses("不同意")
    await phone.stays(DOOR, minutes=2)
    kept("live_refused_zh", short(scene))
    assert await scene.rows(FIXES.select()) == []


async def test_a_live_location_that_is_stopped_leaves_the_visit_open(scene: Scene, kept: Any) -> None:
    await with_customer(scene, "Harbour Bakery")
    rep = await scene.play("Emma")
    await rep.joins("rep", team="West")
    scene.transcript.clear()
    phone = Phone(rep)
    await phone.shares(DOOR)
    await rep.presses("Start a visit here")
    await rep.presses("Relationship")
    await rep.presses("Harbour Bakery")
    await rep.presses("Yes, keep it")
    await phone.stays(DOOR, minutes=2)
    await phone.stops()
    kept("live_stopped_en", short(scene))
    (visit,) = await scene.rows(VISITS.select())
    assert (visit.state, visit.checked_out_at) == ("open", None)
