"""A bot's webhook gets every update: with the secret, in order within a chat, again until it says 2xx."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Receiver:
    """A bot's web server that refuses as often as it is told."""

    def __init__(self) -> None:
        self.refuse: dict[int, int] = defaultdict(int)
        self.got: list[Any] = []
        self.attempts = 0
        self.secrets: set[str | None] = set()
        self.reply: Any = None
        self.arrived = asyncio.Condition()
        self.url = ""

    async def receive(self, request: web.Request) -> web.Response:
        update = await request.json()
        async with self.arrived:
            self.attempts += 1
            self.secrets.add(request.headers.get(SECRET_HEADER))
            chat_id = update["message"]["chat"]["id"]
            refused = self.refuse[chat_id] > 0
            if refused:
                self.refuse[chat_id] -= 1
            else:
                self.got.append(update)
            self.arrived.notify_all()
        if refused:
            return web.Response(status=503)
        return web.json_response(self.reply) if self.reply else web.Response()

    async def wait_for(self, count: int) -> list[Any]:
        async with self.arrived:
            await asyncio.wait_for(self.arrived.wait_for(lambda: len(self.got) >= count), 10)
        return self.got


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.receive)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


async def test_an_update_is_posted_with_the_secret(play: Any, receiver: Receiver) -> None:
    await play.call("setWebhook", url=receiver.url, secret_token="Open-sesame_1")
    await play.person()
    (update,) = await receiver.wait_for(1)
    assert update["message"]["text"] == "/start"
    assert receiver.secrets == {"Open-sesame_1"}


async def test_what_was_refused_comes_again_in_order_and_holds_up_no_other_chat(play: Any, receiver: Receiver) -> None:
    await play.call("setWebhook", url=receiver.url)
    ill, well = await play.person("Ill", start=False), await play.person("Well", start=False)
    receiver.refuse[ill] = 3
    for text in ("1", "2"):
        await play.sim(f"/people/{ill}/send", text=text)
        await play.sim(f"/people/{well}/send", text=text)
    got = await receiver.wait_for(4)
    for person in (ill, well):
        texts = [update["message"]["text"] for update in got if update["message"]["chat"]["id"] == person]
        assert texts == ["1", "2"]
    assert receiver.attempts == 7
    info = await play.call("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 503 Service Unavailable"


async def test_polling_is_refused_while_a_webhook_is_set_and_goes_on_after(play: Any, receiver: Receiver) -> None:
    await play.call("setWebhook", url=receiver.url)
    assert await play.refusal("getUpdates") == (
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    )
    await play.call("deleteWebhook")
    await play.person()
    assert [update["message"]["text"] for update in await play.updates()] == ["/start"]
    assert receiver.got == []


async def test_a_webhook_that_nobody_answers_keeps_the_updates_for_polling(play: Any) -> None:
    await play.call("setWebhook", url="http://127.0.0.1:9/nobody", allowed_updates=["message"])
    await play.person()
    info = await play.call("getWebhookInfo")
    assert (info["pending_update_count"], info["allowed_updates"]) == (1, ["message"])
    await play.call("deleteWebhook")
    assert [update["message"]["text"] for update in await play.updates()] == ["/start"]


async def test_pending_updates_can_be_dropped(play: Any) -> None:
    await play.person()
    await play.call("deleteWebhook", drop_pending_updates=True)
    assert await play.updates() == []


async def test_setting_a_webhook_ends_a_long_poll(play: Any, receiver: Receiver) -> None:
    poll = asyncio.create_task(play.refusal("getUpdates", timeout=30))
    queue = play.sandbox.world.bots.by_id(123456).queue
    await queue.polling.wait()
    await play.call("setWebhook", url=receiver.url)
    assert await poll == "Conflict: terminated by setWebhook request"


async def test_a_method_in_the_answer_is_carried_out(play: Any, receiver: Receiver) -> None:
    person = await play.person(start=False)
    receiver.reply = {"method": "sendMessage", "chat_id": person, "text": "by reply"}
    await play.call("setWebhook", url=receiver.url)
    await play.sim(f"/people/{person}/send", text="hello")
    await play.sandbox.world.bots.by_id(123456).courier.idle()
    messages = (await play.look(f"/people/{person}/chat"))["messages"]
    assert "by reply" in [message["text"] for message in messages if not message["outgoing"]]


async def test_a_webhook_that_deletes_itself_in_its_answer_leaves_the_rest_to_polling(
    play: Any, receiver: Receiver
) -> None:
    receiver.reply = {"method": "deleteWebhook"}
    person = await play.person(start=False)
    receiver.refuse[person] = 1
    await play.call("setWebhook", url=receiver.url)
    courier = play.sandbox.world.bots.by_id(123456).courier
    for text in ("1", "2"):
        await play.sim(f"/people/{person}/send", text=text)
    await courier.idle()
    (left,) = await play.call("getUpdates")
    assert left["message"]["text"] == "2"


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"url": "ftp://host/x"}, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"),
        (
            {"url": "https://host/x", "secret_token": "no way"},
            "Bad Request: secret token contains unallowed characters",
        ),
    ],
)
async def test_a_wrong_webhook_is_refused(play: Any, params: dict[str, str], refusal: str) -> None:
    assert await play.refusal("setWebhook", **params) == refusal
