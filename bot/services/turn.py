"""One transaction in the hands of a use case: who acts, when, under which policy, and what he and others are told."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.conversation import Origin, Refusal
from bot.domain.corrections import Corrections
from bot.domain.customer import Customer
from bot.domain.people import Person, Role
from bot.domain.policy import Policy
from bot.domain.policy_scopes import Asked, Rules
from bot.rendering import language_for
from storage import conversations, jobs, outbox, people
from storage.conversations import Place
from storage.database import Connection
from storage.outbox import Outgoing
from storage.remembered import Remembered


@dataclass
class Turn:
    """Handed to every use case; what it posts is committed with what it stores, or not at all.

    `cause` names what woke us (an update, a job, a tick), so that a message has the same key however
    often the cause is tried again. `now` is when the person acted, `real_now` when we learned of it.
    `at_once`: what can be sent as soon as it is committed is kept `in_hand` for the sender; `in_outbox` are
    the chats for which something else waits to be sent now.
    """

    connection: Connection
    cause: str
    now: datetime
    real_now: datetime
    rules: Rules
    calendars: Remembered[Corrections]
    default_zone: str
    origin: Origin | None = None
    visitor: Person | None = None
    bulk: bool = False
    pressed_message: int | None = None
    at_once: bool = False
    in_hand: list[Outgoing] = field(default_factory=list)
    in_outbox: set[int] = field(default_factory=set)
    has_queued: bool = False
    _count: int = field(default=0, repr=False)

    @property
    def policy(self) -> Policy:
        """What holds for the company as a whole."""
        return self.rules.company

    @cached_property
    def corrections(self) -> Corrections:
        """What admins have corrected in the calendars; looked up only where working days matter."""
        return self.calendars.current(self.connection)

    def policy_for(
        self, *, person: Person | None = None, customer: Customer | None = None, visit_type: str | None = None
    ) -> Policy:
        """What holds for this person, customer and type of visit; what is left out says nothing."""
        return self.rules.policy_for(Asked.about(person=person, customer=customer, visit_type=visit_type))

    @property
    def chat_id(self) -> int:
        """The chat of who acts."""
        if self.visitor is not None:
            return self.visitor.telegram_id
        if self.origin is None:
            raise ValueError("nobody acts in this turn")
        return self.origin.chat_id

    @property
    def person(self) -> Person:
        """Who acts; refuses when nobody we know is speaking, or somebody who is only about to join."""
        if self.visitor is not None and not self.visitor.active and self._is_joining(self.visitor):
            raise Refusal("join/unfinished")
        if self.visitor is None or not self.visitor.active:
            code = self.origin.language_code if self.origin is not None else None
            raise Refusal("join/not_yet", language=language_for(code))
        return self.visitor

    def _is_joining(self, visitor: Person) -> bool:
        return conversations.find(self.connection, visitor.id, "join") is not None

    @property
    def zone(self) -> ZoneInfo:
        """The actor's local zone."""
        return self.visitor.zone if self.visitor is not None else ZoneInfo(self.default_zone)

    @property
    def today(self) -> date:
        """The actor's local date."""
        return self.now.astimezone(self.zone).date()

    def require(self, *roles: Role) -> Person:
        """The actor, if he holds one of the roles."""
        self.person.require(*roles)
        return self.person

    def say(self, message: str, *, to: Person | None = None, **context: Any) -> None:
        """Post a message to the actor, or to someone else."""
        self._post(message, context, to, slot=None, anew=False, delay=None)

    def remind(self, of: str, message: str, *, to: Person, **context: Any) -> None:
        """Post a reminder `of` something; one of the same that could not be sent yet is of no use any more."""
        self._post(message, context, to, slot=f"remind:{of}", anew=True, delay=None)

    def say_in(self, chat_id: int, message: str, **context: Any) -> None:
        """Post a message to a person's chat, whether we know him or not."""
        reader = people.find_by_telegram(self.connection, chat_id)
        if reader is not None:
            self.say(message, to=reader, **context)
        elif chat_id > 0:
            self._put(chat_id, None, message, context, slot=None, anew=False, delay=None)

    def show(
        self,
        slot: str,
        message: str,
        *,
        anew: bool = False,
        delay: timedelta | None = None,
        to: Person | None = None,
        **context: Any,
    ) -> None:
        """Post a message into a slot of the chat: edited in place, or sent `anew` as the slot's next holder."""
        self._post(message, context, to, slot=slot, anew=anew, delay=delay)

    def ask(
        self, place: Place, message: str, *, below: bool = False, delay: timedelta | None = None, **context: Any
    ) -> None:
        """Put the current question: in place when the person tapped it, else (or if `below`) as a new message."""
        tapped = self.pressed_message is not None and self.pressed_message == outbox.find_shown(
            self.connection, self.chat_id, "ask"
        )
        self.show("ask", message, anew=below or not tapped, delay=delay, place=place.at, **context)

    def work(self, kind: str, subject: int) -> None:
        """Queue a job about a subject."""
        jobs.queue(self.connection, kind, subject, self.now)
        self.has_queued = True

    def _post(
        self,
        message: str,
        context: dict[str, Any],
        to: Person | None,
        *,
        slot: str | None,
        anew: bool,
        delay: timedelta | None,
    ) -> None:
        reader = to or self.visitor
        if slot is None and to is None and self.origin is not None and self.origin.hushed:
            return  # cards and questions take each other's place while they wait; words would pile up
        chat_id = reader.telegram_id if reader is not None else self.chat_id
        self._put(chat_id, reader, message, context, slot, anew, delay)

    def _put(
        self,
        chat_id: int,
        reader: Person | None,
        message: str,
        context: dict[str, Any],
        slot: str | None,
        anew: bool,
        delay: timedelta | None,
    ) -> None:
        self._count += 1
        values: dict[str, Any] = {
            "key": f"{self.cause}:{self._count}",
            "chat_id": chat_id,
            "person_id": reader.id if reader is not None else None,
            "message": message,
            "context": context,
            "slot": slot,
            "anew": anew,
            "bulk": self.bulk,
            "not_before": self.real_now + delay if delay is not None else None,
            "created_at": self.real_now,
        }
        if delay is not None:
            outbox.post(self.connection, **values)
        elif self.bulk or not self.at_once:
            if outbox.post(self.connection, **values):
                self.in_outbox.add(chat_id)
        else:
            language, time_zone = (reader.language, reader.zone.key) if reader is not None else (None, None)
            posted = outbox.post_at_once(self.connection, language=language, time_zone=time_zone, **values)
            if isinstance(posted, Outgoing):
                self.in_hand.append(posted)
            elif posted:
                self.in_outbox.add(chat_id)
