"""What a person should have, as simply as it can be said: his visits, and the question that he is asked now."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

ITEMS = ("opening", "needs", "value", "objections", "closing", "photo")
STEPS = (*ITEMS, "check_out", "result", "words", "next_step", "confirm", "review")
QUESTIONS = {
    "purpose": "What is this visit for?",
    "locate": "Where are you?",
    "customer": "Which customer are you at?",
    "opening": "1. Opening: whom did you talk to?",
    "needs": "2. Needs: what does he want to solve?",
    "value": "3. Value: what did you offer for it?",
    "objections": "4. Objections: what holds him back?",
    "closing": "5. Closing: did he agree to a next step?",
    "photo": "6. Photo of the place or the meeting",
    "check_out": "is complete. When you leave, check out",
    "result": "Relationship: is there news",
    "words": "What did the customer say?",
    "next_step": "What is the next step with",
    "confirm": "Is that right?",
    "review": "Is everything right?",
}
STAYS_OPEN = timedelta(hours=2.5)  # the bot closes a forgotten visit after three


@dataclass
class Visit:
    """A visit as its rep would tell it."""

    customer: str
    state: str = "open"
    answers: dict[str, object] = field(default_factory=dict)
    photos: int = 0
    result: str | None = None
    words: str | None = None
    promise: str | None = None


@dataclass
class Person:
    """A rep; `asked` is the step at which he stands, or nothing."""

    name: str
    customers: list[str]
    visits: list[Visit] = field(default_factory=list)
    asked: str = ""
    draft: str = ""
    began_at: datetime | None = None

    @property
    def visit(self) -> Visit:
        """The one that is open."""
        assert self.visits and self.visits[-1].state == "open"
        return self.visits[-1]

    @property
    def is_visiting(self) -> bool:
        return bool(self.visits) and self.visits[-1].state == "open"

    def check_in(self, now: datetime) -> str:
        """He is at the next customer whom he has not visited yet; returns who that is."""
        customer = self.customers[len(self.visits)]
        self.visits.append(Visit(customer))
        self.asked, self.began_at = STEPS[0], now
        return customer

    def go_on(self) -> None:
        """His step is done."""
        self.asked = STEPS[STEPS.index(self.asked) + 1]

    def end(self, state: str) -> None:
        self.visit.state = state
        self.asked, self.began_at = "", None

    def may_wait(self, now: datetime, pause: timedelta) -> bool:
        """Whether so much time may pass without the bot doing something on its own."""
        if self.asked == "customer":  # his location would have got old
            return False
        return self.began_at is None or now + pause - self.began_at < STAYS_OPEN
