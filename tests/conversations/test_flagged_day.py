"""A visit that raises several flags at once, as rep, manager and admin read them, each with the rules behind it."""

from typing import Any

import pytest
from company import DOOR, with_customer
from scene import Player, Scene, readable

from storage.tables import VisitRow, table

VISITS = table(VisitRow)
LABELS: dict[str, dict[str, Any]] = {
    "en": {
        "people": ("Emma", "Mia", "Ann"),
        "asked": "/set evidence.level E3 grade A",
        "customer": "Harbour Bakery",
        "begin": ("Start a visit", "Relationship"),
        "agreed": "Yes, keep it",
        "checklist": ("Decides", "A faster delivery", "Our morning round", "Skip", "No", "Skip"),
        "out": ("Check out now", "Reached", "Nothing particular", "No next step", "Everything is settled"),
        "send": "✅ Send",
        "digest": "/digest yesterday",
        "rule": "⚙️ Evidence asked for",
    },
    "zh": {
        "people": ("王磊", "李娜", "陈总"),
        "asked": "/set evidence.level E3 等级 A",
        "customer": "重庆长乐银行",
        "begin": ("开始拜访", "关系维护"),
        "agreed": "同意保存",
        "checklist": ("决策人", "送货要快", "我们的早班配送", "跳过", "否", "跳过"),
        "out": ("现在签退", "达成", "没有特别的", "没有下一步", "事情都已办妥"),
        "send": "✅ 提交",
        "digest": "/digest 昨天",
        "rule": "⚙️ 要求的证据",
    },
}


async def shares_one_point(scene: Scene, rep: Player, minutes: int) -> None:
    """A live location that says the very same, minute by minute."""
    chat = await rep.chat()
    message_id = next(m["message_id"] for m in reversed(chat["messages"]) if "location" in m)
    place = {"latitude": DOOR[0], "longitude": DOOR[1], "horizontal_accuracy": 12}
    for _ in range(minutes):
        await scene.pass_time(minutes=1)
        await rep.does("move", message_id=message_id, **place)


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_visit_with_several_flags_is_read_by_rep_manager_and_admin(
    scene: Scene, kept: Any, language: str
) -> None:
    said = LABELS[language]
    await with_customer(scene, said["customer"])
    rep, manager, admin = [await scene.play(name, language=language) for name in said["people"]]
    await rep.joins("rep", team="West")
    await manager.joins("manager", team="West")
    await admin.joins("admin")
    await admin.says(said["asked"])
    for label in said["begin"]:
        await rep.presses(label)
    await rep.stands_at(*DOOR, accuracy=12, location={"live_period": 3600})
    await rep.presses(said["customer"])
    await rep.presses(said["agreed"])
    await shares_one_point(scene, rep, 8)
    decides, need, value, *rest = said["checklist"]
    await rep.presses(decides)
    await rep.says(need)
    await rep.says(value)
    for label in (*rest, *said["out"]):
        await rep.presses(label)
    await scene.until("08:30")
    scene.transcript.clear()
    await rep.presses(said["send"])
    await manager.says(said["digest"])
    await manager.presses("👁 #1")
    await admin.says(said["digest"])
    await admin.presses("👁 #1")
    await admin.presses(said["rule"])
    kept(f"flagged_{language}", readable(scene.transcript))
    (visit,) = await scene.rows(VISITS.select())
    assert {flag["code"] for flag in visit.flags} == {"constant_point", "stay_short", "late", "evidence_low"}
