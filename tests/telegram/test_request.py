"""HTTP to Telegram: through a proxy where one is set, and every failure by its kind, without the address."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from telegram.error import NetworkError, TimedOut

from bot.telegram.proxy import proxy_for
from bot.telegram.request import AiohttpRequest, NotSent

TOKEN = "818181:" + "Q" * 35


@pytest.fixture
async def request_() -> AsyncIterator[AiohttpRequest]:
    opened = AiohttpRequest(read_timeout=0.3)
    await opened.initialize()
    yield opened
    await opened.shutdown()


class Server:
    """Takes every address; keeps what was asked, and answers, stalls or hangs up."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.does = "answer"
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        self.asked.append(str(request.url))
        if self.does == "hang up":
            assert request.transport is not None
            request.transport.close()
        if self.does == "stall":
            await asyncio.sleep(1)
        return web.json_response({"ok": True, "result": "here"})


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    opened = Server()
    app = web.Application()
    app.router.add_route("*", "/{anything:.*}", opened.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    opened.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield opened
    await runner.cleanup()


async def test_calls_go_through_the_proxy_that_is_set(
    request_: AiohttpRequest, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.url)
    monkeypatch.delenv("no_proxy", raising=False)
    assert await request_.post(f"http://telegram.example/bot{TOKEN}/getMe") == "here"
    assert server.asked == [f"http://telegram.example/bot{TOKEN}/getMe"]


def test_this_machine_and_the_exceptions_are_reached_directly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "inside.example")
    assert proxy_for("https://api.telegram.org/bot") == "http://proxy.example:3128"
    for url in (
        "http://127.0.0.1:8081/bot",
        "http://localhost:8081/bot",
        "http://[::1]/bot",
        "https://inside.example/",
    ):
        assert proxy_for(url) is None, url


async def test_what_never_left_is_known_as_such(request_: AiohttpRequest) -> None:
    with pytest.raises(NotSent) as told:
        await request_.post(f"http://127.0.0.1:9/bot{TOKEN}/sendMessage")
    assert TOKEN not in str(told.value)


@pytest.mark.parametrize("does", ["hang up", "stall"])
async def test_a_lost_answer_is_known_as_such(request_: AiohttpRequest, server: Server, does: str) -> None:
    server.does = does
    with pytest.raises(TimedOut) as told:
        await request_.post(f"{server.url}/bot{TOKEN}/sendMessage")
    assert len(server.asked) == 1
    assert TOKEN not in str(told.value)


async def test_a_file_may_take_longer_than_a_call(request_: AiohttpRequest, server: Server) -> None:
    server.does = "stall"
    assert b"here" in await request_.retrieve(f"{server.url}/file/bot{TOKEN}/photo.jpg")


async def test_an_answer_that_is_no_json_is_a_failure_of_the_network(request_: AiohttpRequest) -> None:
    async def page(_request: web.Request) -> web.Response:
        return web.Response(status=502, text="<h1>Bad gateway</h1>")

    app = web.Application()
    app.router.add_route("*", "/{anything:.*}", page)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    with pytest.raises(NetworkError):
        await request_.post(f"http://127.0.0.1:{runner.addresses[0][1]}/bot{TOKEN}/getMe")
    await runner.cleanup()
