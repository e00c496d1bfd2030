"""Around the chats on the sandbox's page: photos, the map, the clock, the acts."""

import asyncio
import io
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import expect

pytestmark = pytest.mark.browser

TEAHOUSE = {"name": "Lake Teahouse", "latitude": 31.2304, "longitude": 121.4737, "grade": "A"}
BAKERY = {"name": "Old Bakery", "latitude": 31.2404, "longitude": 121.4837, "grade": "B"}
METRES_A_DEGREE_EAST = 95_190  # at the teahouse


@pytest.fixture(autouse=True)
def _places(play: Any) -> None:
    play.sandbox.world.places = [TEAHOUSE, BAKERY]


async def test_photos_from_disk_and_drawn_ones_reach_the_bot(open_page: Any, started: Any, bot: Any, play: Any) -> None:
    page = await open_page()
    phone = await started(page)
    picture = io.BytesIO()
    Image.new("RGB", (2000, 1000), "teal").save(picture, "PNG")
    await phone.get_by_test_id("attach").click()
    async with page.expect_file_chooser() as chooser:
        await phone.get_by_test_id("attach-photo").click()
    await (await chooser.value).set_files({"name": "door.png", "mimeType": "image/png", "buffer": picture.getvalue()})
    await phone.get_by_test_id("photo-caption").fill("The door")
    await phone.get_by_test_id("photo-send").click()
    await expect(phone.get_by_test_id("message-in").last).to_contain_text("Got photo")
    assert bot.messages("caption") == ["The door"]
    assert (bot.messages("photo")[0][-1]["width"], bot.messages("photo")[0][-1]["height"]) == (1280, 640)

    await phone.get_by_test_id("attach").click()
    await phone.get_by_test_id("attach-sample").click()
    for index in (0, 1, 2):
        await phone.get_by_test_id(f"sample-{index}").click()
    await phone.get_by_test_id("photo-send").click()
    await expect(phone.get_by_test_id("album").get_by_test_id("photo")).to_have_count(3)
    await bot.until(lambda: len(bot.messages("photo")) == 4)
    drawn = bot.messages("photo")[1:]
    assert {(sizes[-1]["width"], sizes[-1]["height"]) for sizes in drawn} == {(1280, 960)}
    assert len({sizes[-1]["file_unique_id"] for sizes in drawn}) == 3
    await phone.get_by_test_id("photo").last.click()
    await expect(page.get_by_test_id("viewer").locator("img")).to_be_visible()


async def test_a_click_on_the_map_shares_that_place_and_live_sharing_moves(
    open_page: Any, started: Any, bot: Any
) -> None:
    page = await open_page()
    phone = await started(page)
    await phone.locator("[data-text='Here I am']").click()
    await phone.get_by_test_id("map-search").fill("teahouse")
    await phone.get_by_test_id("map-result").click()
    picture = phone.get_by_test_id("map")
    box = await picture.bounding_box()
    assert box is not None
    # The teahouse is in the middle now; 100 pixels to the east is a place without anybody.
    metres_east = 100 * float(await picture.get_attribute("data-metres-per-pixel") or "nan")
    await picture.click(position={"x": box["width"] / 2 + 100, "y": box["height"] / 2})
    await expect(phone.get_by_test_id("map-where")).to_contain_text("from Lake Teahouse")
    await phone.get_by_test_id("map-send").click()
    await bot.until(lambda: bot.messages("location"))
    seen = bot.messages("location")[0]
    assert seen["latitude"] == pytest.approx(TEAHOUSE["latitude"], abs=2e-5)
    assert (seen["longitude"] - TEAHOUSE["longitude"]) * METRES_A_DEGREE_EAST == pytest.approx(metres_east, abs=3)
    assert seen["horizontal_accuracy"] == 15

    await phone.get_by_test_id("attach").click()
    await phone.get_by_test_id("attach-location").click()
    await phone.get_by_test_id("map-live").click()
    await expect(phone.get_by_test_id("live-location")).to_be_visible()
    await phone.get_by_test_id("live-move").click()
    await phone.get_by_test_id("map-search").fill("bakery")
    await phone.get_by_test_id("map-result").click()
    await bot.until(lambda: bot.messages("location")[-1]["latitude"] == BAKERY["latitude"])
    await phone.get_by_test_id("map-stop").click()
    await bot.until(lambda: "live_period" not in bot.messages("location")[-1])
    await expect(phone.get_by_test_id("live-location")).to_have_count(0)


async def test_a_second_share_needs_no_map(open_page: Any, started: Any, bot: Any) -> None:
    phone = await started(await open_page())
    key = phone.locator("[data-text='Here I am']")
    await key.click()
    await phone.get_by_test_id("map-search").fill("bakery")
    await phone.get_by_test_id("map-result").click()
    await phone.get_by_test_id("map-send").click()
    await bot.until(lambda: len(bot.messages("location")) == 1)
    await key.click()
    await bot.until(lambda: len(bot.messages("location")) == 2)
    assert bot.messages("location")[0] == bot.messages("location")[1]
    await expect(phone.get_by_test_id("place")).to_contain_text("Old Bakery")


async def test_the_clock_buttons_turn_the_sandboxs_time(open_page: Any, play: Any) -> None:
    page = await open_page()
    clock = play.sandbox.clock
    before = clock.offset
    async with page.expect_response("**/sim/clock"):
        await page.get_by_test_id("clock-hour").click()
    assert clock.offset - before == timedelta(hours=1)
    await page.get_by_test_id("clock-evening").click()
    await expect(page.get_by_test_id("clock-time")).to_have_text("18:00")
    await page.get_by_test_id("clock-morning").click()
    await expect(page.get_by_test_id("clock-time")).to_have_text("08:00")
    await expect(page.get_by_test_id("phone-1").locator(".status-bar time")).to_have_text("08:00")


async def test_an_act_is_started_by_its_button_and_shown_while_it_runs(open_page: Any, play: Any) -> None:
    curtain, played = asyncio.Event(), []

    async def day() -> None:
        played.append("begun")
        await curtain.wait()
        played.append("ended")

    play.sandbox.add_act("day", {"en": "Play a day", "zh": "演示一天"}, day)
    page = await open_page()
    button = page.get_by_test_id("act-day")
    await expect(button).to_have_text("Play a day")
    await button.click()
    await expect(button).to_be_disabled()
    assert played == ["begun"]
    curtain.set()
    await expect(button).to_be_enabled()
    assert played == ["begun", "ended"]
