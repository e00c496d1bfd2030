"""An admin sets the company up: the first admin joins, sets a rule, invites a rep who joins; told in both languages."""

import re
from collections.abc import Callable

from scene import Player, Scene, readable
from sqlalchemy import select

from storage import policies
from storage.tables import PersonRow, TeamRow, table

Kept = Callable[[str, str], None]
TOKEN = re.compile(r"(?<=start=)[\w-]{20,}|(?<=start%3D)[\w-]{20,}|(?<=/start )[\w-]{20,}")


def without_tokens(scene: Scene) -> str:
    """The transcript; a token is another one each time."""
    return TOKEN.sub("TOKEN", readable(scene.transcript))


async def token_seen_by(player: Player) -> str:
    (*_, token) = TOKEN.findall(await player.all_text())
    return str(token)


async def joined(scene: Scene, name: str) -> tuple[str, str, str]:
    """Roles, team and language of an active member."""
    person, team = table(PersonRow), table(TeamRow)
    wanted = select(person.c.roles, team.c.name, person.c.language).join(team, team.c.id == person.c.team_id)
    (row,) = await scene.rows(wanted.where(person.c.name == name, person.c.status == "active"))
    return tuple(row)


async def test_an_admin_sets_a_rule_and_invites_a_rep(scene: Scene, kept: Kept) -> None:
    ann = await scene.play("Ann")
    await ann.joins("admin")
    await ann.presses("Settings")
    await ann.presses("Place and check-in")
    await ann.presses("Check-in radius")
    await ann.presses("150 m")
    await ann.presses("Type a value")
    await ann.says("20 m")
    await ann.says("250 m")
    await ann.says("/set digest.at 18:30")
    await ann.says("/undo")
    await ann.says("/set fence.radios 100")
    await ann.presses("Invite")
    await ann.presses("A manager")
    await ann.says("East")
    await ann.presses("Our company")
    await ann.says("/invite rep East")
    rae = await scene.play("Rae")
    await rae.says(f"/start {await token_seen_by(ann)}")
    await rae.presses("English")
    await rae.presses("phone number")
    await rae.presses("Shanghai")
    await rae.says("/settings")
    kept("admin_sets_up", without_tokens(scene))
    assert await scene.rounds.database.read(policies.in_force) == {"fence.radius": "250"}
    assert await joined(scene, "Rae") == ("rep", "East", "en")


async def test_an_admin_sets_up_in_chinese(scene: Scene, kept: Kept) -> None:
    wang = await scene.play("王芳", language="zh-hans")
    await wang.joins("admin")
    await wang.presses("设置")
    await wang.presses("工作日与时间")
    await wang.presses("工作日：")
    await wang.presses("周六")
    await wang.presses("撤销上次修改")
    await wang.says("/set digest.at 下午6点半")
    await wang.says("/set stay.minimum 十小时")
    await wang.presses("邀请")
    await wang.presses("业务代表")
    await wang.presses("Our company")
    lin = await scene.play("林浩", language="zh-hans")
    await lin.says(f"/start {await token_seen_by(wang)}")
    await lin.presses("简体中文")
    await lin.presses("手机号")
    await lin.presses("Shanghai")
    kept("admin_sets_up_zh", without_tokens(scene))
    assert await scene.rounds.database.read(policies.in_force) == {"digest.at": "18:30"}
    assert await joined(scene, "林浩") == ("rep", "Our company", "zh_Hans")


async def test_who_is_joining_is_told_to_finish_that_first_and_not_as_a_stranger(scene: Scene) -> None:
    ann = await scene.play("Ann")
    await ann.joins("admin", team="East")
    await ann.says("/invite rep East")
    stranger, rae = await scene.play("Bob"), await scene.play("Rae")
    await stranger.says("/visit")
    assert "ask your admin for an invite link" in await stranger.all_text()
    await rae.says(f"/start {await token_seen_by(ann)}")
    await rae.presses("English")
    await rae.says("/visit")
    assert "Let us finish your joining first" in await rae.last(2)
    assert "phone number" in await rae.last(), "and the question that is open"
    assert "ask your admin" not in await rae.all_text()
