"""Random people, steps, faults and clocks against a small model of what each person should have.

`MODEL_EXAMPLES=200 pytest -m storm tests/faults/test_model.py --hypothesis-seed=N` is a long run; where CI is set it is
short and always the same.
"""

import asyncio
import os
import shutil
import tempfile
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from faults.model import QUESTIONS, Person, Visit
from faults.storm_judge import Judge
from faults.town import Town, founded
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from outages import Darkness, Outage
from scene import Player, Scene, picture
from sqlalchemy import select

from storage import customers, search
from storage.database import Connection
from storage.migrations.upgrade import upgrade
from storage.tables import AnswerRow, CustomerRow, PersonRow, PhotoRow, ShownRow, VisitRow, table

EXAMPLES = int(os.environ.get("MODEL_EXAMPLES", "4"))
IN_CI = "CI" in os.environ
STEPS = 25
CUSTOMERS_EACH = 12
NAMES = ("Emma", "Noah")
WORDS = st.text("abcdefg äé中文😀<&\"'", min_size=3, max_size=30).map(lambda text: f"w {text} w")
METHODS = ("sendMessage", "editMessageText", "getUpdates", "getFile", "sendPhoto", "answerCallbackQuery")
FAULTS: dict[str, dict[str, Any]] = {"500": {}, "drop": {}, "timeout_after": {"seconds": 0.05}, "429": {}}
DARK_FOR = 0.1  # seconds that the database is away
PATIENCE = 1.0  # seconds of quiet work before the clock goes to what was put off


@cache
def _empty_database() -> Path:
    path = Path(tempfile.mkdtemp(prefix="rounds-model-")) / "empty.db"
    upgrade(f"sqlite:///{path}")
    return path


class Hand(Player):
    """A person's telephone; what he does is answered when all is quiet, if a bot is there at all."""

    answered: Any = None

    async def _answered(self) -> None:
        await self.answered()


