"""A day is acted with everything that can go wrong in it: the numbers are right, and nothing private is told of it."""

import asyncio
import io
import json
import logging
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from company import BANK, at_review, checked_in, with_customer
from outages import Outage
from prometheus_client.parser import text_string_to_metric_families
from scene import TOKEN, Player, Scene, picture
from sqlalchemy import text
from telegram import Update
from telegram.ext import MessageHandler, filters

from bot import logs
from bot.services.readiness import Readiness
from bot.services.turn import Turn
from bot.telegram.updates import origin_of
from bot.web.exposition import Exposition
from bot.web.server import opened
from bot.web.status import routes
from storage import outbox

PHONE = "+86 138 2345 6789"
WORDS = "Frau Zeisig wants ninety crates"
PRIVATE = (
    *(
        TOKEN,
        TOKEN.partition(":")[2],
        "王建国",
        "建国",
        "Maria Lopez",
        "Maria",
        "Emma",
        "重庆长乐银行",
        "Harbour Bakery",
    ),
    *(PHONE, "13823456789", "23456789", "6789", "13800000001", WORDS, "Zeisig", "crates"),
    *("29.56", "106.57", str(BANK[0]), str(BANK[1]), "29.9876", "106.1234"),
)


class Samples(dict[str, dict[tuple[tuple[str, str], ...], float]]):
    """What a scrape brought: name → labels → number."""

    def of(self, name: str, **labels: str) -> float:
        return self[name].get(tuple(sorted(labels.items())), 0.0)


@asynccontextmanager
async def scraped(scene: Scene) -> AsyncIterator[tuple[str, Samples]]:
    """The page of a scene's process, over HTTP."""
    rounds = scene.rounds
    readiness = Readiness(rounds.database, rounds.blobs.check, rounds.clock, lambda: True)
    pages = routes(readiness, Exposition(rounds.meters))
    async with (
        opened(pages, "127.0.0.1", 0, variables="none") as runner,
        scene.session.get(f"http://127.0.0.1:{runner.addresses[0][1]}/metrics") as response,
    ):
        page, samples = await response.text(), Samples()
    for family in text_string_to_metric_families(page):
        for sample in family.samples:
            samples.setdefault(sample.name, {})[tuple(sorted(sample.labels.items()))] = sample.value
    readiness.close()
    yield page, samples


async def a_day(scene: Scene) -> Player:
    """Two visits, a stranger, photos, a digest; Telegram is slow to hear twice."""
    rep = await at_review(scene)
    await rep.presses("Send")
    stranger = await scene.play("Maria Lopez", phone=PHONE)
    await stranger.says("/today")
    await with_customer(scene)
    chinese = await scene.play("王建国", language="zh-hans", phone=PHONE)
    await chinese.joins("rep,manager", team="West")
    await chinese.says("/near")
    await chinese.stands_at(*BANK)
    await chinese.says("昨天去了哪里")
    await scene.sim("/faults", {"method": "sendMessage", "kind": "500"})
    await chinese.says("/today")
    await scene.sim("/faults", {"method": "sendMessage", "kind": "429", "retry_after": 1})
    await chinese.says("/help")
    await scene.sim("/faults", {"method": "sendMessage", "kind": "403"})
    await rep.says("/help")
    await chinese.does("send", sticker={})
    await scene.until("19:01")
    return chinese


async def test_the_numbers_of_a_day_are_those_of_the_database(scene: Scene) -> None:
    scene.faults_expected = True
    await a_day(scene)
    other = await checked_in(scene)
    await other.sends_photo(picture(seed=1))
    await scene.settle()
    async with scraped(scene) as (page, samples):
        pass
    done = sum(number for labels, number in samples["rounds_updates_total"].items() if ("result", "done") in labels)
    ((taken,),) = await scene.rows(text("SELECT count(*) FROM inbox WHERE state = 'done'"))
    assert done == taken == samples.of("rounds_update_seconds_count")
    ((said,),) = await scene.rows(text("SELECT count(*) FROM outbox WHERE state = 'sent'"))
    assert samples.of("rounds_sends_total", result="sent") + samples.of("rounds_sends_total", result="edited") == said
    assert samples.of("rounds_sends_total", result="edited") > 3
    assert samples.of("rounds_sends_total", result="429") == 1
    assert samples.of("rounds_sends_total", result="5xx") == 1
    assert samples.of("rounds_sends_total", result="403") == 1
    assert samples.of("rounds_refusals_total", message="join/not_yet") == 1
    assert samples.of("rounds_jobs_total", kind="photo", result="done") == 1
    assert samples.of("rounds_job_seconds_count", kind="photo") == 1
    assert samples.of("rounds_call_seconds_count", method="file") == 1
    assert samples.of("rounds_call_seconds_count", method="sendMessage") > 20
    assert samples.of("rounds_call_seconds_count", method="other") == 0
    assert samples.of("rounds_delivery_seconds_count", audience="bulk") >= 1
    assert samples.of("rounds_waiting", queue="inbox") == 0
    assert [secret for secret in PRIVATE if secret in re.sub(r"(?m) [\d.e+-]+$", "", page)] == []


