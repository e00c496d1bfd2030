"""`rounds demo`: the sandbox, the real bot talking to it over HTTP, an invented company, a browser to play it in."""

import asyncio
import errno
import os
import sys
import time
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
from pydantic import SecretStr

from bot.app import Rounds, running
from bot.demo import company, founding
from bot.demo.customers import CUSTOMERS
from bot.demo.day import PACE, Scenes
from bot.demo.opening import open_chats
from bot.demo.phones import Exchange
from bot.demo.time_lapse import TimeLapse
from bot.domain.calendar import WorkingDays
from bot.domain.policy import Policy
from bot.lifetime import until_stopped
from bot.rendering import LANGUAGES
from bot.sandbox.server import Sandbox
from bot.serving import prepare
from bot.settings import Settings, WrongSettings
from bot.telegram.budget import Budget
from bot.telegram.polling import Polling
from storage import next_due

HOST = "127.0.0.1"
TOKEN = "700000:" + "demo" * 9  # any well-formed one is a bot of the sandbox
TICK = 1.0  # seconds
UNLIMITED = 10_000
# Degrees from a customer's point in the books to his door on the map: who stands there is near, as in life. On the
# very point he would raise the flag of a copied position.
DOOR = 0.00006
NAMES = {"": "Rounds", "zh": "巡访 Rounds"}  # the bot's, by the phone's language
SCREENS = ("DISPLAY", "WAYLAND_DISPLAY")


@dataclass(frozen=True)
class Stage:
    """The demo at work, for the command line and the tests."""

    url: str
    sandbox: Sandbox
    rounds: Rounds
    exchange: Exchange
    polling: "asyncio.Task[None]"


async def perform(*, port: int, data_dir: str, browser: bool = True) -> int:
    """Play until Ctrl-C; the exit code. A port that is taken raises WrongSettings with what to do."""
    async with raised(port=port, data_dir=data_dir) as stage:
        sys.stdout.write(_welcome(stage.url))
        sys.stdout.flush()
        if browser and _may_open_browser():
            await asyncio.to_thread(webbrowser.open, stage.url)
        await until_stopped(stage.polling, *stage.rounds.loops)
    return 0


@asynccontextmanager
async def raised(*, port: int, data_dir: str, pace: float = PACE) -> AsyncIterator[Stage]:
    """Raise the curtain; `port` 0 takes a free one, `pace` is the seconds before each deed of an act."""
    folder = Path(data_dir)
    real_now = datetime.now(UTC)
    stopped_at = await founding.find_last_stop(folder)
    beginning = founding.begins_at(real_now, stopped_at, founding.calendar_at(real_now, Policy()))
    sandbox = Sandbox(time_zone=company.ZONE, start_at=beginning)
    clock = TimeLapse(sandbox.clock)
    listening = await _listen(sandbox, port)
    url = f"http://{HOST}:{listening}"
    settings = _settings(url, listening, folder)
    # the sandbox holds no rate limits: a visitor who taps fast is answered fast
    budget = Budget(time.monotonic, per_second=UNLIMITED, chat_burst=UNLIMITED)
    try:
        await founding.found_or_reopen(folder, Path(settings.photos), sandbox.clock.now())
        async with (
            aiohttp.ClientSession() as session,
            running(settings, clock=clock.now, tick_every=TICK, budget=budget) as rounds,
            _playing(clock, rounds) as polling,
        ):
            exchange = Exchange(session, url, clock.caught_up)
            await _furnish(exchange, rounds)
            await open_chats(exchange, rounds.desk)
            _offer_acts(sandbox, rounds, exchange, pace)
            yield Stage(url, sandbox, rounds, exchange, polling)
    finally:
        await sandbox.stop()


async def _listen(sandbox: Sandbox, port: int) -> int:
    try:
        return await sandbox.start(HOST, port)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        await sandbox.stop()
        other = port + 10 if port < 65000 else 8090
        raise WrongSettings(f"port {port} is taken; try another one: rounds demo --port {other}") from None


def _settings(url: str, port: int, folder: Path) -> Settings:
    """Everything is said here: what the environment has for a real bot is not the demo's."""
    return Settings(
        bot_token=SecretStr(TOKEN),
        telegram_api_url=url,
        database_url=founding.address(folder),
        data_dir=folder,
        photo_store="",
        webhook_url="",
        webhook_secret=None,
        web_host=HOST,
        web_port=port,
        admin_ids=frozenset(each.telegram_id for each in company.PEOPLE if each.roles == "admin"),
        time_zone=company.ZONE,
        language="en",
        company=company.NAME,
    )


@asynccontextmanager
async def _playing(clock: TimeLapse, rounds: Rounds) -> "AsyncIterator[asyncio.Task[None]]":
    """The bot polls, and its time passes; yields the polling."""

    async def find_next(after: datetime) -> datetime | None:
        return await rounds.database.read(lambda connection: next_due.find_next(connection, after))

    await prepare(rounds)
    tasks = [
        asyncio.create_task(Polling(rounds.bot, rounds.intake).run(), name="polling"),
        asyncio.create_task(clock.run(find_next, rounds.tick), name="clock"),
    ]
    try:
        yield tasks[0]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _furnish(exchange: Exchange, rounds: Rounds) -> None:
    """The bot's name, the people with their phones, the customers on the map."""
    for code, name in NAMES.items():
        await rounds.bot.set_my_name(name, language_code=code or None)
    for each in company.PEOPLE:
        person = {"id": each.telegram_id, "first_name": each.first_name, "last_name": each.last_name}
        await exchange.post("/people", {**person, "language_code": each.phone_language, "phone": each.phone})
    places = [
        {
            "name": one.line.name,
            "latitude": round(one.line.latitude + DOOR, 6),
            "longitude": round(one.line.longitude - DOOR, 6),
            "grade": one.line.grade or None,
        }
        for own in CUSTOMERS.values()
        for one in own
    ]
    await exchange.post("/places", places)


def _offer_acts(sandbox: Sandbox, rounds: Rounds, exchange: Exchange, pace: float) -> None:
    words = [rounds.renderer.words("keys", language) for language in LANGUAGES]
    keys = {name: {each[name] for each in words} for name in words[0]}

    def calendar_of(now: datetime) -> WorkingDays:
        return founding.calendar_at(now, Policy())

    scenes = Scenes(exchange, keys, calendar_of, sandbox.clock.now, pace)
    sandbox.add_act("day", {"en": "Play a day", "zh": "演一天"}, scenes.play_day)
    sandbox.add_act("rain", {"en": "A rainy visit", "zh": "下雨天的拜访"}, scenes.play_rain)


def _may_open_browser() -> bool:
    """Only where there is a screen to open it on."""
    has_screen = sys.platform in ("darwin", "win32") or any(os.environ.get(name) for name in SCREENS)
    return has_screen and not os.environ.get("ROUNDS_DEMO_NO_BROWSER")


def _welcome(url: str) -> str:
    return f"""
Rounds is open at {url}

Three phones of an invented company: 王晓雨 (rep), 陈立 (manager), Sam (admin); Emma is the fourth person.
  · "Play a day" acts out a visit, from check-in to the manager's digest.
  · Or play yourself: press "开始拜访", stand at a customer on the map, answer, send a photo.
  · Turn the clock with "+1 h", "18:00" and "Next morning": reminders and the digest arrive.
Its clock begins at 08:50 of a working day, so that a whole day can be played.
Nothing leaves this computer. Ctrl-C ends it; people and visits are there again next time.

"""
