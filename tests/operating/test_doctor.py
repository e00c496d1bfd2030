"""The doctor: each thing that can be wrong is found, with what to do about it."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.doctor import examine, machine, telegram_link
from bot.doctor.stores import check_database, check_photos
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from storage.migrations.upgrade import downgrade, upgrade

TOKEN = "424242:" + "R" * 35


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Practice:
    """A deployment in good order, to be spoilt by each test."""

    settings: dict[str, Any]
    telegram: str

    def changed(self, **values: Any) -> Settings:
        return Settings(_env_file=None, **{**self.settings, **values})

    async def report(self, clock: Any = now, free: Any = lambda _folder: 2**40, **values: Any) -> tuple[int, str]:
        said: list[str] = []
        code = await examine(self.changed(**values), said.append, clock=clock, free=free)
        return code, "\n".join(said)


@pytest.fixture
async def practice(tmp_path: Path) -> AsyncIterator[Practice]:
    sandbox = Sandbox()
    telegram = f"http://127.0.0.1:{await sandbox.start('127.0.0.1', 0)}"
    values = {
        "bot_token": TOKEN,
        "telegram_api_url": telegram,
        "database_url": f"sqlite:///{tmp_path / 'rounds.db'}",
        "data_dir": tmp_path,
        "admin_ids": frozenset({7}),
    }
    upgrade(str(values["database_url"]))
    yield Practice(values, telegram)
    await sandbox.stop()


async def test_a_deployment_in_good_order_is_ready(practice: Practice) -> None:
    code, said = await practice.report()
    assert code == 0
    assert "✗" not in said
    assert "✓ Telegram knows the bot as @sandbox_424242_bot" in said
    assert "✓ the clock agrees with Telegram's" in said
    assert "✓ database: sqlite, schema " in said
    assert said.endswith("Ready to run.")


async def test_a_missing_token_is_to_be_mended(practice: Practice) -> None:
    code, said = await practice.report(bot_token=None)
    assert code == 1
    assert "✗ ROUNDS_BOT_TOKEN is missing: ask @BotFather" in said
    assert said.endswith("1 to be mended.")


async def test_a_token_that_telegram_does_not_know_is_to_be_mended(practice: Practice) -> None:
    async def refuse(_request: web.Request) -> web.Response:
        return web.json_response({"ok": False, "error_code": 401, "description": "Unauthorized"}, status=401)

    code, said = await with_telegram(practice, refuse)
    assert code == 1
    assert "✗ Telegram does not know ROUNDS_BOT_TOKEN: copy it again from @BotFather" in said


async def test_a_network_without_telegram_is_to_be_mended_and_tells_no_token(practice: Practice) -> None:
    code, said = await practice.report(telegram_api_url="http://127.0.0.1:9")
    assert code == 1
    assert "✗ http://127.0.0.1:9 cannot be reached (ClientConnectorError): check the network" in said
    assert "R" * 35 not in said


async def test_somebody_else_at_the_address_is_to_be_mended(practice: Practice) -> None:
    async def welcome(_request: web.Request) -> web.Response:
        return web.Response(text="<h1>It works!</h1>")

    code, said = await with_telegram(practice, welcome)
    assert code == 1
    assert "cannot be reached (the answer is not Telegram's)" in said


async def with_telegram(practice: Practice, answer: Any) -> tuple[int, str]:
    app = web.Application()
    app.router.add_get("/{anything:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        return await practice.report(telegram_api_url=f"http://127.0.0.1:{runner.addresses[0][1]}")
    finally:
        await runner.cleanup()


async def test_a_clock_that_is_wrong_is_noticed(practice: Practice) -> None:
    code, said = await practice.report(clock=lambda: now() + timedelta(seconds=90))
    assert code == 0
    assert re.search(r"! this machine's clock differs from Telegram's by (89|90|91) s: let it keep time", said)


async def test_a_webhook_where_we_poll_is_noticed(practice: Practice) -> None:
    await call(practice, "setWebhook?url=https://other.example.org/hook")
    _code, said = await practice.report()
    assert "! a webhook is set (https://other.example.org/hook); rounds run removes it" in said


async def test_a_webhook_that_is_not_set_yet_is_noticed(practice: Practice) -> None:
    _code, said = await practice.report(webhook_url="https://rounds.example.org", webhook_secret="sesame")
    assert "! Telegram delivers to nobody yet; rounds run sets it to https://rounds.example.org/telegram" in said


def test_a_webhook_that_telegram_cannot_reach_is_noticed() -> None:
    url = "http://127.0.0.1:9/hook"
    found = telegram_link.webhook(
        Settings(_env_file=None, webhook_url=url),
        {"url": url, "last_error_date": int(now().timestamp()) - 60, "last_error_message": "Connection refused"},
        now(),
    )
    (finding,) = found
    assert str(finding) == (
        "! Telegram could not deliver to http://127.0.0.1:9/hook lately (Connection refused): "
        "check the certificate and the proxy"
    )


async def call(practice: Practice, method: str) -> None:
    answer = await telegram_link.ask(f"{practice.telegram}/bot{TOKEN}/{method}")
    assert answer.body["ok"], answer


async def test_a_webhook_without_a_secret_is_to_be_mended(practice: Practice) -> None:
    code, said = await practice.report(webhook_url="https://rounds.example.org")
    assert code == 1
    assert "✗ ROUNDS_WEBHOOK_SECRET is missing" in said


def test_telegram_itself_wants_https() -> None:
    settings = Settings(_env_file=None, bot_token=TOKEN, webhook_url="http://rounds.example.org", webhook_secret="s")
    said = [str(finding) for finding in machine.check_settings(settings, [])]
    assert "✗ ROUNDS_WEBHOOK_URL has to start with https://, or Telegram refuses it" in said


async def test_an_old_schema_is_to_be_mended(practice: Practice) -> None:
    downgrade(practice.settings["database_url"])
    code, said = await practice.report()
    assert code == 1
    assert "✗ the database has schema none, this version needs " in said
    assert "run rounds migrate" in said


async def test_a_database_that_is_not_there_yet_is_not_made_by_looking(practice: Practice, tmp_path: Path) -> None:
    code, said = await practice.report(database_url=f"sqlite:///{tmp_path / 'new' / 'rounds.db'}")
    assert code == 0
    assert "yet: rounds run makes it" in said
    assert not (tmp_path / "new").exists()


async def test_a_file_that_is_no_database_is_to_be_mended(practice: Practice, tmp_path: Path) -> None:
    (tmp_path / "rounds.db").write_bytes(b"no database at all " * 100)
    code, said = await practice.report()
    assert code == 1
    assert "✗ the database cannot be used" in said


async def test_a_server_that_is_away_is_to_be_mended(practice: Practice) -> None:
    settings = practice.changed(database_url="postgresql://rounds:geheim@127.0.0.1:9/rounds")
    (finding,) = await check_database(settings, now)
    assert str(finding).startswith("✗ the database cannot be used (OperationalError): check ROUNDS_DATABASE_URL")
    assert "geheim" not in str(finding)


async def test_the_clock_of_a_database_server_is_compared(practice: Practice, database_url: str) -> None:
    settings = practice.changed(database_url=database_url)
    said = "\n".join(str(finding) for finding in await check_database(settings, lambda: now() + timedelta(minutes=10)))
    assert ("the database's clock differs by" in said) is database_url.startswith("postgresql")


async def test_a_company_without_an_admin_is_noticed(practice: Practice) -> None:
    _code, said = await practice.report(admin_ids=frozenset())
    assert "! nobody is admin yet: put your Telegram id into ROUNDS_ADMIN_IDS" in said


async def test_photos_that_cannot_be_kept_are_to_be_mended(practice: Practice, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    code, said = await practice.report(photo_store=str(tmp_path / "file"))
    assert code == 1
    assert f"✗ photos cannot be kept in {tmp_path / 'file'}" in said


async def test_a_photo_store_of_no_kind_is_to_be_mended(practice: Practice) -> None:
    (finding,) = await check_photos(practice.changed(photo_store="gopher://bucket"))
    assert str(finding).startswith("✗ photos cannot be kept in gopher://bucket")


@pytest.mark.parametrize(("free", "mark"), [(50 * 1024**2, "✗"), (500 * 1024**2, "!"), (5 * 1024**3, "✓")])
async def test_a_full_disk_is_told_before_it_is_full(practice: Practice, free: int, mark: str) -> None:
    code, said = await practice.report(free=lambda _folder: free)
    line = next(line for line in said.splitlines() if "GiB free" in line)
    assert line.startswith(mark)
    assert code == (1 if mark == "✗" else 0)


def test_an_old_python_is_to_be_mended() -> None:
    (finding,) = machine.check_python((3, 10, 9))
    assert str(finding) == "✗ Python 3.10.9 is too old: install 3.11 or newer and make the environment again"


def test_missing_fonts_and_codecs_are_to_be_mended(tmp_path: Path) -> None:
    said = "\n".join(str(f) for f in machine.check_pictures(lambda _name: False, [tmp_path / "NotoSansSC.otf"]))
    assert "✗ fonts are missing (NotoSansSC.otf): install Rounds again" in said
    assert "✗ Pillow comes without JPEG" in said
    assert "! Arabic and Hebrew are drawn a little less finely without libfribidi" in said


def test_a_misspelt_variable_is_noticed() -> None:
    settings = Settings(_env_file=None, bot_token=TOKEN)
    said = [str(finding) for finding in machine.check_settings(settings, ["ROUNDS_BOT_TOKN"])]
    assert "! ROUNDS_BOT_TOKN means nothing to Rounds: is it misspelt?" in said


async def test_looking_changes_nothing_at_telegram(practice: Practice) -> None:
    await call(practice, "setWebhook?url=https://other.example.org/hook")
    await practice.report()
    answer = await telegram_link.ask(f"{practice.telegram}/bot{TOKEN}/getWebhookInfo")
    assert answer.body["result"]["url"] == "https://other.example.org/hook"