@pytest.fixture
def written() -> Iterator[dict[str, io.StringIO]]:
    """What the log says in each format, down to our own DEBUG lines."""
    out = {style: io.StringIO() for style in logs.FORMATS}
    handlers = [logging.StreamHandler(stream) for stream in out.values()]
    for handler, style in zip(handlers, out, strict=True):
        handler.setFormatter(logs.FORMATS[style]())
        logging.getLogger().addHandler(handler)
    ours = [logging.getLogger(name) for name in ("bot", "handlers", "storage")]
    for logger in ours:
        logger.setLevel(logging.DEBUG)
    yield out
    for logger in ours:
        logger.setLevel(logging.NOTSET)
    for handler in handlers:
        logging.getLogger().removeHandler(handler)


async def everything_fails_once(scene: Scene, person: Player) -> int:
    """Faults of each kind that reach the log, with private things in them; the number of the update that fails."""

    def fail(turn: Turn) -> None:
        raise ValueError(f"{turn.person.name!r} ({PHONE}) typed {WORDS!r} at 29.9876, 106.1234")

    async def on_boom(update: Update, _context: Any) -> None:
        await scene.rounds.desk.take(origin_of(update), fail)

    scene.rounds.application.add_handler(MessageHandler(filters.Regex("boom"), on_boom), group=-1)
    await person.says("boom")
    await scene.rounds.intake.accept([{"message": {"text": WORDS, "from": {"first_name": "Maria"}}}])
    outage = Outage(scene.rounds.database)
    outage.left = 1
    await person.says(WORDS)
    row = {"chat_id": person.id, "person_id": await person.person_id, "created_at": scene.rounds.clock()}
    private = {"name": "王建国", "words": WORDS, "phone": PHONE}

    def post(connection: Any) -> None:
        outbox.post(connection, key="no-template", message="people/nobody", context=private, **row)
        outbox.post(connection, key="half-a-context", message="visit/done", context=private, **row)
        outbox.post(connection, key="no-chat", message="people/back", context=private, **{**row, "chat_id": 77})

    await scene.rounds.database.write(post)
    scene.rounds.sender.ring()
    await scene.settle()
    ((seq,),) = await scene.rows(text("SELECT seq FROM inbox WHERE raw LIKE '%boom%'"))
    return int(seq)


async def test_nothing_private_of_a_day_is_in_its_log(written: dict[str, io.StringIO], scene: Scene) -> None:
    scene.faults_expected = True
    person = await a_day(scene)
    failing = await everything_fails_once(scene, person)
    said = {style: stream.getvalue() for style, stream in written.items()}
    for page in said.values():
        assert [secret for secret in PRIVATE if secret in page] == []
        for line in ("failed, attempt 1", "cannot be said", "was refused", "without an id was dropped", "not saved"):
            assert line in page, line
    assert f"failed, attempt 1 update={failing} person={await person.person_id}" in said["text"]
    lines = [json.loads(line) for line in said["json"].splitlines()]
    (failed,) = [line for line in lines if "failed, attempt" in line["event"]]
    assert (failed["update"], failed["person"]) == (failing, await person.person_id)
    assert "ValueError" in failed["fault"]
    (refused,) = [line for line in lines if "was refused" in line["event"]]
    assert refused["person"] == await person.person_id


async def test_a_photo_that_waits_is_counted_and_logged_by_its_job(
    written: dict[str, io.StringIO], scene: Scene
) -> None:
    rep = await checked_in(scene)
    await scene.sim("/faults", {"method": "getFile", "kind": "500"})
    form = aiohttp.FormData()
    form.add_field("file", picture(), filename="shelf.jpg", content_type="image/jpeg")
    async with scene.session.post(f"{scene.url}/sim/people/{rep.id}/photo", data=form), asyncio.timeout(20):
        while "put off" not in written["json"].getvalue():
            await asyncio.sleep(0.02)
    await scene.pass_time(seconds=3)
    async with scraped(scene) as (_page, samples):
        pass
    assert samples.of("rounds_jobs_total", kind="photo", result="put_off") == 1
    assert samples.of("rounds_jobs_total", kind="photo", result="done") == 1
    (line,) = [line for line in map(json.loads, written["json"].getvalue().splitlines()) if "put off" in line["event"]]
    assert await scene.rows(text("SELECT id FROM job WHERE kind = 'photo'")) == [(line["job"],)]
