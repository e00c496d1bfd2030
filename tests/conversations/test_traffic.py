"""The whole traffic of a day is what Telegram's own description and a second library say that it may be."""

from pathlib import Path
from typing import Any

import aiogram.types
import pytest
from api_schema import ApiSchema
from company import at_review, checked_in
from fresh_database import sqlite_in
from scene import acted, picture


class Witness:
    """Shows everything to api.json's description, and every update and message to aiogram's models."""

    def __init__(self, described: Path) -> None:
        self.schema = ApiSchema(described)
        self.models = 0

    def check(self, kind: str, value: Any) -> None:
        self.schema.check(kind, value)
        if kind == "update":
            aiogram.types.Update.model_validate(value)
            self.models += 1
        elif kind in ("result:sendMessage", "result:sendPhoto"):
            aiogram.types.Message.model_validate(value)
            self.models += 1


@pytest.mark.realdata
async def test_a_day_of_traffic_fits_the_description_of_the_bot_api(data: Path, tmp_path: Path) -> None:
    witness = Witness(data / "telegram" / "api.json")
    url = sqlite_in(tmp_path)
    async with acted(url, tmp_path, check=witness.check) as scene:
        rep = await at_review(scene)
        await rep.presses("Send")
        manager = await scene.play("Grace")
        await manager.joins("manager,admin", team="West")
        await manager.says("/settings")
        await manager.says("/invite rep West")
        await manager.says("/language")
        await manager.presses("简体中文")
        await scene.until("19:01")
        await rep.says("/followups")
        await rep.says("/near")
        await rep.stands_at(*rep.at)
        await rep.says("/today")
        other = await checked_in(scene)
        await other.sends_photo(picture(seed=1), picture(seed=2))
        await other.does("send", sticker={})

    assert witness.schema.problems == []
    assert witness.schema.call_problems == []
    assert witness.models > 60
    assert {"call:sendMediaGroup", "call:editMessageText", "call:setMyCommands", "call:getFile"} <= witness.schema.seen


async def test_a_visit_goes_the_same_way_on_postgresql(postgres: str, tmp_path: Path) -> None:
    from conftest import new_database

    url = new_database(postgres, f"dialogue_{tmp_path.name}".lower().replace("-", "_")[:60], "template_rounds")
    async with acted(url, tmp_path) as scene:
        rep = await at_review(scene)
        await rep.presses("Send")
        assert "Done! Visit #1 to Harbour Bakery" in await rep.all_text()
        await rep.stands_at(*rep.at)
        await rep.presses("Relationship")
        await rep.presses("Harbour Bakery")
        await rep.says("Forgot the samples")
        await rep.presses("6")
        await rep.sends_photo(picture(seed=1), picture(seed=2))
        await scene.until("19:01")
        assert "kept for visit #2" in await rep.all_text()
