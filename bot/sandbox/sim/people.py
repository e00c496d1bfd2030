"""/sim/people and /sim/groups: who there is, and what they write, share, tap, move, edit and block."""

from typing import Any

from aiohttp import web

from bot.sandbox.sim.answers import answering, body_of, phone_of
from bot.sandbox.taps import tap
from bot.sandbox.view import chat_view
from bot.sandbox.wire import SimError
from bot.sandbox.world import World


class PeopleRoutes:
    """Routes that need no file."""

    def __init__(self, world: World) -> None:
        self._world = world

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Register all of them."""
        one = "/sim/people/{person_id}"
        router.add_get("/sim/people", answering(self.everybody))
        router.add_post("/sim/people", answering(self.join))
        router.add_post("/sim/groups", answering(self.gather))
        router.add_get(one + "/chat", answering(self.chat))
        router.add_post(one + "/send", answering(self.send))
        router.add_post(one + "/tap", answering(self.tap))
        router.add_post(one + "/move", answering(self.move))
        router.add_post(one + "/stop", answering(self.stop))
        router.add_post(one + "/edit", answering(self.edit))
        router.add_post(one + "/block", answering(self.block))

    async def everybody(self, request: web.Request) -> Any:
        """All people."""
        return [person.described() for person in self._world.people.everybody()]

    async def join(self, request: web.Request) -> Any:
        """A new person: {first_name, id?, last_name?, username?, language_code?, phone?}."""
        person = self._world.people.add(await body_of(request))
        self._world.events.announce({"kind": "person", "person_id": person.id, "version": 0})
        return person.described()

    async def gather(self, request: web.Request) -> Any:
        """A group of {title, people: [id]} and the bot; the bot learns that it was added."""
        body = await body_of(request)
        world = self._world
        bot = world.spoken_for(request.query.get("bot"))
        if not isinstance(body.get("people"), list) or not all(isinstance(one, int) for one in body["people"]):
            raise SimError(400, "people is a list of their ids")
        members = [world.people.get(person_id) for person_id in body["people"]]
        if not members:
            raise SimError(400, "a group needs people")
        chat = world.new_group(bot, str(body.get("title", "Group")), members)
        change = {
            "chat": chat.public,
            "from": members[0].user,
            "date": int(world.clock.timestamp()),
            "old_chat_member": {"status": "left", "user": bot.user},
            "new_chat_member": {"status": "member", "user": bot.user},
        }
        world.emit(bot, chat, "my_chat_member", change)
        notice = world.message(chat, bot, members[0].user)
        notice["new_chat_members"] = [bot.user]
        world.add(chat, notice, "sent")
        world.emit(bot, chat, "message", notice)
        return chat.public

    async def chat(self, request: web.Request) -> Any:
        """What the person sees now; `?limit=` gives only the newest messages."""
        phone = phone_of(self._world, request)
        limit = request.query.get("limit")
        if limit is not None and not limit.isdecimal():
            raise SimError(400, "limit must be a number")
        wanted = None if limit is None else int(limit)
        return chat_view(self._world, phone.person, phone.bot, phone.chat, wanted)

    async def send(self, request: web.Request) -> Any:
        """A message; see Phone.send."""
        body = await body_of(request)
        return await phone_of(self._world, request, body.get("chat_id")).send(body)

    async def tap(self, request: web.Request) -> Any:
        """A button; see taps.tap."""
        body = await body_of(request)
        return tap(phone_of(self._world, request, body.get("chat_id")), body)

    async def move(self, request: web.Request) -> Any:
        """A live location moves: {message_id, latitude, longitude, horizontal_accuracy?, heading?}."""
        body = await body_of(request)
        return phone_of(self._world, request, body.get("chat_id")).move(body.get("message_id"), body)

    async def stop(self, request: web.Request) -> Any:
        """A live location ends: {message_id}."""
        body = await body_of(request)
        return phone_of(self._world, request, body.get("chat_id")).stop(body.get("message_id"))

    async def edit(self, request: web.Request) -> Any:
        """An own message gets another {message_id, text | caption}."""
        body = await body_of(request)
        return phone_of(self._world, request, body.get("chat_id")).edit(body.get("message_id"), body)

    async def block(self, request: web.Request) -> Any:
        """Block the bot, or with {"blocked": false} unblock it."""
        body = await body_of(request)
        phone = phone_of(self._world, request)
        phone.block(bool(body.get("blocked", True)))
        return {"blocked": phone.bot.id in phone.person.blocked}
