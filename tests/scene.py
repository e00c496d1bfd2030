"""A scene: the real bot and the sandbox over HTTP, people to play, and a transcript of what they said and saw."""

import asyncio
import io
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
from PIL import Image
from sqlalchemy import text

from bot import serving
from bot.app import Rounds, running
from bot.rendering import LANGUAGES
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from bot.telegram.budget import Budget
from bot.telegram.polling import Polling
from storage import people
from storage.tables import OutboxRow, table

TOKEN = "424242:" + "R" * 35
STARTS_AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # a Monday, 09:00 in Shanghai
PATIENCE = 20.0  # seconds until a scene that does not settle is a failure
OFFICE = (29.5630, 106.5516)


class Scene:
    """Everything a test of a dialogue needs. `play` makes a person; `pass_time` moves the clock and ticks."""

    def __init__(self, sandbox: Sandbox, rounds: Rounds, session: aiohttp.ClientSession, url: str) -> None:
        self.sandbox = sandbox
        self.rounds = rounds
        self.session = session
        self.url = url
        self.transcript: list[str] = []
        self.names: dict[int, str] = {}
        self.faults_expected = False
        self._told = 0

    async def play(self, first_name: str, *, language: str = "en", phone: str = "+86 138 0000 0001") -> "Player":
        """Somebody with a telephone."""
        body = {"first_name": first_name, "language_code": language, "phone": phone}
        person = await self.sim("/people", body)
        self.names[person["id"]] = first_name
        return Player(self, person["id"], first_name)

    async def sim(self, path: str, body: dict[str, Any]) -> Any:
        """A deed at the sandbox."""
        async with self.session.post(f"{self.url}/sim{path}", json=body) as response:
            result = await response.json()
            assert response.status == 200, (path, body, result)
            return result

    async def look(self, path: str) -> Any:
        """What the sandbox shows."""
        async with self.session.get(f"{self.url}/sim{path}") as response:
            return await response.json()

    async def pass_time(self, **duration: float) -> None:
        """Let time pass, and what is due by then happen."""
        self.sandbox.clock.advance(timedelta(**duration))
        await self.rounds.tick()
        await self.settle()
        words = ", ".join(f"{number:g} {unit}" for unit, number in duration.items())
        self._note(f"--- {words} later ---")

    async def until(self, local: str) -> None:
        """Let it become a local time (Shanghai), today or tomorrow."""
        await self.sim("/clock", {"until": local})
        await self.rounds.tick()
        await self.settle()
        self._note(f"--- {local} ---")

    async def settle(self) -> None:
        """Wait until everything that was sent is worked off, said and kept."""
        deadline = asyncio.get_running_loop().time() + PATIENCE
        quiet = 0
        while quiet < 2:
            if asyncio.get_running_loop().time() > deadline:
                raise AssertionError(f"the scene does not settle: {await self._open()}")
            left = await self._open()
            quiet = quiet + 1 if not any(left.values()) else 0
            await self._skip_gathering(left)
            await asyncio.sleep(0.005)

    async def _skip_gathering(self, left: dict[str, int]) -> None:
        """When all that is left waits for its time, or behind what does, that time comes at once."""
        now = self.rounds.clock()
        later, others = await self.rounds.database.read(lambda connection: _list_later(connection, now))
        if later and not others and sum(left.values()) == left["outbox"]:
            self.sandbox.clock.advance(min(later) - now)
            self.rounds.sender.ring()

    async def _open(self) -> dict[str, int]:
        bot = self.sandbox.world.bots.by_token(TOKEN)
        waiting = await self.rounds.database.read(_count_open)
        return {"telegram": len(bot.queue) if bot is not None else 0, **waiting}

    def _note(self, heading: str | None = None, *, by: str | None = None) -> None:
        """Write down what happened since the last time."""
        lines = [heading] if heading else []
        for row in list(self.sandbox.ledger.rows())[self._told :]:
            self._told += 1
            line = _line(row, self.names, by)
            if line:
                lines.append(line)
        self.transcript += lines

    async def check_nothing_failed(self) -> None:
        """A fault of the bot's own fails the test, however well the dialogue went on."""
        refused = await self.rows(text("SELECT message, error FROM outbox WHERE state = 'refused'"))
        quarantined = await self.rows(text("SELECT seq, error FROM inbox WHERE error IS NOT NULL"))
        failed = await self.rows(text("SELECT kind, error FROM job WHERE state = 'failed'"))
        assert self.faults_expected or not (refused or quarantined or failed), (refused, quarantined, failed)

    async def check_both_languages(self) -> None:
        """Whatever was said in one language can be said in the other."""
        outbox = table(OutboxRow)
        for row in await self.rows(outbox.select().where(outbox.c.state.in_(("sent", "superseded")))):
            for language in LANGUAGES:
                where = {"language": language, "zone": "Asia/Shanghai", "now": self.rounds.clock()}
                assert self.rounds.renderer.render(row.message, row.context, **where).text, row.message

    async def rows(self, statement: Any) -> list[Any]:
        """What the database holds, for what no screen shows."""
        return await self.rounds.database.read(lambda connection: list(connection.execute(statement)))


