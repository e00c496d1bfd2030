"""`rounds` as an operator starts it: what it says, and how it ends."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.sandbox.server import Sandbox

TOKEN = "717171:" + "C" * 35


@dataclass
class Shell:
    """A folder to work in, and an environment of its own."""

    folder: Path
    variables: dict[str, str]

    async def start(self, *words: str, **more: str) -> asyncio.subprocess.Process:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ROUNDS_")}
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *words,
            cwd=self.folder,
            env={**environment, **self.variables, **more},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )

    async def run(self, *words: str, **more: str) -> tuple[int, str]:
        process = await self.start(*words, **more)
        said, _nothing = await asyncio.wait_for(process.communicate(), 30)
        assert process.returncode is not None
        return process.returncode, said.decode()


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path, {"ROUNDS_DATA_DIR": str(tmp_path / "data"), "ROUNDS_BOT_TOKEN": TOKEN})


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def line_with(process: asyncio.subprocess.Process, words: str) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(30):
        while line := (await process.stdout.readline()).decode():
            if words in line:
                return line
    raise AssertionError(f"the process ended without saying {words!r}")


async def ended(process: asyncio.subprocess.Process) -> int:
    process.send_signal(signal.SIGTERM)
    await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode is not None
    return process.returncode


async def test_help_names_every_command(shell: Shell) -> None:
    code, said = await shell.run("--help")
    assert code == 0
    for command in ("demo", "run", "sandbox", "migrate", "doctor"):
        assert command in said


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"ROUNDS_BOT_TOKEN": "x"}, "rounds: ROUNDS_BOT_TOKEN does not look like a token"),
        ({"ROUNDS_TIME_ZONE": "Mars/Olympus"}, "rounds: ROUNDS_TIME_ZONE: is no time zone"),
        ({"ROUNDS_WEBHOOK_URL": "https://rounds.example.org"}, "rounds: ROUNDS_WEBHOOK_SECRET is missing"),
        (
            {"ROUNDS_DATABASE_URL": "postgresql://u:geheim@127.0.0.1:9/x"},
            "rounds: ROUNDS_DATABASE_URL: the database does not answer",
        ),
    ],
)
async def test_what_only_the_operator_can_mend_is_a_sentence(
    shell: Shell, variables: dict[str, str], sentence: str
) -> None:
    code, said = await shell.run("run", **variables)
    assert code == 2
    assert sentence in said
    assert "Traceback" not in said
    assert "geheim" not in said


async def test_a_token_that_telegram_does_not_know_is_a_sentence(shell: Shell) -> None:
    async def refuse(_request: web.Request) -> web.Response:
        return web.json_response({"ok": False, "error_code": 401, "description": "Unauthorized"}, status=401)

    app = web.Application()
    app.router.add_post("/{anything:.*}", refuse)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    code, said = await shell.run("run", ROUNDS_TELEGRAM_API_URL=url)
    await runner.cleanup()
    assert (code, "Traceback" in said, TOKEN in said) == (2, False, False)
    assert "rounds: ROUNDS_BOT_TOKEN is not known to Telegram: copy it again from @BotFather" in said


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A Telegram that does not listen yet."""
    opened = Sandbox()
    yield opened
    await opened.stop()


async def test_a_start_before_the_network_waits_for_it(shell: Shell, sandbox: Sandbox) -> None:
    port = free_port()
    process = await shell.start("run", ROUNDS_TELEGRAM_API_URL=f"http://127.0.0.1:{port}")
    assert "Telegram cannot be reached, trying again" in await line_with(process, "Telegram")
    await sandbox.start("127.0.0.1", port)
    await line_with(process, "polling as @sandbox_717171_bot")
    assert await ended(process) == 0


async def fetched(url: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status, await response.text()


async def probed(shell: Shell, **more: str) -> tuple[int, str]:
    """The health check of a container, as its engine runs it."""
    environment = {**os.environ, **more}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.web.probe"), env=environment, cwd=shell.folder, stdout=asyncio.subprocess.PIPE
    )
    said, _nothing = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode is not None
    return process.returncode, said.decode()


async def test_a_process_tells_how_it_is_from_its_start_on(shell: Shell, sandbox: Sandbox) -> None:
    telegram, port = free_port(), str(free_port())
    url = f"http://127.0.0.1:{port}"
    process = await shell.start(
        "run", ROUNDS_TELEGRAM_API_URL=f"http://127.0.0.1:{telegram}", ROUNDS_STATUS_PORT=port, ROUNDS_LOG="json"
    )
    waiting = json.loads(await line_with(process, "trying again"))
    assert (waiting["level"], waiting["logger"]) == ("warning", "bot.serving")
    assert (await fetched(f"{url}/healthz"))[0] == 200
    status, page = await fetched(f"{url}/readyz")
    assert (status, [trouble["what"] for trouble in json.loads(page)["troubles"]]) == (503, ["start"])
    await sandbox.start("127.0.0.1", telegram)
    assert json.loads(await line_with(process, "polling as"))["event"] == "polling as @sandbox_717171_bot"
    assert await fetched(f"{url}/readyz") == (200, '{"ready": true, "troubles": []}')
    assert "rounds_info{" in (await fetched(f"{url}/metrics"))[1]
    assert await probed(shell, ROUNDS_STATUS_PORT=port) == (0, '{"alive": true}\n')
    assert await ended(process) == 0
    assert await probed(shell, ROUNDS_STATUS_PORT=port) == (1, f"no answer on port {port}: ConnectionRefusedError\n")


async def test_a_probe_without_a_port_says_so(shell: Shell) -> None:
    assert await probed(shell, ROUNDS_STATUS_PORT="") == (1, "ROUNDS_STATUS_PORT is not set: there is nothing to ask\n")


async def test_the_first_start_tells_how_to_become_admin(shell: Shell, sandbox: Sandbox) -> None:
    url = f"http://127.0.0.1:{await sandbox.start('127.0.0.1', 0)}"
    process = await shell.start("run", ROUNDS_TELEGRAM_API_URL=url)
    assert "/start " in await line_with(process, "nobody is admin yet")
    await line_with(process, "polling as")
    assert await ended(process) == 0


async def test_migrate_says_what_it_did(shell: Shell) -> None:
    code, said = await shell.run("migrate")
    assert code == 0
    assert "database: empty → " in said
    code, said = await shell.run("migrate")
    assert code == 0
    assert "nothing to do" in said


async def test_the_doctor_ends_with_one_when_something_is_to_be_mended(shell: Shell) -> None:
    code, said = await shell.run("doctor", ROUNDS_TELEGRAM_API_URL="http://127.0.0.1:9")
    assert code == 1
    assert "✗ http://127.0.0.1:9 cannot be reached" in said
