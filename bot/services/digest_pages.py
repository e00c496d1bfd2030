"""What a manager opens from a digest: another day, or one visit with every fact beside it."""

from datetime import date

from bot.domain.conversation import Input, Pressed, Refusal
from bot.domain.effectiveness import VisitFacts, judge_effectiveness
from bot.domain.flag_policies import first_rules
from bot.domain.people import Role
from bot.domain.policy import Policy
from bot.domain.screening import score_of
from bot.domain.transition import is_held_back
from bot.domain.visit import NextStep, Visit
from bot.domain.when import Past, Understood, read_when
from bot.services import challenges, digests, evidences, grading, reviews, transitions, visit_cards, visit_pictures
from bot.services.conversations import Flow
from bot.services.turn import Turn
from storage import digests as queries
from storage import people, visits
from storage.conversations import Place

FLOW_NAME = "digest"


def command_digest(turn: Turn, argument: str = "") -> None:
    """`/digest`: the day so far; `/digest yesterday` and `/digest 2026-12-01` tell a day that is over."""
    manager = turn.person
    if Role.ADMIN not in manager.roles:
        manager.require(Role.MANAGER)
    digests.post(turn, manager, _day_of(argument, turn), asked=True)


def _day_of(argument: str, turn: Turn) -> date:
    match read_when(argument, turn.now.astimezone(turn.zone)):
        case Understood(due_on=on) | Past(due_on=date() as on):
            return min(on, turn.today)
        case _:
            return turn.today


def pressed(turn: Turn, _place: Place | None, press: Pressed) -> None:
    """A visit of the digest, or another day."""
    choice, _, detail = press.choice.partition(".")
    match choice:
        case "visit":
            show_visit(turn, press.subject)
        case "pictures":
            visit_pictures.ask_for(turn, press.subject)
        case "day":
            command_digest(turn, detail)
        case _:
            raise Refusal("conversation/changed")


def show_visit(turn: Turn, visit_id: int) -> None:
    """A visit in full, to whoever may see its rep."""
    rep_id = queries.find_rep_of_visit(turn.connection, visit_id)
    if rep_id is None:
        raise Refusal("conversation/changed")
    rep = people.get(turn.connection, rep_id)
    if not turn.person.may_see(rep):
        raise Refusal("digest/not_your_team")
    row = visits.get_row(turn.connection, visit_id)
    visit = visits.get(turn.connection, visit_id)
    policy = turn.policy_for(person=rep, customer=visit.customer, visit_type=visit.type)
    score = score_of(visit.checklist, policy)
    shown = visit_cards.summary(visit, score)
    held_back = rep.id != turn.person.id and is_held_back(row.visited_on, transitions.end_for(turn, turn.person))
    if held_back:
        shown["flags"] = []
    photo_count = sum(visit.checklist.photos.values())
    turn.say(
        "digest/visit",
        rep=rep.name,
        rep_phone=rep.phone,
        sent_at=visit.sent_at.isoformat() if visit.sent_at is not None else None,
        metres=visit.arrival.distance if visit.arrival is not None else None,
        outcome=visit.arrival.outcome.value if visit.arrival is not None else "remote",
        rules=first_rules(shown["flags"]),
        may_tune=Role.ADMIN in turn.person.roles,
        reason="" if held_back else row.reason,
        again_reason=row.again_reason,
        photo_count=photo_count,
        verdict=row.effectiveness if visit.sent_at is not None else None,
        missing=_missing(visit, row.effectiveness, policy),
        customer_id=visit.customer.id,
        proposes=grading.proposed(turn.person, rep, visit, score),
        evidence=evidences.shown(row),
        challenge=challenges.page(turn, visit_id),
        may_look=row.latitude is not None or photo_count > 0,
        review=None if held_back else reviews.page(turn, turn.person, visit_id),
        **shown,
    )


def _missing(visit: Visit, verdict: str | None, policy: Policy) -> list[str]:
    """What the visit lacked; nothing is said when the rules have changed since it was judged."""
    facts = VisitFacts(
        arrival=visit.arrival.outcome if visit.arrival is not None else None,
        stay=visit.stay,
        minimum_stay=policy.stay_minimum,
        required_items_missing=len(visit.checklist.missing()),
        result=visit.result,
        next_step_dated=isinstance(visit.next_step, NextStep),
    )
    judged = judge_effectiveness(facts, policy)
    return [requirement.value for requirement in judged.missing] if judged.verdict.value == verdict else []


def _never(turn: Turn, place: Place, given: Input | None = None) -> None:
    """A digest asks nothing."""
    raise Refusal("conversation/changed")


def _nothing_open(turn: Turn, place: Place) -> bool:
    return True


FLOW = Flow(given=_never, pressed=pressed, ask=_never, cancel=_nothing_open, standing=True)