def _list_later(connection: Any, now: datetime) -> tuple[list[datetime], int]:
    """When messages may go that may not go yet, and how many there are for chats without such a one."""
    outbox = table(OutboxRow)
    left = list(connection.execute(outbox.select().where(outbox.c.state.in_(("waiting", "sending")))))
    later = {row.chat_id: row.not_before for row in left if row.not_before is not None and row.not_before > now}
    return list(later.values()), sum(row.chat_id not in later or row.state == "sending" for row in left)


def _count_open(connection: Any) -> dict[str, int]:
    counts = {}
    for name, states in (("inbox", "'waiting'"), ("outbox", "'waiting','sending'"), ("job", "'waiting'")):
        statement = text(f"SELECT count(*) FROM {name} WHERE state IN ({states})")
        counts[name] = int(connection.execute(statement).scalar_one())
    return counts


class Player:
    """A person with a telephone; each deed waits until the bot has answered it."""

    def __init__(self, scene: Scene, person_id: int, name: str) -> None:
        self.scene = scene
        self.id = person_id
        self.name = name
        self.at = OFFICE

    async def says(self, text: str) -> None:
        """Type and send."""
        await self._do("send", {"text": text})

    async def presses(self, label: str) -> None:
        """Tap the newest inline button whose label has these words, or a key below the input."""
        chat = await self.chat()
        for message in reversed(chat["messages"]):
            for row in (message.get("reply_markup") or {}).get("inline_keyboard", []):
                for button in row:
                    if label in button["text"]:
                        await self._do(
                            "tap", {"message_id": message["message_id"], "callback_data": button["callback_data"]}
                        )
                        return
        keys = [key["text"] for row in (chat["keyboard"] or {}).get("keyboard", []) for key in row]
        for key in keys:
            if label in key:
                await self._do("tap", {"text": key, "location": self._location()})
                return
        raise AssertionError(f"{self.name} sees no button {label!r}; there is {self._buttons(chat) + keys}")

    async def taps(self, message_id: int, callback_data: str, *, stale: bool = False) -> None:
        """Tap a button by its data; `stale` as a telephone would that has not seen the newest edit."""
        await self._do("tap", {"message_id": message_id, "callback_data": callback_data, "stale": stale})

    async def stands_at(self, latitude: float, longitude: float, accuracy: float | None = 15, **more: Any) -> None:
        """Share where he is, as an attachment."""
        self.at = (latitude, longitude)
        await self._do("send", {"location": {**self._location(accuracy), **more.pop("location", {})}, **more})

    async def sends_photo(self, *pictures: bytes, caption: str = "", as_document: bool = False) -> None:
        """One photo, or an album."""
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("caption", caption)
        form.add_field("as_document", "true" if as_document else "")
        form.add_field("album", "true" if len(pictures) > 1 else "")
        for number, picture in enumerate(pictures):
            name, kind = f"photo{number}.jpg", "image/jpeg"
            form.add_field(f"file{number}", io.BytesIO(picture), filename=name, content_type=kind)
        await self._upload("photo", form)

    async def sends_file(self, name: str, content: bytes) -> None:
        """A document."""
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("file", io.BytesIO(content), filename=name, content_type="application/octet-stream")
        await self._upload("document", form)

    async def records(self, kind: str = "voice", *, seconds: int = 4) -> None:
        """A voice message, or a round video (`video_note`)."""
        form = aiohttp.FormData({"duration": str(seconds)})
        form.add_field("file", io.BytesIO(b"OggS recorded"), filename="recorded", content_type="audio/ogg")
        await self._upload(kind, form)

    async def _upload(self, kind: str, form: aiohttp.FormData) -> None:
        async with self.scene.session.post(f"{self.scene.url}/sim/people/{self.id}/{kind}", data=form) as response:
            assert response.status == 200, await response.text()
        await self._answered()

    async def does(self, deed: str, **body: Any) -> None:
        """Any other deed of the sandbox: edit, block, forward …"""
        await self._do(deed, body)

    async def _do(self, deed: str, body: dict[str, Any]) -> None:
        await self.scene.sim(f"/people/{self.id}/{deed}", body)
        await self._answered()

    async def _answered(self) -> None:
        await self.scene.settle()
        self.scene._note()

    def _location(self, accuracy: float | None = 15) -> dict[str, Any]:
        place: dict[str, Any] = {"latitude": self.at[0], "longitude": self.at[1]}
        return {**place, "horizontal_accuracy": accuracy} if accuracy is not None else place

    async def chat(self) -> Any:
        """What he sees now."""
        return await self.scene.look(f"/people/{self.id}/chat")

    async def last(self, back: int = 1) -> str:
        """The text of the bot's last message (or the one before …)."""
        messages = [message for message in (await self.chat())["messages"] if not message["outgoing"]]
        return _text(messages[-back]) if len(messages) >= back else ""

    async def all_text(self) -> str:
        """Everything on his screen."""
        return "\n".join(_text(message) for message in (await self.chat())["messages"])

    def _buttons(self, chat: Any) -> list[str]:
        last = next((m for m in reversed(chat["messages"]) if m.get("reply_markup")), {})
        return [b["text"] for row in (last.get("reply_markup") or {}).get("inline_keyboard", []) for b in row]

    async def joins(self, role: str = "rep", *, team: str | None = None) -> None:
        """Become a member without the dialogue, which has tests of its own."""
        now, zone = self.scene.rounds.clock(), "Asia/Shanghai"
        person = await self.scene.look(f"/people/{self.id}/chat")
        language = "zh_Hans" if person["person"]["language_code"].startswith("zh") else "en"

        def store(connection: Any) -> None:
            team_id = None
            if team is not None:
                team_id = people.find_team(connection, team) or people.add_team(connection, team)
            values = {"telegram_id": self.id, "name": self.name, "phone": "+8613800000001", "language": language}
            more = {"time_zone": zone, "roles": role, "team_id": team_id, "status": "active", "joined_at": now}
            people.add(connection, **values, **more)

        await self.scene.rounds.database.write(store)
        await self.scene.rounds.tick()
        await self.says("/start")

    @property
    async def person_id(self) -> int:
        """His id in the company's database."""
        found = await self.scene.rounds.database.read(lambda c: people.find_by_telegram(c, self.id))
        assert found is not None
        return found.id


