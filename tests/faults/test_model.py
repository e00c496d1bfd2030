"""Random people, steps, faults and clocks against a small model of what each person should have.

`MODEL_EXAMPLES=200 pytest -m storm tests/faults/test_model.py --hypothesis-seed=N` is a long run; where CI is set it is
short and always the same.
"""

import asyncio
import os
import tempfile
from contextlib import AsyncExitStack
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from faults.model import QUESTIONS, Person
from faults.model_reps import Hand, ModelRep, longitude, visits_held
from faults.storm_judge import Judge
from faults.town import Town, founded
from fresh_database import sqlite_in
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from outages import Darkness, Outage
from scene import Scene
from sqlalchemy import select

from storage import customers, search
from storage.database import Connection
from storage.tables import ShownRow, table

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


class Rounds(RuleBasedStateMachine):
    """Each rule is one deed and what the model says of it; after each one both are compared."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory(prefix="rounds-model-")
        self.stack, self.life = AsyncExitStack(), AsyncExitStack()
        self.reps: dict[str, ModelRep] = {}
        self.town: Town
        self.scene: Scene | None = None
        self.uncertain = 0
        self.numbers = count(1)

    @initialize()
    def found(self) -> None:
        self.runner.run(self._found())

    async def _found(self) -> None:
        folder = Path(self.folder.name)
        self.town = await self.stack.enter_async_context(founded(sqlite_in(folder), folder))
        await self._start()
        assert self.scene is not None
        for latitude, name in enumerate(NAMES, 20):
            person = Person(name, [f"{name}'s {n}" for n in range(CUSTOMERS_EACH)])
            player = await self.scene.play(name)
            hand = Hand(self.scene, player.id, name)
            hand.answered = self._settle
            self.reps[name] = ModelRep(person, hand, float(latitude), self.numbers)
        await self.scene.rounds.database.write(self._store_customers)
        for rep in self.reps.values():
            await rep.hand.joins("rep")

    def _store_customers(self, connection: Connection) -> None:
        assert self.scene is not None
        for rep in self.reps.values():
            for number, customer in enumerate(rep.person.customers):
                place = {"latitude": rep.latitude, "longitude": longitude(number), "position_from": "import"}
                now = self.scene.rounds.clock()
                added = customers.add(connection, name=customer, grade="A", created_at=now, **place)
                search.index(connection, [customers.get(connection, added)])

    async def _start(self) -> None:
        self.scene = await self.life.enter_async_context(self.town.at_work())
        for rep in self.reps.values():
            rep.hand.scene = self.scene

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
        self.runner.run(self.reps[name].goes_on(words, choice))

    @rule(name=st.sampled_from(NAMES), words=WORDS, choice=st.booleans(), steps=st.integers(2, 6))
    def go_on_for_a_while(self, name: str, words: str, choice: bool, steps: int) -> None:
        for _ in range(steps):
            self.runner.run(self.reps[name].goes_on(words, choice))

    @precondition(lambda self: any(rep.person.is_visiting for rep in self.reps.values()))
    @rule(name=st.sampled_from(NAMES), words=WORDS)
    def take_an_answer_back(self, name: str, words: str) -> None:
        self.runner.run(self.reps[name].takes_an_answer_back(words))

    @rule(name=st.sampled_from(NAMES), sure=st.booleans())
    def cancel(self, name: str, sure: bool) -> None:
        self.runner.run(self.reps[name].cancels(sure))

    @rule(name=st.sampled_from(NAMES))
    def look_at_the_menu(self, name: str) -> None:
        self.runner.run(self.reps[name].hand.says("/menu"))

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
        await self.reps[name].goes_on(words, choice)
        await self._start()
        await self._settle()

    @rule(name=st.sampled_from(NAMES), words=WORDS, choice=st.booleans(), times=st.integers(1, 3))
    def go_on_while_the_disk_is_full(self, name: str, words: str, choice: bool, times: int) -> None:
        assert self.scene is not None
        Outage(self.scene.rounds.database).left = times
        self.runner.run(self.reps[name].goes_on(words, choice))

    @rule(name=st.sampled_from(NAMES), words=WORDS, choice=st.booleans())
    def go_on_while_the_database_is_away(self, name: str, words: str, choice: bool) -> None:
        self.runner.run(self._in_the_dark(name, words, choice))

    async def _in_the_dark(self, name: str, words: str, choice: bool) -> None:
        assert self.scene is not None
        scene, self.scene = self.scene, None  # nobody waits for an answer yet
        dark = Darkness(scene.rounds.database)
        dark.lasts = True
        await self.reps[name].goes_on(words, choice)
        await asyncio.sleep(DARK_FOR)
        dark.lasts = False
        self.scene = scene
        await self._settle()

    @rule(minutes=st.sampled_from((1, 9, 40, 24 * 60)))
    def time_passes(self, minutes: int) -> None:
        pause, now = timedelta(minutes=minutes), self.town.sandbox.clock.now()
        if all(rep.person.may_wait(now, pause) for rep in self.reps.values()):
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
        for rep in self.reps.values():
            person, hand = rep.person, rep.hand
            assert await database.read(lambda c, hand=hand: visits_held(c, hand.id)) == person.visits
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


TestModel = pytest.mark.long(pytest.mark.storm(Rounds.TestCase))
TestModel.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    derandomize=IN_CI,
    phases=[Phase.generate] if IN_CI else list(Phase),  # to shrink what was found takes minutes
    suppress_health_check=list(HealthCheck),
)
