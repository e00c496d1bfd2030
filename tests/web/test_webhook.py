"""By webhook: nothing is acknowledged that is not kept, nothing has two effects, nobody gets in without the secret."""

import asyncio
import io
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from fresh_database import sqlite_in
from outages import Darkness, Outage
from scene import STARTS_AT, TOKEN, Player, Scene
from sqlalchemy import text

from bot import serving
from bot.app import running
from bot.sandbox.server import Sandbox
from bot.settings import Settings, WrongSettings
from bot.telegram.hook import HookRefused, point_at
from bot.web.webhook import SECRET_HEADER, address, listen

SECRET = "Open-sesame_1"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Hooked:
    """A scene whose updates come by webhook."""

    def __init__(self, scene: Scene, url: str, base: str) -> None:
        self.scene = scene
        self.url = url
        self.base = base

    @property
    def courier(self) -> Any:
        bot = self.scene.sandbox.world.bots.by_token(TOKEN)
        assert bot is not None and bot.courier is not None
        return bot.courier

    async def post(self, body: bytes, **headers: str) -> tuple[int, bytes]:
        """Call the webhook as anybody can."""
        async with self.scene.session.post(self.url, data=io.BytesIO(body), headers=headers) as response:
            return response.status, await response.read()

    async def send(self, person: Player, words: str) -> None:
        await self.scene.sim(f"/people/{person.id}/send", {"text": words})
        await self.courier.idle()
        await self.scene.settle()

    async def kept(self) -> int:
        rows = await self.scene.rows(text("SELECT count(*) FROM inbox"))
        return int(rows[0][0])


def message(update_id: int, person: Player, words: str) -> bytes:
    """An update as Telegram posts it."""
    who = f'{{"id":{person.id},"is_bot":false,"first_name":"Li"}}'
    chat = f'{{"id":{person.id},"type":"private","first_name":"Li"}}'
    return (
        f'{{"update_id":{update_id},"message":{{"message_id":{update_id},"date":1795395600,'
        f'"from":{who},"chat":{chat},"text":"{words}"}}}}'
    ).encode()


@pytest.fixture
async def hooked(tmp_path: Path) -> AsyncIterator[Hooked]:
    async with raised(tmp_path) as opened:
        yield opened


@asynccontextmanager
async def raised(folder: Path) -> AsyncIterator[Hooked]:
    sandbox = Sandbox(start_at=STARTS_AT, webhook_pause_s=0.01)
    telegram = f"http://127.0.0.1:{await sandbox.start('127.0.0.1', 0)}"
    port = free_port()
    database = sqlite_in(folder)
    settings = Settings(
        _env_file=None,
        bot_token=TOKEN,
        telegram_api_url=telegram,
        database_url=database,
        data_dir=folder,
        webhook_url=f"http://127.0.0.1:{port}/hook",
        webhook_secret=SECRET,
        web_port=port,
    )
    async with (
        aiohttp.ClientSession() as session,
        running(settings, clock=sandbox.clock.now, tick_every=3600) as rounds,
    ):
        await serving.prepare(rounds)
        announced = asyncio.Event()

        async def announce(url: str, secret: str) -> None:
            await point_at(rounds.bot, url, secret)
            announced.set()

        listening = asyncio.create_task(listen(settings, rounds.intake, announce))
        try:
            told = asyncio.create_task(announced.wait())
            await asyncio.wait({told, listening}, return_when=asyncio.FIRST_COMPLETED, timeout=10)
            assert not listening.done(), listening.result()
            yield Hooked(Scene(sandbox, rounds, session, telegram), settings.webhook_url, f"http://127.0.0.1:{port}")
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
    await sandbox.stop()


async def test_what_telegram_delivers_is_answered(hooked: Hooked) -> None:
    person = await hooked.scene.play("Li")
    await hooked.send(person, "/start")
    assert "Rounds" in await person.all_text()
    info = await hooked.scene.rounds.bot.get_webhook_info()
    assert (info.url, info.max_connections, info.last_error_message) == (hooked.url, 40, None)
    assert set(info.allowed_updates or ()) == {"message", "edited_message", "callback_query", "my_chat_member"}


