"""Sending a visit: judged, counted, followed up, all in the transaction that closes it."""

from datetime import date
from typing import Any

from bot.domain import visit as rules
from bot.domain.cadence import due_on
from bot.domain.calendar import local_date
from bot.domain.effectiveness import Verdict
from bot.domain.people import Person
from bot.domain.policy import Policy
from bot.domain.screening import score_of
from bot.domain.visit import NextStep, Sent, Visit
from bot.services import evidences, followups, grading, leave_days, menus, positions, reviews, visit_cards
from bot.services.turn import Turn
from storage import answer_facts, conversations, customers, people, planned, totals
from storage import visits as stored
from storage.conversations import Place


def send(turn: Turn, place: Place, visit: Visit) -> None:
    """Close the visit and tell the rep its number."""
    rep = turn.person
    policy = turn.policy_for(person=rep, customer=visit.customer, visit_type=visit.type)
    visit, judged = _judged(turn, visit, policy)
    sent = rules.send(visit, rep, turn.now, policy, leave_days.leaves_of(turn, rep))
    visit = sent.visit
    verdict = sent.effectiveness.verdict
    closed = {"late": sent.late, "closes_at": None, "remind_at": None}
    stored.save(turn.connection, visit, effectiveness=verdict.value, **closed, **judged)
    visited_on = local_date(visit.checked_in_at, rep.zone)
    is_first = not visit.is_remote and customers.get_row(turn.connection, visit.customer.id).last_visit_at is None
    if not visit.is_remote:  # a visit is where somebody went; a call is told of beside them
        _count(turn, rep, sent, visited_on, is_first=is_first)
    answer_facts.keep(turn.connection, visit, rep.team_id)
    due = _customer_seen(turn, rep, visit)
    reviews.begin(turn, visit, rep)
    positions.learn(turn, visit, policy.fence_accuracy, policy.position_drift)
    if not visit.is_remote:
        planned.mark_done(turn.connection, rep.id, visit.customer.id, visited_on, visit.id)
    if isinstance(visit.next_step, NextStep):
        followups.make(turn, rep, visit.customer.id, visit.id, visit.next_step)
    conversations.end(turn.connection, rep.id, place.flow)
    evidence = evidences.shown(stored.get_row(turn.connection, visit.id))
    score = score_of(visit.checklist, policy)
    summary = visit_cards.summary(visit, score)
    turn.ask(place, "visit/sent", evidence=evidence, **summary)
    turn.say(
        "visit/done",
        visit_id=visit.id,
        customer=visit.customer.name,
        verdict=verdict.value,
        missing=[requirement.value for requirement in sent.effectiveness.missing],
        next_step=visit_cards.next_step_json(visit.next_step) if isinstance(visit.next_step, NextStep) else None,
        due_on=due,
        rows=menus.keys_of(rep.roles),
    )
    grading.propose(turn, visit, rep, score)


def _judged(turn: Turn, visit: Visit, policy: Policy) -> tuple[Visit, dict[str, Any]]:
    """With the flags of its evidence, and the evidence as columns; a remote contact has none."""
    if visit.is_remote:
        return visit, {}
    visit, seen = evidences.judge(turn, visit, policy)
    return visit, evidences.as_columns(seen)


def judge_again(turn: Turn, visit: Visit) -> Verdict | None:
    """Something of a sent visit was lost: its verdict, when it is another one now, with the day's total set right.

    A rejected visit counts as nothing, whatever it has lost.
    """
    row = stored.get_row(turn.connection, visit.id)
    rep = people.get(turn.connection, visit.person_id)
    policy = turn.policy_for(person=rep, customer=visit.customer, visit_type=visit.type)
    verdict = rules.judge(visit, policy).verdict
    if reviews.keep_verdict(turn, visit.id, verdict) or verdict.value == row.effectiveness:
        return None
    stored.save(turn.connection, visit, effectiveness=verdict.value)
    more = (verdict is Verdict.EFFECTIVE) - (row.effectiveness == Verdict.EFFECTIVE.value)
    if more and not visit.is_remote:
        totals.count_effective(turn.connection, visit.person_id, row.visited_on, more)
    return verdict


def _count(turn: Turn, rep: Person, sent: Sent, visited_on: date, *, is_first: bool) -> None:
    visit = sent.visit
    totals.add_visit(
        turn.connection,
        rep.id,
        visited_on,
        effective=sent.effectiveness.verdict is Verdict.EFFECTIVE,
        seconds=int(visit.stay.total_seconds()) if visit.stay is not None else 0,
        flagged=bool(visit.flags),
        late=sent.late,
        first=is_first,
    )


def _customer_seen(turn: Turn, rep: Person, visit: Visit) -> str | None:
    """The customer's clock starts anew; returns the local date by which he should be seen again."""
    row = customers.get_row(turn.connection, visit.customer.id)
    if visit.is_remote:  # to have called him is not to have seen him
        return str(row.due_on) if row.due_on is not None else None
    owner = rep if row.owner_id in (None, rep.id) else people.get(turn.connection, row.owner_id)
    due = due_on(
        visit.customer.grade,
        local_date(visit.checked_in_at, rep.zone),
        local_date(row.created_at, rep.zone),
        is_new=row.is_new,
        policy=turn.policy_for(person=owner, customer=visit.customer),
        calendar=leave_days.working_days_of(turn, rep, turn.today),
    )
    customers.seen(turn.connection, visit.customer.id, visit.checked_in_at, due)
    return str(customers.get_row(turn.connection, visit.customer.id).due_on)
