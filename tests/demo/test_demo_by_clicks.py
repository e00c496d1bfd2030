"""A visitor plays a visit on the demo's page by clicks alone, and the manager's digest arrives in the evening."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, Page, async_playwright, expect
from sqlalchemy import Select, select

from bot.demo.stage import Stage, raised
from storage.tables import CustomerRow, OutboxRow, VisitRow, table

OUTBOX, VISIT, CUSTOMER = table(OutboxRow), table(VisitRow), table(CustomerRow)
CHROMIUM = shutil.which("chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
PATIENCE = 20_000  # milliseconds

pytestmark = pytest.mark.browser


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with raised(port=0, data_dir=str(tmp_path)) as playing:
        yield playing


@pytest.fixture
async def page(stage: Stage) -> AsyncIterator[Page]:
    if CHROMIUM is None:
        pytest.skip("there is no chromium on this machine")
    faults: list[str] = []
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        opened = await browser.new_page(viewport={"width": 1600, "height": 950})
        opened.set_default_timeout(PATIENCE)
        opened.on("pageerror", lambda error: faults.append(str(error)))
        await opened.goto(f"{stage.url}/?lang=en")
        yield opened
        await browser.close()
    assert faults == []


class Thumb:
    """One phone of the page, and the thumb that plays it."""

    def __init__(self, phone: Locator) -> None:
        self.phone = phone

    async def key(self, wording: str) -> None:
        """A key below the input."""
        await self.phone.get_by_test_id("reply-key").filter(has_text=wording).last.click()

    async def button(self, wording: str) -> None:
        """A button below a message, the newest with this wording."""
        await self.phone.get_by_test_id("inline-button").filter(has_text=wording).last.click()

    async def types(self, text: str) -> None:
        await self.phone.get_by_test_id("composer").fill(text)
        await self.phone.get_by_test_id("send").click()

    async def reads(self, text: str) -> None:
        """Wait until the phone shows it."""
        await expect(self.phone.get_by_test_id("message-in").filter(has_text=text).last).to_be_visible(timeout=PATIENCE)


async def test_a_visit_is_played_by_clicks_and_the_digest_arrives(stage: Stage, page: Page) -> None:
    rep, manager = Thumb(page.get_by_test_id("phone-0")), Thumb(page.get_by_test_id("phone-1"))
    await rep.key("开始拜访")
    await rep.reads("这次拜访的目的是什么")
    if await rep.phone.get_by_test_id("inline-button").filter(has_text="巡店").count():
        await rep.button("巡店")  # what he did last is offered; this is to be a customer visit
        await rep.button("客户拜访")
    await expect(rep.phone.get_by_test_id("inline-button").filter(has_text="客户拜访")).to_be_visible()
    await rep.button("关系维护")
    await rep.key("发送我的位置")
    await page.get_by_test_id("map-search").fill("Blue Heron")
    await page.get_by_test_id("map-result").first.click()
    await page.get_by_test_id("map-send").click()
    await rep.reads("您在哪个客户那里")
    await rep.button("Blue Heron")
    await rep.reads("已在")
    await rep.button("决策人")
    await rep.types("想要更快的补货")
    await rep.types("介绍了晨间配送")
    await rep.button("跳过")
    await rep.button("是")
    await rep.reads("现场或会面照片")
    await rep.phone.get_by_test_id("attach").click()
    await page.get_by_test_id("attach-sample").click()
    await page.get_by_test_id("sample-0").click()
    await page.get_by_test_id("photo-send").click()
    await rep.reads("原图和水印图都在")
    await rep.key("在这里签退")
    await rep.button("🎯 达成")
    await rep.button("没有特别的")
    await rep.types("下周三下午2点给王总演示")
    await rep.reads("给王总演示")
    await rep.button("对")
    await rep.button("提交")
    await rep.reads("已提交给经理")

    await page.get_by_test_id("clock-evening").click()
    await page.get_by_test_id("clock-hour").click()
    await manager.reads("Blue Heron")
    await manager.reads("日报")
    assert await rows(stage, select(OUTBOX.c.message, OUTBOX.c.error).where(OUTBOX.c.state == "refused")) == []
    (sent,) = await rows(stage, sent_today(stage))
    assert (sent.name, sent.result) == ("蓝鹭咖啡 Blue Heron Coffee", "reached")


async def rows(stage: Stage, statement: Select[Any]) -> list[Any]:
    return await stage.rounds.database.read(lambda connection: list(connection.execute(statement)))


def sent_today(stage: Stage) -> Select[Any]:
    """The visits that were sent today, with their customers' names."""
    today = stage.sandbox.clock.now().astimezone(stage.sandbox.clock.zone).date()
    joined = select(VISIT, CUSTOMER.c.name).join(CUSTOMER, CUSTOMER.c.id == VISIT.c.customer_id)
    return joined.where(VISIT.c.state == "sent", VISIT.c.visited_on == today)
