"""The door for bots: finds the bot and the method, lets faults strike, and answers as Telegram does."""

import asyncio
import json
from typing import Any

from aiohttp import web

from bot.sandbox.bots import BotAccount
from bot.sandbox.faults import Fault
from bot.sandbox.methods import BY_LOWER_NAME, Call, Handler
from bot.sandbox.requests import read_params
from bot.sandbox.wire import (
    JSON,
    ApiError,
    Encoded,
    bad_request,
    encode,
    forbidden,
    too_many_requests,
)
from bot.sandbox.world import World

UNAUTHORIZED = ApiError(401, "Unauthorized")
NO_METHOD = ApiError(404, "Not Found: method not found")
NOT_FOUND = ApiError(404, "Not Found")
BROKEN = ApiError(500, "Internal Server Error")


class BotApi:
    """Answers /bot<token>/<method> and /file/bot<token>/<path>."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def call(self, request: web.Request) -> web.StreamResponse:
        """One method call, GET or POST."""
        bot = self._world.bots.by_token(request.match_info["token"])
        if bot is None:
            return _refusal(UNAUTHORIZED)
        known = BY_LOWER_NAME.get(request.match_info["method"].lower())
        if known is None:
            return _refusal(NO_METHOD)
        name, handler = known
        try:
            params = await read_params(request)
            self._world.bots.last = bot
            if self._world.check is not None:
                self._world.check(f"call:{name}", params)
            fault = self._world.faults.strike(name.lower(), params) if self._world.faults else None
            if fault is not None:
                return await self._struck(request, fault, bot, name, handler, params)
            return _answer(await self._perform(bot, name, handler, params))
        except ApiError as error:
            return _refusal(error)

    async def reply_call(self, bot: BotAccount, body: JSON) -> None:
        """A call that a webhook made in its answer; its result is lost, as with Telegram."""
        known = BY_LOWER_NAME.get(str(body.get("method", "")).lower())
        if known is not None:
            params = {name: value for name, value in body.items() if name != "method"}
            try:
                await self._perform(bot, *known, params)
            except ApiError:
                return

    async def file(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a file, at the file_path that getFile gave."""
        bot = self._world.bots.by_token(request.match_info["token"])
        if bot is None:
            return _refusal(UNAUTHORIZED)
        params = {"file_path": request.match_info["path"]}
        fault = self._world.faults.strike("file", params) if self._world.faults else None
        if fault is not None and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        elif fault is not None:
            return _refusal(BROKEN) if fault.kind in ("500", "429", "403") else _drop(request)
        file = self._world.files.at(params["file_path"])
        if file is None:
            return _refusal(NOT_FOUND)
        if file.place is not None:
            return web.FileResponse(file.place, headers={"Content-Type": "application/octet-stream"})
        return web.Response(body=file.content, content_type="application/octet-stream")

    async def _perform(self, bot: BotAccount, name: str, handler: Handler, params: JSON) -> Any:
        result = await handler(Call(self._world, bot, params))
        if self._world.check is not None:
            self._world.check(f"result:{name}", json.loads(result) if isinstance(result, Encoded) else result)
        return result

    async def _struck(
        self, request: web.Request, fault: Fault, bot: BotAccount, name: str, handler: Handler, params: JSON
    ) -> web.StreamResponse:
        """What a fault makes of the call."""
        world = self._world
        chat_id = params.get("chat_id")
        world.ledger.add(
            world.clock.timestamp(), bot.id, "fault", more={"method": name, "kind": fault.kind, "to": chat_id}
        )
        match fault.kind:
            case "429":
                return _refusal(too_many_requests(fault.retry_after))
            case "500":
                return _refusal(BROKEN)
            case "400":
                return _refusal(bad_request(fault.description))
            case "403":
                return _refusal(forbidden("bot was blocked by the user"))
            case "drop":
                return _drop(request)
            case "migrate":
                self._migrate(bot, chat_id)
            case "slow":
                await asyncio.sleep(fault.seconds)
            case "timeout_after":
                await self._perform(bot, name, handler, params)
                await world.pause(fault.seconds)
                return _drop(request)
        return _answer(await self._perform(bot, name, handler, params))

    def _migrate(self, bot: BotAccount, chat_id: Any) -> None:
        """Upgrade the addressed group; the call itself then fails with the new id, as every later one does."""
        chat = bot.chats.get(int(chat_id)) if str(chat_id).lstrip("-").isdecimal() else None
        if chat is not None and chat.person is None and chat.migrated_to is None:
            self._world.upgrade_group(bot, chat)


def _answer(result: Any) -> web.Response:
    text = result if isinstance(result, Encoded) else encode(result)
    return web.Response(body=f'{{"ok":true,"result":{text}}}'.encode(), content_type="application/json")


def _refusal(error: ApiError) -> web.Response:
    return web.Response(status=error.error_code, body=encode(error.body()).encode(), content_type="application/json")


def _drop(request: web.Request) -> web.StreamResponse:
    """Cut the connection; the response goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
