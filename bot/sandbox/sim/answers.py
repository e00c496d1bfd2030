"""How /sim reads what it is asked and answers: JSON in, JSON out, and a sentence where something cannot be."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.sandbox.chats import Chat
from bot.sandbox.phone import Phone
from bot.sandbox.wire import JSON, ApiError, SimError, encode
from bot.sandbox.world import World

Deed = Callable[[web.Request], Awaitable[Any]]
Route = Callable[[web.Request], Awaitable[web.StreamResponse]]


def answering(deed: Deed) -> Route:
    """A route that answers with the deed's result as JSON, or with {"error": …} and the status of a SimError."""

    async def route(request: web.Request) -> web.StreamResponse:
        try:
            result = await deed(request)
        except SimError as error:
            return _json({"error": str(error)}, error.status)
        except ApiError as error:
            return _json({"error": error.description}, 400)
        return result if isinstance(result, web.StreamResponse) else _json(result, 200)

    return route


def _json(value: Any, status: int) -> web.Response:
    return web.Response(body=encode(value).encode(), content_type="application/json", status=status)


async def body_of(request: web.Request) -> JSON:
    """The JSON object that came; an empty body is an empty object."""
    raw = await request.read()
    try:
        body = json.loads(raw) if raw else {}
    except ValueError as error:
        raise SimError(400, "the body must be JSON") from error
    if not isinstance(body, dict):
        raise SimError(400, "the body must be a JSON object")
    return body


def number_in(request: web.Request, name: str) -> int:
    """An integer of the path."""
    try:
        return int(request.match_info[name])
    except ValueError as error:
        raise SimError(404, f"{name} must be a number") from error


def phone_of(world: World, request: web.Request, chat_id: Any = None) -> Phone:
    """The phone of the person in the path, with the chat of `?bot=` (or the last bot), or a group, open."""
    person = world.people.get(number_in(request, "person_id"))
    bot = world.spoken_for(request.query.get("bot"))
    if chat_id is None:
        chat_id = request.query.get("chat_id")
    chat: Chat | None = None
    if chat_id is not None and str(chat_id) != str(person.id):
        chat = bot.chats.get(int(chat_id)) if str(chat_id).lstrip("-").isdecimal() else None
        if chat is None or person.id not in chat.members:
            raise SimError(404, f"this person is in no chat {chat_id}")
        if chat.migrated_to is not None:
            chat = bot.chats[chat.migrated_to]
    return Phone(world, person, bot, chat)
