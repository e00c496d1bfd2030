"""The main road in Chinese: join, check in, checklist with photo, check out, next step, done."""

from typing import Any

from company import BANK, with_customer
from scene import Scene, picture, readable

from storage.tables import AnswerRow, FollowUpRow, PhotoRow, VisitRow, table


async def test_a_rep_reports_a_store_check_from_check_in_to_next_step(scene: Scene, kept: Any) -> None:
    await with_customer(scene)
    rep = await scene.play("王磊", language="zh-hans")
    await rep.joins("rep")

    await rep.presses("开始拜访")
    await rep.presses("客户拜访")
    await rep.presses("巡店")
    await rep.presses("关系维护")
    await rep.stands_at(BANK[0] + 0.0002, BANK[1])
    await rep.presses("重庆长乐银行")
    await rep.presses("是")
    await rep.sends_photo(picture(seed=1))
    await rep.says("24")
    await rep.says("3.5")
    await rep.presses("符合约定")
    await rep.presses("跳过")
    await scene.pass_time(minutes=12.5)
    await rep.presses("在这里签退")
    await rep.presses("达成")
    await rep.says("王总说下个月要加单")
    await rep.says("下周三下午2点给王总演示")
    await rep.presses("对")
    await rep.presses("提交")

    kept("store_check_zh", readable(scene.transcript))
    visit = (await scene.rows(table(VisitRow).select()))[0]
    assert (visit.state, visit.result, visit.effectiveness) == ("sent", "reached", "effective")
    answers = {row.item: row.value for row in await scene.rows(table(AnswerRow).select())}
    assert answers == {"listed": True, "stock": 24, "price": 3.5, "own_display": "good", "replenishment": None}
    photo = (await scene.rows(table(PhotoRow).select()))[0]
    assert photo.state == "kept"
    assert photo.sha256 is not None
    promise = (await scene.rows(table(FollowUpRow).select()))[0]
    assert (promise.due_on.isoformat(), promise.due_time) == ("2026-12-02", "14:00")
