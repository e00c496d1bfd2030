"""Stores the invented history as the conversations would have: judged, counted and followed up by the same rules."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.demo.history import Past
from bot.domain.answers import Value
from bot.domain.cadence import due_on
from bot.domain.calendar import WorkingDays, local_date
from bot.domain.checklist import Checklist
from bot.domain.customer import Customer
from bot.domain.effectiveness import Verdict
from bot.domain.evidence import judge_arrival
from bot.domain.followup import FollowUp, State, next_reminder
from bot.domain.policy import Policy
from bot.domain.policy_scopes import Asked, Rules
from bot.domain.shipped import CUSTOMER_VISIT, SHIPPED, STORE_CHECK
from bot.domain.visit import NextStep, NoNextStep, Sent, Visit, check_out, send
from storage import answer_facts, customers, followups, sops, totals, visits
from storage.database import Connection

DISPLAY = "display"  # the store check's photo


@dataclass(frozen=True)
class Chronicle:
    """Writes visits down under one set of rules and calendar; `now` is when the demo begins."""

    connection: Connection
    rules: Rules
    calendar: WorkingDays
    now: datetime

    def tell(self, history: Iterable[Past]) -> list[int]:
        """Store visits in the order in which they happened; the ids of the photos whose pictures are to be drawn."""
        sops.publish_missing(self.connection, SHIPPED, self.now)
        photos = []
        for past in sorted(history, key=lambda past: past.checked_in_at):
            photos += self._tell(past)
        return photos

    def _tell(self, past: Past) -> list[int]:
        visit = self._checked_in(past)
        photos = [self._photo(visit, past)] if past.customer.is_store else []
        answers = answers_of(past)
        for item, value in answers.items():
            visits.answer(self.connection, visit.id, item, value, past.sent_at)
        counted = {DISPLAY: 1} if photos else {}
        visit = replace(visit, checklist=Checklist(visit.checklist.sop, answers, counted))
        self._report(past, _reported(visit, past))
        return photos

    def _policy_for(self, past: Past, customer: Customer, visit_type: str | None = None) -> Policy:
        return self.rules.policy_for(Asked.about(person=past.rep, customer=customer, visit_type=visit_type))

    def _checked_in(self, past: Past) -> Visit:
        sop = STORE_CHECK if past.customer.is_store else CUSTOMER_VISIT
        published = sops.newest(self.connection, sop.type)
        assert published is not None, "the shipped checklists are published first"
        version_id, checklist = published
        customer = customers.get(self.connection, past.customer_id)
        policy = self._policy_for(past, customer, sop.type)
        arrival = judge_arrival(past.located, customer.position, policy.fence_radius, policy)
        visit = Visit(
            id=0,
            person_id=past.rep.id,
            customer=customer,
            type=sop.type,
            purpose=past.story.purpose,
            checklist=Checklist(checklist),
            arrival=arrival,
            checked_in_at=past.checked_in_at,
            flags=arrival.flags,
        )
        visit_id = visits.add(
            self.connection,
            visit,
            sop_version_id=version_id,
            visited_on=past.visited_on,
            latitude=past.located.point.latitude,
            longitude=past.located.point.longitude,
            live=past.located.live,
            reason=past.reason,
        )
        return replace(visit, id=visit_id)

    def _photo(self, visit: Visit, past: Past) -> int:
        name = f"demo-{visit.id}"
        return visits.add_photo(
            self.connection,
            visit_id=visit.id,
            item=DISPLAY,
            person_id=visit.person_id,
            file_id=name,
            unique_id=hashlib.sha256(name.encode()).hexdigest()[:16],
            as_file=False,
            received_at=past.checked_in_at + past.stay / 2,
        )

    def _report(self, past: Past, visit: Visit) -> None:
        """Send it, count it, set the customer's clock, and follow up: as `sending` does."""
        sent = send(visit, past.rep, past.sent_at, self._policy_for(past, visit.customer, visit.type))
        effectiveness = sent.effectiveness.verdict.value
        visits.save(
            self.connection, sent.visit, effectiveness=effectiveness, late=sent.late, closes_at=None, remind_at=None
        )
        self._count(past, sent)
        answer_facts.keep(self.connection, sent.visit, past.rep.team_id)
        self._seen(past, sent.visit)
        if isinstance(visit.next_step, NextStep):
            self._follow_up(past, visit, visit.next_step)

    def _count(self, past: Past, sent: Sent) -> None:
        totals.add_visit(
            self.connection,
            past.rep.id,
            past.visited_on,
            effective=sent.effectiveness.verdict is Verdict.EFFECTIVE,
            seconds=int(past.stay.total_seconds()),
            flagged=bool(sent.visit.flags),
            late=sent.late,
            first=customers.get_row(self.connection, sent.visit.customer.id).last_visit_at is None,
        )

    def _seen(self, past: Past, visit: Visit) -> None:
        row = customers.get_row(self.connection, visit.customer.id)
        due = due_on(
            visit.customer.grade,
            past.visited_on,
            local_date(row.created_at, past.rep.zone),
            is_new=row.is_new,
            policy=self._policy_for(past, visit.customer),
            calendar=self.calendar,
        )
        customers.seen(self.connection, visit.customer.id, visit.checked_in_at, due)

    def _follow_up(self, past: Past, visit: Visit, step: NextStep) -> None:
        promise = FollowUp(0, visit.customer.id, step.what, step.due_on, step.due_time)
        if past.kept_at is not None:
            promise = replace(promise, state=State.DONE, closed_at=past.kept_at)
        reminder = next_reminder(promise, past.rep.zone, self.rules.company, self.now)
        remind: dict[str, Any] = {
            "remind_at": reminder.due_at if reminder is not None else None,
            "remind_kind": reminder.kind if reminder is not None else None,
        }
        followup_id = followups.add(
            self.connection,
            person_id=past.rep.id,
            customer_id=visit.customer.id,
            visit_id=visit.id,
            what=step.what,
            due_on=step.due_on,
            due_time=step.due_time,
            created_at=past.sent_at,
            **remind,
        )
        if promise.state is State.DONE:
            followups.save(self.connection, replace(promise, id=followup_id), **remind)


def answers_of(past: Past) -> dict[str, Value]:
    """The checklist as the rep filled it in, without its photo."""
    story = past.story
    if past.customer.is_store:
        listed = story.purpose.value != "problem"
        display = {"reached": "good", "partly": "mended"}.get(story.result.value, "poor")
        told: dict[str, Value] = {
            "listed": listed,
            "stock": float(past.stock),
            "price": None if past.stock % 3 else 4.5 + past.stock % 4,
            "own_display": display,
            "replenishment": story.refill,
        }
        if not listed:
            told["why_not"] = "sold_out"
        if display == "poor":
            told["poor_why"] = ["facings", "tags"]
        return told
    return {
        "opening": story.talked_to,
        "needs": story.needs,
        "value": story.value,
        "objections": story.objections,
        "closing": story.promise is not None,
        "photo": None,
    }


def _reported(visit: Visit, past: Past) -> Visit:
    """Checked out, with its result, words and next step: ready to be sent."""
    step: NextStep | NoNextStep = NoNextStep(past.story.why_none)
    if past.story.promise is not None and past.promise_on is not None:
        step = NextStep(past.story.promise.what, past.promise_on, past.promise_at)
    left = check_out(visit, past.checked_in_at + past.stay)
    return replace(left, result=past.story.result, words=past.story.words, next_step=step)
