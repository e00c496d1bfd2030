"""Real clients talk to the sandbox as to Telegram: python-telegram-bot and aiogram, by long polling."""

import asyncio
import io
from collections.abc import AsyncIterator
from typing import Any

import aiogram
import aiogram.types
import pytest
import telegram
import telegram.error
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramRetryAfter


@pytest.fixture
async def ptb(play: Any) -> AsyncIterator[telegram.Bot]:
    bot = telegram.Bot(play.token, base_url=f"{play.url}/bot", base_file_url=f"{play.url}/file/bot")
    async with bot:
        yield bot


@pytest.fixture
async def gram(play: Any) -> AsyncIterator[aiogram.Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(play.url))
    bot = aiogram.Bot(play.token, session=session)
    yield bot
    await bot.session.close()


def in_order(schema: Any) -> bool:
    return schema is None or not schema.call_problems


async def test_python_telegram_bot_holds_a_conversation(
    play: Any, ptb: telegram.Bot, schema: Any, picture: bytes
) -> None:
    person = await play.person()
    (update,) = await ptb.get_updates(timeout=5, allowed_updates=telegram.Update.ALL_TYPES)
    assert update.message is not None and update.message.text == "/start"
    keyboard = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("Yes", callback_data="y")]])
    sent = await ptb.send_message(person, "<b>Hi</b>", parse_mode="HTML", reply_markup=keyboard)
    assert sent.text_html == "<b>Hi</b>"
    poll = asyncio.create_task(ptb.get_updates(offset=update.update_id + 1, timeout=10))
    await play.sim(f"/people/{person}/tap", message_id=sent.message_id, text="Yes")
    query = (await poll)[0].callback_query
    assert query is not None and query.data == "y"
    await query.answer("ok")
    edited = await query.edit_message_text("done")
    assert isinstance(edited, telegram.Message) and edited.edit_date is not None
    photo = await ptb.send_photo(person, picture, caption="kept")
    file = await photo.photo[-1].get_file()
    assert bytes(await file.download_as_bytearray())[:3] == b"\xff\xd8\xff"
    album = [telegram.InputMediaPhoto(picture), telegram.InputMediaPhoto(picture)]
    assert len(await ptb.send_media_group(person, album)) == 2
    await ptb.set_my_commands([("visit", "Visit")], scope=telegram.BotCommandScopeChat(person))
    await ptb.set_chat_menu_button(person, telegram.MenuButtonCommands())
    assert in_order(schema)


async def test_python_telegram_bot_gets_its_errors(
    play: Any, ptb: telegram.Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without it the library warns of its own coming change when it makes a RetryAfter.
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    person = await play.person()
    with pytest.raises(telegram.error.BadRequest, match="Chat not found"):
        await ptb.send_message(5, "x")
    await play.sim("/faults", method="sendMessage", kind="429", retry_after=3)
    with pytest.raises(telegram.error.RetryAfter):
        await ptb.send_message(person, "x")
    await play.sim(f"/people/{person}/block")
    with pytest.raises(telegram.error.Forbidden, match="bot was blocked by the user"):
        await ptb.send_message(person, "x")
    group = await play.sim("/groups", title="Team", people=[await play.person()])
    await play.sim("/faults", method="sendMessage", kind="migrate", chat_id=group["id"])
    with pytest.raises(telegram.error.ChatMigrated):
        await ptb.send_message(group["id"], "x")
    queue = play.sandbox.world.bots.by_id(123456).queue
    poll = asyncio.create_task(ptb.get_updates(offset=queue.next_id, timeout=20))
    await queue.polling.wait()
    await play.call("getUpdates", offset=queue.next_id)
    with pytest.raises(telegram.error.Conflict):
        await poll
    stranger = telegram.Bot("1:short", base_url=f"{play.url}/bot")
    with pytest.raises(telegram.error.InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()


async def test_aiogram_holds_a_conversation(play: Any, gram: aiogram.Bot, schema: Any, picture: bytes) -> None:
    person = await play.person()
    (update,) = await gram.get_updates(timeout=5)
    assert update.message is not None and update.message.text == "/start"
    button = aiogram.types.InlineKeyboardButton(text="Yes", callback_data="y")
    keyboard = aiogram.types.InlineKeyboardMarkup(inline_keyboard=[[button]])
    sent = await gram.send_message(person, "<i>Hi</i> 😀", parse_mode="HTML", reply_markup=keyboard)
    assert sent.html_text == "<i>Hi</i> 😀"
    await play.sim(f"/people/{person}/tap", message_id=sent.message_id, text="Yes")
    (tap,) = await gram.get_updates(offset=update.update_id + 1, timeout=5)
    assert tap.callback_query is not None
    assert await tap.callback_query.answer("ok").as_(gram)
    await gram.edit_message_text("done", chat_id=person, message_id=sent.message_id)
    upload = aiogram.types.BufferedInputFile(picture, "货架.jpg")
    document = (await gram.send_document(person, upload)).document
    assert document is not None and document.file_name == "货架.jpg"
    target = io.BytesIO()
    await gram.download(document.file_id, target)
    assert target.getvalue() == picture
    assert in_order(schema)


async def test_aiogram_gets_its_errors(play: Any, gram: aiogram.Bot) -> None:
    person = await play.person()
    with pytest.raises(TelegramBadRequest, match="can't parse entities"):
        await gram.send_message(person, "<b>", parse_mode="HTML")
    with pytest.raises(TelegramForbiddenError, match="can't initiate conversation"):
        await gram.send_message(await play.person(start=False), "x")
    await play.sim("/faults", method="*", kind="429", retry_after=3)
    with pytest.raises(TelegramRetryAfter):
        await gram.send_message(person, "x")
