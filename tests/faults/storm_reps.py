"""People who drive whole visits, and remember what they told."""

import asyncio
from dataclasses import dataclass, field

from faults.telephone import Telephone

BY_WHEN = "by Friday"


@dataclass
class Told:
    """What a person told about one visit: the bot must have it exactly so, once."""

    customer: str
    type: str
    needs: str = ""
    value: str = ""
    stock: float = 0
    words: str = ""
    promise: str = ""
    photos: int = 0


@dataclass
class Rep(Telephone):
    """Somebody who visits, and answers only what he is asked."""

    number: int
    customers: list[tuple[str, float, float]]
    picture: bytes
    told: list[Told] = field(default_factory=list)

    async def visit_until(self, over: asyncio.Event) -> None:
        """Visit one customer after the other, until it is over; a visit that is begun is finished."""
        for turn, (customer, latitude, longitude) in enumerate(self.customers):
            if over.is_set() and turn > 0:
                return
            await self._visit(turn, customer, {"latitude": latitude, "longitude": longitude, "horizontal_accuracy": 12})

    async def _visit(self, turn: int, customer: str, place: dict[str, float]) -> None:
        store_check = self.number % 2 == 1
        visit = Told(customer, "store_check" if store_check else "customer_visit")
        await self.says("/visit", "What is this visit for?")
        if store_check and not await self.sees("Store check – change"):
            await self.presses("– change", "Which type of visit is it?")
            await self.presses("Store check", "Store check – change")
        await self.presses("Relationship", "Where are you?")
        await self.sends({"location": place}, "Which customer are you at?")
        await self.presses(customer, "[Yes]" if store_check else "[Decides]")
        name = f"case{self.number}x{turn}"  # a plain 3-1 would be read as a date
        await (self._check_store(visit, turn) if store_check else self._talk(visit, name))
        await self.sends({"location": place}, "Relationship: is there news")
        await self.presses("Partly", "What did the customer say?")
        visit.words = f"words of {name}"
        await self.says(visit.words, "What is the next step")
        visit.promise = f"send sample {name}"
        await self.says(f"{visit.promise} {BY_WHEN}", "Is that right?")
        await self.presses("✓ Yes", "Is everything right?")
        await self.presses("Send", "Done! Visit #")
        self.told.append(visit)

    async def _talk(self, visit: Told, name: str) -> None:
        await self.presses("Decides", "In his words, one sentence")
        visit.needs = f"needs of {name}"
        await self.says(visit.needs, "Product, case or figure")
        visit.value = f"value of {name}"
        await self.says(visit.value, "Price, timing, a competitor")
        await self.presses("Skip", "[Yes]")
        await self.presses("Yes", "Ask before you take")
        await self.presses("Skip", "is complete")

    async def _check_store(self, visit: Told, turn: int) -> None:
        await self.presses("Yes", "straight from the front")
        await self.photographs(self.picture, "Shelf and back room together")
        visit.photos = 1
        visit.stock = float(100 * self.number + turn)
        await self.says(f"{visit.stock:g}", "The closest rival's price")
        await self.presses("Skip", "[As agreed]")
        await self.presses("As agreed", "Skip if nothing is needed")
        await self.presses("Skip", "is complete")
