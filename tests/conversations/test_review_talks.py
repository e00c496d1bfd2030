"""A flagged visit is looked at, asked about, rejected and appealed, as its people read it."""

from typing import Any

import pytest
from company import BANK, with_customer
from scene import Player, Scene, picture, readable

FAR = (BANK[0] + 0.0045, BANK[1])  # 500 m north of it

SAID = {
    "en": {
        "start": "Start a visit",
        "purpose": "Relationship",
        "reason": "We met at the wholesale market",
        "decides": "Decides",
        "need": "A faster delivery",
        "value": "Our morning round",
        "skip": "Skip",
        "no": "No",
        "out": "Check out here",
        "reached": "Reached",
        "nothing": "Nothing particular",
        "no_next": "No next step",
        "settled": "Everything is settled",
        "send": "✅ Send",
        "pictures": "Map and photos",
        "ask": "❓ Ask",
        "question": "Where exactly",
        "answer": "✍️ Answer",
        "told": "At gate 3, he has a stall there on Mondays",
        "look": "Look and decide",
        "reject": "❌ Reject",
        "why": "The stall is not his shop",
        "appeal": "⚖️ Appeal",
        "plea": "He signs his orders at the stall",
        "accept": "✅ Accept",
    },
    "zh": {
        "start": "开始拜访",
        "purpose": "关系维护",
        "reason": "在批发市场见的面",
        "decides": "决策人",
        "need": "送货要快",
        "value": "我们的早班配送",
        "skip": "跳过",
        "no": "否",
        "out": "在这里签退",
        "reached": "达成",
        "nothing": "没有特别的",
        "no_next": "没有下一步",
        "settled": "事情都已办妥",
        "send": "✅ 提交",
        "pictures": "地图和照片",
        "ask": "❓ 询问",
        "question": "您当时具体在哪里",
        "answer": "✍️ 答复",
        "told": "在三号门，他周一在那里有摊位",
        "look": "查看并处理",
        "reject": "❌ 不通过",
        "why": "摊位不是他的店",
        "appeal": "⚖️ 申诉",
        "plea": "他就在摊位上签单",
        "accept": "✅ 通过",
    },
}


async def sends_a_visit_from_afar(scene: Scene, rep: Player, said: dict[str, str], customer: str) -> None:
    """He met his customer elsewhere, says why, and has a photo of it."""
    await rep.presses(said["start"])
    await rep.presses(said["purpose"])
    await rep.stands_at(*FAR)
    await rep.presses(customer)
    await rep.says(said["reason"])
    await rep.presses(said["decides"])
    await rep.says(said["need"])
    await rep.says(said["value"])
    await rep.presses(said["skip"])
    await rep.presses(said["no"])
    await rep.sends_photo(picture(seed=1))
    await scene.pass_time(minutes=25)
    for step in ("out", "reached", "nothing", "no_next", "settled", "send"):
        await rep.presses(said[step])


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_flagged_visit_is_asked_about_rejected_appealed_and_heard(
    scene: Scene, kept: Any, language: str
) -> None:
    said, customer = SAID[language], "Harbour Bakery" if language == "en" else "重庆长乐银行"
    await with_customer(scene, customer)
    rep, manager, boss = [
        await scene.play(name, language=language)
        for name in (("Emma", "Mia", "Ann") if language == "en" else ("王磊", "李娜", "陈总"))
    ]
    await rep.joins("rep", team="West")
    await manager.joins("manager", team="West")
    await boss.joins("admin")
    await sends_a_visit_from_afar(scene, rep, said, customer)
    scene.transcript.clear()
    await manager.says("/digest")
    await manager.presses("👁 #1")
    await manager.presses(said["pictures"])
    pictures = [message for message in (await manager.chat())["messages"] if "photo" in message]
    assert len(pictures) == 2, "the map, and his photo"
    await manager.presses(said["ask"])
    await manager.presses(said["question"])
    await rep.presses(said["answer"])
    await rep.says(said["told"])
    await manager.presses(said["look"])
    await manager.presses(said["reject"])
    await manager.says(said["why"])
    await rep.presses(said["appeal"])
    await rep.says(said["plea"])
    await boss.presses(said["look"])
    await boss.presses(said["accept"])
    assert customer in await rep.last() and said["plea"] in await boss.all_text()
    kept(f"review_{language}", readable(scene.transcript))