def _text(message: dict[str, Any]) -> str:
    return str(message.get("text") or message.get("caption") or "")


def _line(row: dict[str, Any], names: dict[int, str], _by: str | None) -> str | None:
    """A row of the ledger as a line that a sales manager can read."""
    name = names.get(row.get("person_id") or 0, "?")
    text = (row.get("text") or "").replace("\n", "\n      ")
    match row["what"]:
        case "sent":
            return f"{name}: {text or '[' + str(row.get('kind', 'something')) + ']'}"
        case "tapped":
            return f"{name}: <{text or row.get('callback_data')}>"
        case "shown":
            return f"   → {name}: {text or '[' + str(row.get('kind', 'something')) + ']'}{_keys(row)}"
        case "edited" if row.get("by") == "bot":
            return f"   ✎ {name}: {text}{_keys(row)}"
        case "edited":
            return f"{name} ✎ {text}"
        case _:
            return None


def _keys(row: dict[str, Any]) -> str:
    rows = (row.get("reply_markup") or {}).get("inline_keyboard", [])
    return "".join("\n      " + " ".join(f"[{button['text']}]" for button in row) for row in rows)


@asynccontextmanager
async def acted(database_url: str, folder: Path, **settings: Any) -> AsyncIterator[Scene]:
    """Raise the curtain: sandbox, bot and polling, on a database of their own."""
    sandbox = Sandbox(start_at=STARTS_AT, clock_stands=True, check=settings.pop("check", None))
    port = await sandbox.start("127.0.0.1", 0)
    url = f"http://127.0.0.1:{port}"
    chosen = Settings(
        _env_file=None,
        bot_token=TOKEN,
        telegram_api_url=url,
        database_url=database_url,
        data_dir=folder,
        **{"admin_ids": frozenset(), **settings},
    )
    budget = Budget(time.monotonic, per_second=10_000, chat_burst=10_000)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(sandbox.stop)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        at_work = running(chosen, clock=sandbox.clock.now, tick_every=3600, budget=budget, before_work=serving.prepare)
        rounds = await stack.enter_async_context(at_work)
        # a company that has been here for long: its managers are shown flags
        await rounds.database.write(lambda connection: connection.execute(text("UPDATE team SET founded_at = NULL")))
        polling = asyncio.create_task(Polling(rounds.bot, rounds.intake).run())
        try:
            scene = Scene(sandbox, rounds, session, url)
            yield scene
            await scene.check_nothing_failed()
        finally:
            polling.cancel()
            await asyncio.gather(polling, return_exceptions=True)


def picture(size: tuple[int, int] = (640, 480), seed: int = 0) -> bytes:
    """A JPEG that differs for each seed."""
    image = Image.new("RGB", size, ((37 * seed) % 256, (91 * seed + 80) % 256, 140))
    for number in range(0, size[0], 40):
        image.paste(((number + seed) % 256, 200, 90), (number, 0, number + 20, size[1] // 2))
    out = io.BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()


def readable(transcript: list[str]) -> str:
    """The transcript as it is kept."""
    return "\n".join(transcript).strip() + "\n"
