"""Chats on the sandbox's page: what a person sees, taps, writes, forwards and blocks."""

from typing import Any

import pytest
from playwright.async_api import expect

pytestmark = pytest.mark.browser


async def test_an_empty_chat_introduces_the_bot_and_start_begins_it(open_page: Any, started: Any, bot: Any) -> None:
    page = await open_page()
    await expect(page.get_by_test_id("phone-2").get_by_test_id("bot-name")).to_have_text("Parrot")
    await expect(page.get_by_test_id("phone-0")).to_contain_text("I repeat what I hear.")
    phone = await started(page)
    await expect(phone.get_by_test_id("message-out")).to_contain_text("/start")
    await expect(phone.get_by_test_id("message-in").last).to_contain_text("Shall we <begin>?")
    await expect(page.get_by_test_id("phone-1").get_by_test_id("start")).to_be_visible()
    await expect(page).to_have_title("Parrot")
    assert bot.messages("text") == ["/start"]


async def test_a_tapped_button_spins_until_the_bot_answers_and_the_message_changes_in_place(
    open_page: Any, started: Any, bot: Any
) -> None:
    phone = await started(await open_page())
    bot.answers.clear()
    button = phone.locator("[data-callback=yes]")
    await button.click()
    await bot.until(lambda: any("callback_query" in update for update in bot.got))
    await expect(button.locator(".spinner")).to_be_visible()
    bot.answers.set()
    await expect(phone.get_by_test_id("toast")).to_have_text("Noted")
    await expect(phone.get_by_test_id("message-in").last).to_contain_text("You chose yes")
    await expect(phone.get_by_test_id("message-in")).to_have_count(2)
    await expect(phone.locator(".spinner:visible")).to_have_count(0)
    assert bot.taps() == ["yes"]


async def test_an_alert_waits_for_ok(open_page: Any, started: Any, bot: Any) -> None:
    phone = await started(await open_page())
    await phone.locator("[data-callback=warn]").click()
    alert = phone.get_by_test_id("alert")
    await expect(alert).to_contain_text("Take care")
    await expect(phone.get_by_test_id("message-in").last).to_contain_text("You chose warn")
    assert await alert.is_visible(), "what comes meanwhile does not take it away"
    await phone.get_by_test_id("alert-ok").click()
    await expect(alert).to_have_count(0)
    assert bot.taps() == ["warn"]


async def test_a_reply_key_a_command_and_an_edit_reach_the_bot(open_page: Any, started: Any, bot: Any) -> None:
    phone = await started(await open_page())
    await phone.locator("[data-text=Skip]").click()
    await expect(phone.get_by_test_id("message-in").last).to_contain_text("Got text Skip")
    await phone.get_by_test_id("menu").click()
    await phone.locator("[data-command=ask]").click()
    await expect(phone.get_by_test_id("message-in").last).to_contain_text("Got text /ask")
    await phone.get_by_test_id("composer").fill("a word")
    await phone.get_by_test_id("send").click()
    await expect(phone.get_by_test_id("message-in").last).to_contain_text("Got text a word")
    await phone.get_by_test_id("message-out").last.locator(".bubble").click(button="right")
    await phone.get_by_test_id("message-edit").click()
    await phone.get_by_test_id("composer").fill("a better word")
    await phone.get_by_test_id("send").click()
    await expect(phone.get_by_test_id("message-out").last).to_contain_text("edited")
    await bot.until(lambda: bot.messages("text")[-1] == "a better word")
    assert bot.messages("text") == ["/start", "Skip", "/ask", "a word", "a better word"]


async def test_who_reads_older_messages_is_not_moved_by_new_ones(
    open_page: Any, started: Any, bot: Any, play: Any
) -> None:
    page = await open_page()
    phone = await started(page)
    chat_id = bot.got[0]["message"]["chat"]["id"]
    sent = [await play.call("sendMessage", chat_id=chat_id, text=f"Line {number}") for number in range(150)]
    await expect(phone.get_by_test_id("message-in").last).to_contain_text("Line 149")
    reading = phone.locator(f"[data-message-id='{sent[130]['message_id']}']")
    await reading.evaluate("row => row.scrollIntoView({block: 'center'})")
    await expect(phone.get_by_test_id("jump")).to_be_visible()
    place = await reading.bounding_box()
    await play.call("editMessageText", chat_id=chat_id, message_id=sent[120]["message_id"], text="longer\n" * 9)
    await play.call("sendMessage", chat_id=chat_id, text="News")
    await expect(phone.get_by_test_id("jump")).to_have_text("1")
    assert place is not None
    now = await reading.bounding_box()
    assert now is not None
    assert now["y"] == pytest.approx(place["y"], abs=1)
    await phone.get_by_test_id("jump").click()
    await expect(phone.get_by_text("News")).to_be_in_viewport()


async def test_an_invitation_link_can_be_opened_on_another_phone(
    open_page: Any, started: Any, bot: Any, play: Any
) -> None:
    page = await open_page()
    phone = await started(page)
    me = await play.call("getMe")
    chat_id = bot.got[0]["message"]["chat"]["id"]
    await play.call("sendMessage", chat_id=chat_id, text=f"Join: https://t.me/{me['username']}?start=k3y")
    await phone.locator(".copy-link").click()
    await phone.get_by_test_id("link-open-1").click()
    await expect(page.get_by_test_id("phone-1").get_by_test_id("message-out")).to_contain_text("/start k3y")
    await bot.until(lambda: "/start k3y" in bot.messages("text"))
    first, invited = (update["message"]["from"]["first_name"] for update in bot.got)
    assert (first, invited) == ("Lin", "Dan")


async def test_hostile_text_stays_text(open_page: Any, started: Any, bot: Any, play: Any) -> None:
    page = await open_page()
    phone = await started(page)
    hostile = '<img src=x onerror="throw 1"><b>x</b> javascript:alert(1)'
    await phone.get_by_test_id("composer").fill(hostile)
    await phone.get_by_test_id("composer").press("Enter")
    await expect(phone.get_by_test_id("message-out").last.locator(".text")).to_contain_text(hostile)
    assert await phone.locator(".rows img, .rows b").count() == 0


async def test_the_page_speaks_chinese_and_a_narrow_screen_shows_one_phone(open_page: Any) -> None:
    page = await open_page("?lang=zh", width=390, height=844)
    await expect(page.get_by_test_id("phone-0").get_by_test_id("start")).to_have_text("开始")
    await expect(page.get_by_test_id("phone-1").get_by_test_id("start")).not_to_be_in_viewport()
    await page.get_by_test_id("tab-1").click()
    await expect(page.get_by_test_id("phone-1").get_by_test_id("start")).to_be_in_viewport(ratio=1)
    assert await page.evaluate("document.documentElement.lang") == "zh"
    await page.get_by_test_id("language-en").click()
    await expect(page.get_by_test_id("phone-0").get_by_test_id("start")).to_have_text("START")
    assert await page.evaluate("document.documentElement.lang") == "en"


async def test_blocking_is_undone_by_the_button_that_takes_the_composers_place(
    open_page: Any, started: Any, bot: Any
) -> None:
    phone = await started(await open_page())
    await phone.get_by_test_id("more").click()
    await phone.get_by_test_id("block").click()
    await expect(phone.get_by_test_id("composer")).to_be_hidden()
    await phone.get_by_test_id("restart").click()
    await expect(phone.get_by_test_id("composer")).to_be_visible()
    await bot.until(lambda: len(bot.standings()) == 2)
    assert bot.standings() == ["kicked", "member"]