class Rounds(RuleBasedStateMachine):
    """Each rule is one deed and what the model says of it; after each one both are compared."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory(prefix="rounds-model-")
        self.stack, self.life = AsyncExitStack(), AsyncExitStack()
        self.people = {name: Person(name, [f"{name}'s {n}" for n in range(CUSTOMERS_EACH)]) for name in NAMES}
        self.hands: dict[str, Hand] = {}
        self.town: Town
        self.scene: Scene | None = None
        self.uncertain = 0
        self.number = 0

    @initialize()
    def found(self) -> None:
        self.runner.run(self._found())

    async def _found(self) -> None:
        database = Path(self.folder.name) / "rounds.db"
        shutil.copy(_empty_database(), database)
        self.town = await self.stack.enter_async_context(founded(f"sqlite:///{database}", Path(self.folder.name)))
        await self._start()
        assert self.scene is not None
        await self.scene.rounds.database.write(lambda c: self._store_customers(c))
        for name in NAMES:
            player = await self.scene.play(name)
            hand = self.hands[name] = Hand(self.scene, player.id, name)
            hand.answered = self._settle
            await hand.joins("rep")

    def _store_customers(self, connection: Connection) -> None:
        assert self.scene is not None
        for number, person in enumerate(self.people.values()):
            for n, customer in enumerate(person.customers):
                place = {"latitude": 20.0 + number, "longitude": 100.0 + n * 0.1, "position_from": "import"}
                now = self.scene.rounds.clock()
                added = customers.add(connection, name=customer, grade="A", created_at=now, **place)
                search.index(connection, [customers.get(connection, added)])

    async def _start(self) -> None:
        self.scene = await self.life.enter_async_context(self.town.at_work())
        for hand in self.hands.values():
            hand.scene = self.scene

    async def _stop(self) -> None:
        self.scene = None
        await self.life.aclose()
        self.life = AsyncExitStack()

    async def _settle(self) -> None:
        """What was put off until later is due as soon as nothing else is left to do."""
        scene = self.scene
        if scene is None:
            return
        for _ in range(60):
            try:
                async with asyncio.timeout(PATIENCE):
                    await scene.settle()
                    return
            except TimeoutError:
                self.town.passes(seconds=2.5)
                scene.rounds.sender.ring()
                scene.rounds.worker.ring()
        raise AssertionError("it does not settle")

    # what people do

    @rule(name=st.sampled_from(NAMES), words=WORDS, choice=st.booleans())
    def go_on(self, name: str, words: str, choice: bool) -> None:
        self.runner.run(self._go_on(name, words, choice))

    @rule(name=st.sampled_from(NAMES), words=WORDS, choice=st.booleans(), steps=st.integers(2, 6))
    def go_on_for_a_while(self, name: str, words: str, choice: bool, steps: int) -> None:
        for _ in range(steps):
            self.runner.run(self._go_on(name, words, choice))

    async def _go_on(self, name: str, words: str, choice: bool) -> None:
        person, hand = self.people[name], self.hands[name]
        match person.asked:
            case "" if len(person.visits) < CUSTOMERS_EACH:
                person.asked = "purpose"
                await hand.says("/visit")
            case "purpose":
                person.asked = "locate"
                await hand.presses("Relationship")
            case "locate":
                person.asked = "customer"
                await hand.stands_at(20.0 + NAMES.index(name), 100.0 + len(person.visits) * 0.1)
            case "customer":
                await hand.presses(person.check_in(self.town.sandbox.clock.now()))
            case "":
                pass
            case _:
                await self._answer(person, hand, words, choice)

    async def _answer(self, person: Person, hand: Hand, words: str, choice: bool) -> None:
        visit, asked = person.visit, person.asked
        person.go_on() if asked != "review" else person.end("sent")
        match asked:
            case "opening":
                visit.answers["opening"] = "decides" if choice else "uses"
                await hand.presses("Decides" if choice else "Uses")
            case "needs" | "value":
                visit.answers[asked] = words
                await hand.says(words)
            case "objections":
                visit.answers["objections"] = None if choice else words
                await (hand.presses("Skip") if choice else hand.says(words))
            case "closing":
                visit.answers["closing"] = choice
                await hand.presses("Yes" if choice else "No")
            case "photo" if choice:
                visit.answers["photo"] = None
                await hand.presses("Skip")
            case "photo":
                visit.photos += 1
                self.number += 1
                await hand.sends_photo(picture((64, 48), seed=self.number))
            case "check_out":
                await hand.stands_at(*hand.at)
            case "result":
                visit.result = "reached" if choice else "partly"
                await hand.presses("🎯 Reached" if choice else "Partly")
            case "words":
                visit.words = "" if choice else words
                await (hand.presses("Nothing particular") if choice else hand.says(words))
            case "next_step":
                self.number += 1
                person.draft = f"send sample q{self.number}q"
                await hand.says(f"{person.draft} in 20 days")
            case "confirm":
                visit.promise = person.draft
                await hand.presses("✓ Yes")
            case "review":
                await hand.presses("✅ Send")

    @precondition(lambda self: any(person.is_visiting for person in self.people.values()))
    @rule(name=st.sampled_from(NAMES), words=WORDS)
    def take_an_answer_back(self, name: str, words: str) -> None:
        person, hand = self.people[name], self.hands[name]
        if person.is_visiting and "needs" in person.visit.answers and person.asked != "confirm":
            person.visit.answers["needs"] = words
            self.runner.run(hand.presses("2✓"))
            self.runner.run(hand.says(words))

    @rule(name=st.sampled_from(NAMES), sure=st.booleans())
    def cancel(self, name: str, sure: bool) -> None:
        person, hand = self.people[name], self.hands[name]
        if not person.asked:
            return
        self.runner.run(hand.says("/cancel"))
        if not person.is_visiting:
            person.asked = ""
        elif sure:
            person.end("cancelled")
            self.runner.run(hand.presses("Yes, give it up"))
        else:
            self.runner.run(hand.presses("No, go on"))

    @rule(name=st.sampled_from(NAMES))
    def look_at_the_menu(self, name: str) -> None:
        self.runner.run(self.hands[name].says("/menu"))

    # what goes wrong

    @rule(method=st.sampled_from(METHODS), kind=st.sampled_from(sorted(FAULTS)), times=st.integers(1, 2))
    def telegram_fails(self, method: str, kind: str, times: int) -> None:
        assert self.scene is not None
        self.uncertain += times if kind == "timeout_after" else 0
        wanted = {"method": method, "kind": kind, "times": times, **FAULTS[kind]}
        self.runner.run(self.scene.sim("/faults", wanted))

    @rule(name=st.sampled_from(NAMES), words=WORDS, choice=st.booleans())
    def go_on_while_the_bot_is_away(self, name: str, words: str, choice: bool) -> None:
        self.runner.run(self._while_away(name, words, choice))

    async def _while_away(self, name: str, words: str, choice: bool) -> None:
        await self._stop()
        await self._go_on(name, words, choice)
        await self._start()
        await self._settle()

    @rule(name=st.sampled_from(NAMES), words=WORDS, choice=st.booleans(), times=st.integers(1, 3))
    def go_on_while_the_disk_is_full(self, name: str, words: str, choice: bool, times: int) -> None:
        assert self.scene is not None
        Outage(self.scene.rounds.database).left = times
        self.runner.run(self._go_on(name, words, choice))

    @rule(name=st.sampled_from(NAMES), words=WORDS, choice=st.booleans())
    def go_on_while_the_database_is_away(self, name: str, words: str, choice: bool) -> None:
        self.runner.run(self._in_the_dark(name, words, choice))

    async def _in_the_dark(self, name: str, words: str, choice: bool) -> None:
        assert self.scene is not None
        scene, self.scene = self.scene, None  # nobody waits for an answer yet
        dark = Darkness(scene.rounds.database)
        dark.lasts = True
        await self._go_on(name, words, choice)
        await asyncio.sleep(DARK_FOR)
        dark.lasts = False
        self.scene = scene
        await self._settle()

    @rule(minutes=st.sampled_from((1, 9, 40, 24 * 60)))
    def time_passes(self, minutes: int) -> None:
        pause, now = timedelta(minutes=minutes), self.town.sandbox.clock.now()
        if all(person.may_wait(now, pause) for person in self.people.values()):
            self.town.passes(minutes=minutes)
            self.runner.run(self._tick())

    async def _tick(self) -> None:
        assert self.scene is not None
        await self.scene.rounds.tick()
        await self._settle()

    # what must hold

    @invariant()
    def all_is_as_it_should_be(self) -> None:
        if self.scene is not None:
            self.runner.run(self._compare(self.scene))

    async def _compare(self, scene: Scene) -> None:
        database = scene.rounds.database
        repeated = 0
        for name, person in self.people.items():
            hand = self.hands[name]
            assert await database.read(lambda c, hand=hand: _visits(c, hand.id)) == person.visits
            if person.asked:
                assert QUESTIONS[person.asked] in await self._question(hand)
            repeated += await Judge(database, self.town.session, self.town.url).repeats(hand.id)
        assert repeated <= self.uncertain
        scene.faults_expected = False
        await scene.check_nothing_failed()

    async def _question(self, hand: Hand) -> str:
        """The text of the message that holds his current question, as it stands on his screen."""
        assert self.scene is not None
        shown = table(ShownRow)
        wanted = select(shown.c.message_id).where(shown.c.chat_id == hand.id, shown.c.slot == "ask")
        message_id = (await self.scene.rows(wanted))[0].message_id
        messages = (await hand.chat())["messages"]
        return next(str(message["text"]) for message in messages if message["message_id"] == message_id)

    def teardown(self) -> None:
        self.runner.run(self.life.aclose())
        self.runner.run(self.stack.aclose())
        self.runner.close()
        self.folder.cleanup()


def _visits(connection: Connection, telegram_id: int) -> list[Visit]:
    """A person's visits, as the database has them."""
    visit, person, customer = table(VisitRow), table(PersonRow), table(CustomerRow)
    answer, photo = table(AnswerRow), table(PhotoRow)
    rows = connection.execute(
        select(visit, customer.c.name)
        .join(person, person.c.id == visit.c.person_id)
        .join(customer, customer.c.id == visit.c.customer_id)
        .where(person.c.telegram_id == telegram_id)
        .order_by(visit.c.id)
    )
    held = []
    for row in rows:
        answers = select(answer.c.item, answer.c.value).where(answer.c.visit_id == row.id)
        photos = select(photo.c.state).where(photo.c.visit_id == row.id)
        given = dict(connection.execute(answers).all())
        kept = [state for (state,) in connection.execute(photos)].count("kept")
        held.append(Visit(row.name, row.state, given, kept, row.result, row.words, row.next_what))
    return held


TestModel = pytest.mark.long(pytest.mark.storm(Rounds.TestCase))
TestModel.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    derandomize=IN_CI,
    phases=[Phase.generate] if IN_CI else list(Phase),  # to shrink what was found takes minutes
    suppress_health_check=list(HealthCheck),
)
