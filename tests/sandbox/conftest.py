"""A running sandbox with a bot and its people, reached over real HTTP."""

import importlib.util
import io
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import aiohttp
import pytest
from PIL import Image

from bot.sandbox.server import Sandbox

TOKEN = "123456:" + "a" * 35


def _beside(name: str) -> ModuleType:
    """A module of this folder: with importlib imports, tests have no package to import it from."""
    known = sys.modules.get(f"sandbox_{name}")
    if known is not None:
        return known
    spec = importlib.util.spec_from_file_location(f"sandbox_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


class Playground:
    """One sandbox, driven as bots and scripts do."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession, port: int) -> None:
        self.sandbox = sandbox
        self.session = session
        self.url = f"http://127.0.0.1:{port}"
        self.token = TOKEN
        self.offset = 0

    async def answer(self, method: str, token: str = TOKEN, **params: Any) -> Any:
        """The whole answer of a bot's call."""
        async with self.session.post(f"{self.url}/bot{token}/{method}", json=params) as response:
            body = await response.json()
            assert body["ok"] is (response.status == 200)
            assert body["ok"] or body["error_code"] == response.status
            return body

    async def call(self, method: str, token: str = TOKEN, **params: Any) -> Any:
        """The result of a call that succeeds."""
        body = await self.answer(method, token, **params)
        assert body["ok"], body
        return body["result"]

    async def refusal(self, method: str, token: str = TOKEN, **params: Any) -> str:
        """The description of a call that is refused."""
        body = await self.answer(method, token, **params)
        assert not body["ok"], body
        return str(body["description"])

    async def upload(self, url: str, files: dict[str, tuple[str, bytes, str]], **fields: Any) -> tuple[int, Any]:
        """A multipart form: status and JSON. `files` is name → (file name, bytes, type)."""
        # As browsers do: a name outside ASCII travels as it is.
        form = aiohttp.FormData(quote_fields=False)
        for name, value in fields.items():
            form.add_field(name, str(value))
        for name, (file_name, content, mime_type) in files.items():
            form.add_field(name, io.BytesIO(content), filename=file_name, content_type=mime_type)
        async with self.session.post(self.url + url, data=form) as response:
            return response.status, await response.json()

    async def sim(self, path: str, **body: Any) -> Any:
        """A deed at /sim that succeeds."""
        status, result = await self.try_sim(path, **body)
        assert status == 200, result
        return result

    async def try_sim(self, path: str, **body: Any) -> tuple[int, Any]:
        """A deed at /sim, with its status."""
        async with self.session.post(f"{self.url}/sim{path}", json=body) as response:
            return response.status, await response.json()

    async def look(self, path: str) -> Any:
        """What /sim shows."""
        async with self.session.get(f"{self.url}/sim{path}") as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def person(self, first_name: str = "Li", *, start: bool = True, **more: Any) -> int:
        """A new person, who has written /start unless told otherwise."""
        person = await self.sim("/people", first_name=first_name, **more)
        if start:
            await self.sim(f"/people/{person['id']}/send?bot=123456", text="/start")
        return int(person["id"])

    async def updates(self, **params: Any) -> list[Any]:
        """New updates, confirmed as a bot does with the next offset."""
        found = await self.call("getUpdates", offset=self.offset, **params)
        if found:
            self.offset = found[-1]["update_id"] + 1
        return list(found)


@pytest.fixture(scope="session")
def schema_module() -> ModuleType:
    return _beside("api_schema")


@pytest.fixture
def schema(schema_module: ModuleType) -> Iterator[Any]:
    """Checks all traffic of a test against api.json where that is at hand; a deviation fails the test."""
    if not schema_module.API_JSON.exists():
        yield None
        return
    checker = schema_module.ApiSchema()
    yield checker
    assert checker.problems == []


async def running(sandbox: Sandbox) -> AsyncIterator[Playground]:
    port = await sandbox.start("127.0.0.1", 0)
    async with aiohttp.ClientSession() as session:
        playground = Playground(sandbox, session, port)
        await playground.call("getMe")
        yield playground
    await sandbox.stop()


@pytest.fixture
def playing() -> Any:
    """Runs a sandbox that a test has made: `async for playground in playing(sandbox)`."""
    return running


@pytest.fixture
async def play(schema: Any) -> AsyncIterator[Playground]:
    """A sandbox whose traffic is checked."""
    async for playground in running(Sandbox(check=schema.check if schema else None, webhook_pause_s=0.01)):
        yield playground


@pytest.fixture
async def strict_play() -> AsyncIterator[Playground]:
    """A sandbox that keeps Telegram's rate limits."""
    async for playground in running(Sandbox(limits=True)):
        yield playground


@pytest.fixture(scope="session")
def picture() -> bytes:
    """A JPEG of 1600 × 1200 with EXIF."""
    image = Image.linear_gradient("L").resize((1600, 1200)).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()
