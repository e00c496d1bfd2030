"""Acts out a visit on a rep's phone: reads what is asked on the screen, and answers as its script says."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.demo.customers import Invented
from bot.demo.phones import Button, Exchange, Phone, choosing
from bot.demo.rota import place_of
from bot.demo.shelf import draw_shelf
from bot.domain.geography import Point
from bot.domain.sop import Sop


@dataclass(frozen=True)
class Answer:
    """How one item of the checklist is answered: a tapped choice, typed words, or a photo (what: its seed)."""

    by: Literal["tap", "say", "photo"]
    what: str


YES, SKIP = Answer("tap", "answer-yes"), Answer("tap", "skip")


@dataclass(frozen=True)
class Script:
    """A visit to be played. `accuracy` in metres is what the phone says of its fix; `aside` is how far off it is."""

    customer: Invented
    sop: Sop
    purpose: str
    accuracy: float
    live: bool
    answers: tuple[Answer, ...]
    result: str
    words: str
    next_step: str
    aside: float = 0.0001  # degrees
    reason: str = "weak_signal"
    again: str = ""
    minutes: int = 14

    @property
    def stands_at(self) -> Point:
        place = place_of(self.customer)
        return Point(round(place.latitude + self.aside, 6), round(place.longitude + self.aside, 6))


@dataclass(frozen=True)
class Visiting:
    """A rep at work; `keys` are the wordings of each key below the input, in whatever language he speaks by now."""

    exchange: Exchange
    phone: Phone
    keys: Mapping[str, Collection[str]]

    async def play(self, script: Script) -> None:
        """The whole visit, from the menu's key to the visit's number."""
        await self.arrive(script)
        for answer in script.answers:
            await self.answer(answer)
            await self.minutes_pass(script.minutes / len(script.answers))
        await self.report(script)

    async def look_up(self, customer: Invented, typed: str) -> None:
        """Find the customer by a part of his name, or its initials, and open his record."""
        await self.phone.says(f"/customers {typed}")  # a command is understood in the middle of anything
        await self.phone.taps(await self._named(customer, "open"))
        await self.phone.answered()

    async def arrive(self, script: Script) -> None:
        """Purpose, place, customer, and a reason where one is asked for."""
        await self._begin()
        await self._choose_type(script.sop)
        await self.phone.presses(f"purpose-{script.purpose}")
        await self.phone.shares(script.stands_at, script.accuracy, live=script.live)
        await self._choose_customer(script)

    async def report(self, script: Script, *, double_tap: bool = False) -> None:
        """From check-out to the visit's number; a double tap sends it twice, as a nervous thumb does."""
        await self.phone.uses_key(self.keys["check_out_here"], script.stands_at)
        await self.phone.presses(f"result-{script.result}")
        await self.phone.says(script.words)
        await self.phone.says(script.next_step)
        while (button := await self.phone.presses("next-yes", "next-pick.", "next-day.", "send")).choice != "send":
            continue  # an unclear date is asked for, and then shown back
        if double_tap:
            await self.phone.taps_again(button)
        await self.phone.answered()

    async def minutes_pass(self, minutes: float) -> None:
        """Let the clock run on."""
        await self.exchange.turn_clock(advance_s=round(minutes * 60))

    async def _begin(self) -> None:
        """To the first question of a check-in, whatever the visitor left open before."""
        if await self.phone.key(self.keys["visit"]):
            await self.phone.uses_key(self.keys["visit"])
        else:
            await self.phone.says("/visit")
        await self.phone.answered()
        if await self._is_asked_purpose():
            return
        await self.phone.says("/cancel")
        await self.phone.presses("cancel-yes")
        await self.phone.says("/visit")

    async def _is_asked_purpose(self) -> bool:
        """Whether the check-in begins; an open visit shows its own question instead."""
        asked = choosing("purpose-", "item-", "result-", "nothing", "next-", "send")
        first: Button = await self.phone.until(lambda: self.phone.find(asked), "no question came")
        return first.choice.startswith("purpose-")

    async def _choose_type(self, sop: Sop) -> None:
        """Change the type that is offered, if it is not the wanted one."""
        button: Button = await self.phone.until(lambda: self.phone.find(choosing("types")), "no type of visit is shown")
        if not any(title in button.label for title in sop.title.values()):
            await self.phone.taps(button)
            await self.phone.presses(f"type-{sop.type}")

    async def _choose_customer(self, script: Script) -> None:
        """The customer's button, and then whatever reason is asked for."""
        await self.phone.taps(await self._named(script.customer, "customer-"))
        while True:
            asked: Button = await self.phone.until(
                lambda: self.phone.find(choosing("reason-", "elsewhere", "item-")), "the visit does not begin"
            )
            if asked.choice.startswith("item-"):
                return
            if asked.choice.startswith("reason-"):
                await self.phone.presses(f"reason-{script.reason}")
            else:
                await self.phone.says(script.again)

    async def _named(self, customer: Invented, choice: str) -> Button:
        """The button that means this customer."""
        fits = choosing(choice)
        button: Button = await self.phone.until(
            lambda: self.phone.find(lambda one: fits(one) and customer.line.name in one.label),
            f"{customer.line.name} is not offered",
        )
        return button

    async def answer(self, answer: Answer) -> None:
        """Settle the item that is asked for."""
        match answer.by:
            case "tap":
                await self.phone.presses(answer.what)
            case "say":
                await self.phone.says(answer.what)
            case "photo":
                await self.phone.sends_photo(draw_shelf(int(answer.what)), "shelf.jpg")
