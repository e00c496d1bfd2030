"""One team gets a radius of its own: the admin reads where it comes from, two reps check in, the admin undoes it."""

from typing import Any

from company import BANK, with_customer
from scene import Player, Scene, readable
from sqlalchemy import update

from storage.tables import TeamRow, VisitRow, table

VISITS, TEAMS = table(VisitRow), table(TeamRow)
OVER_THE_ROAD = (BANK[0] + 0.0016, BANK[1])  # 178 m away


async def checks_in(rep: Player, words: tuple[str, str], customer: str) -> None:
    start, purpose = words
    await rep.presses(start)
    await rep.presses(purpose)
    await rep.stands_at(*OVER_THE_ROAD, accuracy=10)
    await rep.presses(customer)


async def outcomes(scene: Scene) -> list[str]:
    return [row.arrival for row in await scene.rows(VISITS.select().order_by(VISITS.c.id))]


async def test_a_team_has_a_radius_of_its_own_and_loses_it_again(scene: Scene, kept: Any) -> None:
    await with_customer(scene, "Harbour Bakery")
    ann = await scene.play("Ann")
    await ann.joins("admin")
    emma = await scene.play("Emma")
    await emma.joins("rep", team="West")
    ben = await scene.play("Ben")
    await ben.joins("rep", team="East")
    scene.transcript.clear()
    await ann.says("/set fence.radius 300")
    await ann.says("/set radius 120 team Wets")
    await ann.says("/set radius 120 team West")
    await ann.says("/settings fence.radius team West")
    await checks_in(ben, ("Start a visit", "Relationship"), "Harbour Bakery")
    await checks_in(emma, ("Start a visit", "Relationship"), "Harbour Bakery")
    assert "120 m are allowed" in await emma.last()
    await emma.presses("We met elsewhere")
    assert await outcomes(scene) == ["inside", "outside"]
    await ann.presses("The company's value")
    await ann.presses("For some only")
    await ann.presses("A team")
    await ann.presses("West: 120 m")
    await ann.presses("Undo last change")
    assert "300 m: from the company" in await ann.last()
    olga = await scene.play("Olga")
    await olga.joins("rep", team="West")
    await checks_in(olga, ("Start a visit", "Relationship"), "Harbour Bakery")
    kept("policy_of_a_team_en", readable(scene.transcript))
    assert await outcomes(scene) == ["inside", "outside", "inside"]


async def test_the_same_in_chinese_by_the_names_that_people_use(scene: Scene, kept: Any) -> None:
    await with_customer(scene)
    wang = await scene.play("王芳", language="zh-hans")
    await wang.joins("admin")
    lin = await scene.play("林浩", language="zh-hans")
    await lin.joins("rep", team="华东")
    zhao = await scene.play("赵敏", language="zh-hans")
    await zhao.joins("rep", team="华南")
    scene.transcript.clear()
    await wang.says("/set 围栏半径 120 米 团队 华东")
    await wang.says("/set 最短停留 15分钟 等级 B")
    await wang.says("/set 日报 18:30 等级 A")
    await wang.says("/settings 签到半径 团队 华东")
    await checks_in(zhao, ("开始拜访", "关系维护"), "重庆长乐银行")
    await checks_in(lin, ("开始拜访", "关系维护"), "重庆长乐银行")
    await lin.presses("在别处见面")
    assert await outcomes(scene) == ["inside", "outside"]
    await wang.presses("撤销上次修改")
    assert "来自默认值" in await wang.last()
    await wang.says("/settings")
    kept("policy_of_a_team_zh", readable(scene.transcript))


async def test_a_new_companys_manager_is_shown_no_flags_and_is_told_until_when(scene: Scene, kept: Any) -> None:
    founded = update(TEAMS).where(TEAMS.c.parent_id.is_(None)).values(founded_at=scene.rounds.clock())
    await scene.rounds.database.write(lambda connection: connection.execute(founded))
    await with_customer(scene, "Harbour Bakery")
    emma = await scene.play("Emma")
    await emma.joins("rep", team="West")
    max_ = await scene.play("Max")
    await max_.joins("manager", team="West")
    ann = await scene.play("Ann")
    await ann.joins("admin")
    scene.transcript.clear()
    await ann.says("/set fence.radius 100")
    await checks_in(emma, ("Start a visit", "Relationship"), "Harbour Bakery")
    assert "100 m are allowed" in await emma.last()
    assert "your manager is not shown it" in await emma.last()
    await emma.presses("We met elsewhere")
    await max_.says("/digest")
    assert "for 14 more days" in await max_.last()
    assert "⚑" not in await max_.last()
    await ann.says("/set transition 0")
    await max_.says("/digest")
    assert "Getting used to it" not in await max_.last()
    kept("transition_en", readable(scene.transcript))
    assert "⚑" in await max_.last()