async def test_what_could_not_be_committed_is_not_acknowledged_and_comes_again(
    hooked: Hooked,
) -> None:
    person = await hooked.scene.play("Li")
    await person.joins()
    outage = Outage(hooked.scene.rounds.database)
    await hooked.courier.idle()
    await hooked.scene.settle()
    before = await hooked.kept()
    outage.left = 1
    await hooked.scene.sim(f"/people/{person.id}/send", {"text": "/help"})
    await hooked.courier.idle()
    await hooked.scene.settle()
    assert (outage.struck, hooked.courier.webhook.last_error) == (
        1,
        "Wrong response from the webhook: 503 Service Unavailable",
    )
    assert await hooked.kept() == before + 1
    ledger = [row for row in hooked.scene.sandbox.ledger.rows() if row["what"] == "shown"]
    assert len([row for row in ledger if "/visit" in (row.get("text") or "")]) == 1


async def test_an_update_that_comes_twice_has_one_effect(hooked: Hooked) -> None:
    person = await hooked.scene.play("Li")
    await person.joins()
    await hooked.courier.idle()
    await hooked.scene.settle()
    shown = len((await person.chat())["messages"])
    for _ in range(3):
        status, _body = await hooked.post(message(77, person, "/help"), **{SECRET_HEADER: SECRET})
        assert status == 200
    await hooked.scene.settle()
    assert len((await person.chat())["messages"]) == shown + 1


@pytest.mark.parametrize("secret", ["", "Open-sesame_", "open-sesame_1", "Open-sesame_1x", "Opén-sesame_1"])
async def test_without_the_secret_there_is_nothing_to_be_found(hooked: Hooked, secret: str) -> None:
    person = await hooked.scene.play("Li")
    headers = {SECRET_HEADER: secret} if secret else {}
    assert await hooked.post(message(5, person, "hello"), **headers) == (404, b"")
    assert await hooked.kept() == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b'"text"', 400),
        (b"{}", 400),
        (b'{"update_id": "7"}', 400),
        (b'{"update_id": true}', 400),
        (b'{"update_id": 99999999999999999999}', 400),
        (b"\xff\xfe", 400),
        (b'{"update_id": 1, "x": "' + b"a" * 1024 * 1024 + b'"}', 413),
    ],
)
async def test_what_is_no_update_is_not_kept(hooked: Hooked, body: bytes, status: int) -> None:
    got, _text = await hooked.post(body, **{SECRET_HEADER: SECRET})
    assert got == status
    assert await hooked.kept() == 0


async def test_other_addresses_and_verbs_are_refused(hooked: Hooked) -> None:
    async with hooked.scene.session.get(hooked.url) as response:
        assert response.status == 405
    async with hooked.scene.session.post(f"{hooked.base}/other", headers={SECRET_HEADER: SECRET}) as response:
        assert response.status == 404


async def test_what_the_world_may_reach_tells_that_it_is_alive_and_no_more(hooked: Hooked) -> None:
    darkness = Darkness(hooked.scene.rounds.database)
    darkness.lasts = True  # to be started anew would not help
    async with hooked.scene.session.get(f"{hooked.base}/healthz") as response:
        assert (response.status, await response.json()) == (200, {"alive": True})
    for page in ("/readyz", "/metrics"):
        async with hooked.scene.session.get(f"{hooked.base}{page}") as response:
            assert (response.status, await response.text()) == (404, "404: Not Found")
    darkness.lasts = False


async def test_a_port_that_is_taken_names_the_setting(hooked: Hooked) -> None:
    settings = hooked.scene.rounds.settings
    with pytest.raises(WrongSettings, match="ROUNDS_WEB_PORT"):
        await listen(settings, hooked.scene.rounds.intake, partial(point_at, hooked.scene.rounds.bot))


async def test_an_address_that_telegram_refuses_is_told(scene: Scene) -> None:
    with pytest.raises(HookRefused, match="https"):
        await point_at(scene.rounds.bot, "ftp://example.org/hook", SECRET)


async def test_telegram_is_told_again_when_it_was_away(scene: Scene) -> None:
    await scene.sim("/faults", {"method": "setWebhook", "kind": "429", "retry_after": 1})
    await point_at(scene.rounds.bot, "https://example.org/hook", SECRET)
    assert (await scene.rounds.bot.get_webhook_info()).url == "https://example.org/hook"
    await scene.rounds.bot.delete_webhook()


def test_a_bare_host_gets_a_path_of_its_own() -> None:
    assert address("https://rounds.example.org") == "https://rounds.example.org/telegram"
    assert address("https://rounds.example.org/hook") == "https://rounds.example.org/hook"
