"""The reps of the model at their telephones: what each does at the step where he stands, and what is held of him."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from faults.model import Person, Visit
from scene import Player, picture
from sqlalchemy import select

from storage.database import Connection
from storage.tables import AnswerRow, CustomerRow, PersonRow, PhotoRow, VisitRow, table


class Hand(Player):
    """A person's telephone; what he does is answered when all is quiet, if a bot is there at all."""

    answered: Any = None

    async def _answered(self) -> None:
        await self.answered()


@dataclass
class ModelRep:
    """A person of the model, and the same one at his telephone; `numbers` tell promises and photos apart.

    His customers lie along his `latitude`, in degrees, a tenth of a degree from one to the next.
    """

    person: Person
    hand: Hand
    latitude: float
    numbers: Iterator[int]

    async def goes_on(self, words: str, choice: bool) -> None:
        """The next step, or the next visit if a customer is left; `words` and `choice` are what he may answer."""
        person, hand = self.person, self.hand
        match person.asked:
            case "" if len(person.visits) < len(person.customers):
                person.asked = "purpose"
                await hand.says("/visit")
            case "purpose":
                person.asked = "locate"
                await hand.presses("Relationship")
            case "locate":
                person.asked = "customer"
                await hand.stands_at(self.latitude, longitude(len(person.visits)))
            case "customer":
                await hand.presses(person.check_in(hand.scene.sandbox.clock.now()))
            case "":
                pass
            case _:
                await self._answers(words, choice)

    async def _answers(self, words: str, choice: bool) -> None:
        person, hand = self.person, self.hand
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
                await hand.sends_photo(picture((64, 48), seed=next(self.numbers)))
            case "check_out":
                await hand.stands_at(*hand.at)
            case "result":
                visit.result = "reached" if choice else "partly"
                await hand.presses("🎯 Reached" if choice else "Partly")
            case "words":
                visit.words = "" if choice else words
                await (hand.presses("Nothing particular") if choice else hand.says(words))
            case "next_step":
                person.draft = f"send sample q{next(self.numbers)}q"
                await hand.says(f"{person.draft} in 20 days")
            case "confirm":
                visit.promise = person.draft
                await hand.presses("✓ Yes")
            case "review":
                await hand.presses("✅ Send")

    async def takes_an_answer_back(self, words: str) -> None:
        """What his customer needs, where he has said it and may correct it."""
        person = self.person
        if person.is_visiting and "needs" in person.visit.answers and person.asked != "confirm":
            person.visit.answers["needs"] = words
            await self.hand.presses("2✓")
            await self.hand.says(words)

    async def cancels(self, sure: bool) -> None:
        """Whatever he is at; a visit is given up only if he is sure."""
        person, hand = self.person, self.hand
        if not person.asked:
            return
        await hand.says("/cancel")
        if not person.is_visiting:
            person.asked = ""
        elif sure:
            person.end("cancelled")
            await hand.presses("Yes, give it up")
        else:
            await hand.presses("No, go on")


def longitude(number: int) -> float:
    """Of a rep's customer, in degrees."""
    return 100.0 + number * 0.1


def visits_held(connection: Connection, telegram_id: int) -> list[Visit]:
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
