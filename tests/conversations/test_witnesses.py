"""A second witness as everybody sees it on his phone: a companion who confirms, and a check on the spot by voice."""

from typing import Any

from company import DOOR, answers_the_checklist, with_customer
from scene import Player, Scene, readable
from sqlalchemy import update

from storage.tables import SigningKeyRow, VisitRow, VisitWitnessRow, table

VISITS, WITNESSES = table(VisitRow), table(VisitWitnessRow)
WORD = "03" * 32  # a secret by which the first visit is asked for a word


async def asked_for_a_word(scene: Scene, secret: str) -> None:
    """The policy is on, and what is asked follows from our secret: a known one here."""
    await scene.rounds.database.write(lambda c: c.execute(update(table(SigningKeyRow)).values(secret=secret)))
    admin = await scene.play("Olga")
    await admin.joins("admin")
    await admin.says("/set challenge.asked on")


async def arrives(rep: Player, *labels: str) -> None:
    for label in labels[:-1]:
        await rep.presses(label)
    await rep.stands_at(*DOOR)
    await rep.presses(labels[-1])


async def test_a_check_on_the_spot_is_answered_by_voice(scene: Scene, kept: Any) -> None:
    await with_customer(scene, "Harbour Bakery")
    await asked_for_a_word(scene, WORD)
    manager = await scene.play("Mia")
    await manager.joins("manager", team="West")
    rep = await scene.play("Emma")
    await rep.joins("rep", team="West")
    scene.transcript.clear()
    await arrives(rep, "Start a visit", "Relationship", "Harbour Bakery")
    await rep.says("what is that?")
    await scene.pass_time(seconds=80)
    await rep.records(seconds=4)
    await answers_the_checklist(rep)
    await scene.pass_time(minutes=2)
    for label in ("Check out here", "Reached", "Nothing particular", "No next step", "Everything is settled", "Send"):
        await rep.presses(label)
    await manager.says("/digest")
    await manager.presses("#1")
    await manager.presses("See the answer")
    await rep.records("video_note")
    kept("challenge_en", readable(scene.transcript))
    assert (await scene.rows(VISITS.select()))[0].level == 4


async def test_a_check_on_the_spot_that_nobody_answers(scene: Scene, kept: Any) -> None:
    await with_customer(scene)
    await asked_for_a_word(scene, WORD)
    rep = await scene.play("王磊", language="zh")
    await rep.joins("rep", team="West")
    scene.transcript.clear()
    await arrives(rep, "开始拜访", "关系维护", "重庆长乐银行")
    await rep.presses("暂不")
    await scene.pass_time(minutes=5, seconds=1)
    await rep.records()
    kept("challenge_unmet_zh", readable(scene.transcript))
    (visit,) = await scene.rows(VISITS.select())
    assert [flag["code"] for flag in visit.flags] == ["challenge_unmet"]


async def test_a_check_on_the_spot_in_chinese(scene: Scene, kept: Any) -> None:
    await with_customer(scene)
    await asked_for_a_word(scene, WORD)
    rep = await scene.play("王磊", language="zh")
    await rep.joins("rep", team="West")
    scene.transcript.clear()
    await arrives(rep, "开始拜访", "关系维护", "重庆长乐银行")
    await scene.pass_time(seconds=50)
    await rep.records("video_note", seconds=3)
    shown = [m for m in (await rep.chat())["messages"] if not m["outgoing"]][-1]
    # As the button stands on the visit's page
    await rep.does("tap", message_id=shown["message_id"], forged="challenge:1:0:show")
    kept("challenge_zh", readable(scene.transcript))
    (witness,) = await scene.rows(WITNESSES.select())
    assert (witness.kind, witness.state, witness.answer) == ("challenge", "answered", "round")


async def test_a_companion_confirms_with_his_location(scene: Scene, kept: Any) -> None:
    await with_customer(scene, "Harbour Bakery")
    ben = await scene.play("Ben")
    await ben.joins("manager", team="West")
    rep = await scene.play("Emma")
    await rep.joins("rep", team="West")
    scene.transcript.clear()
    await arrives(rep, "Start a visit", "Relationship", "Harbour Bakery")
    await rep.presses("With somebody")
    await rep.says("ben")
    await rep.presses("Ben · West")
    await ben.presses("Yes, with my location")
    await ben.stands_at(*DOOR)
    await rep.presses("With somebody")
    await rep.presses("Nobody, go on")
    kept("companion_en", readable(scene.transcript))
    (witness,) = await scene.rows(WITNESSES.select())
    assert (witness.kind, witness.state, witness.answer) == ("companion", "answered", "yes")


async def test_a_companion_says_no(scene: Scene, kept: Any) -> None:
    await with_customer(scene)
    mate = await scene.play("李娜", language="zh")
    await mate.joins("rep", team="West")
    rep = await scene.play("王磊", language="zh")
    await rep.joins("rep", team="West")
    scene.transcript.clear()
    await arrives(rep, "开始拜访", "关系维护", "重庆长乐银行")
    await rep.presses("有人同行")
    await rep.says("lina")
    await rep.presses("李娜")
    await mate.presses("不是")
    kept("companion_zh", readable(scene.transcript))
    (visit,) = await scene.rows(VISITS.select())
    assert [flag["code"] for flag in visit.flags] == ["companion_not_there"]
