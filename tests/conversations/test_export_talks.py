"""An admin takes the customers out, a manager the visits of his team, and a backup is made: in both languages."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from company import with_customer
from scene import Scene, readable
from sqlalchemy import insert

from storage import sops
from storage.tables import AnswerRow, VisitRow, table

Kept = Callable[[str, str], None]
VISIT, ANSWER = table(VisitRow), table(AnswerRow)
WORDS = {
    "en": {
        "team": "West", "names": ("Ann", "Grace", "Emma"), "customer": "Harbour Bakery", "people": "People",
        "customers": "Customers", "visits": "Visits", "week": "Last 7 days", "other": "Other days", "map": "Map",
        "october": "/export visits 2026-10", "backup": "Back up now",
    },
    "zh": {
        "team": "西部", "names": ("陈立", "王芳", "林浩"), "customer": "重庆长乐银行", "people": "人员",
        "customers": "客户", "visits": "拜访", "week": "最近 7 天", "other": "其他日期", "map": "地图",
        "october": "/export 拜访 2026年10月", "backup": "立即备份",
    },
}  # fmt: skip


@pytest.mark.parametrize("language", list(WORDS))
async def test_customers_and_visits_are_taken_out_and_all_is_backed_up(scene: Scene, kept: Kept, language: str) -> None:
    words: dict[str, Any] = WORDS[language]
    code = "zh-hans" if language == "zh" else "en"
    ann, grace, emma = [await scene.play(name, language=code) for name in words["names"]]
    await ann.joins("admin")
    await grace.joins("manager", team=words["team"])
    await emma.joins("rep", team=words["team"])
    await _visited(scene, await emma.person_id, await with_customer(scene, words["customer"], external_id="0017"))
    scene.transcript.clear()
    await ann.says("/export")
    await ann.presses(words["customers"])
    await ann.presses("Excel")
    await grace.says("/export")
    assert words["people"] not in "".join(grace._buttons(await grace.chat()))
    await grace.presses(words["visits"])
    await grace.presses(words["other"])
    await grace.says("?")
    await grace.says("2026-11")
    await grace.presses("Excel")
    await grace.says(words["october"])
    await grace.presses("CSV")
    await emma.says("/export customers xlsx")
    await ann.says("/backup")
    await ann.presses(words["backup"])
    kept(f"export_{language}", _without_sizes(readable(scene.transcript)))
    await ann.says("/audit exports")
    assert "#3" in await ann.last()


def _without_sizes(transcript: str) -> str:
    """How many rows a backup has, and of what size it is, changes with every table."""
    return re.sub(r"\d[\d,.]* (rows|行|MB|photos|张照片)", r"N \1", transcript)


async def _visited(scene: Scene, rep: int, customer: int) -> None:
    """A visit of two hours ago, reported an hour ago."""
    now = scene.rounds.clock()
    arrived = now - timedelta(hours=2)

    def store(connection: Any) -> None:
        version = sops.newest(connection, "store_check")
        assert version is not None
        told = {"type": "store_check", "purpose": "relationship", "result": "reached", "effectiveness": "effective"}
        times = {"checked_in_at": arrived, "checked_out_at": arrived + timedelta(minutes=20), "sent_at": now}
        more = {"arrival": "inside", "distance": 22.0, "flags": [], "is_flagged": False, "live": False, "late": False}
        unsaid = {"reason": "", "again_reason": "", "closed_automatically": False, "state": "sent"}
        of = {"person_id": rep, "customer_id": customer, "sop_version_id": version[0], "visited_on": arrived.date()}
        visit = insert(VISIT).values(**told, **times, **more, **unsaid, **of).returning(VISIT.c.id)
        visit_id = connection.execute(visit).scalar_one()
        connection.execute(insert(ANSWER).values(visit_id=visit_id, item="stock", value=24.0, answered_at=arrived))

    await scene.rounds.database.write(store)
