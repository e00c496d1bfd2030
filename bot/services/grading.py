"""The grade that a screening score proposes: the rep's manager gives it to the customer with a tap, or leaves it."""

from typing import Any

from bot.domain.audit import Area
from bot.domain.conversation import Input, Pressed, Refusal
from bot.domain.customer import Customer, Grade
from bot.domain.people import Person, Role, led_by
from bot.domain.screening import Score, score_of
from bot.domain.visit import Visit
from bot.services import audit, due_dates
from bot.services.conversations import Flow
from bot.services.members import may_be_told
from bot.services.turn import Turn
from storage import customers, people, visits
from storage import digests as queries
from storage.conversations import Place

FLOW_NAME = "grade"
NONE = "-"  # what the button says that leaves a customer without a grade, as he was


def propose(turn: Turn, visit: Visit, rep: Person, score: Score | None) -> None:
    """Tell whoever leads the rep what a sent screening proposes; nothing where the customer has that grade."""
    if score is None or score.grade is None or score.grade == visit.customer.grade:
        return
    for manager in led_by(rep, people.list_leaders(turn.connection)):
        if may_be_told(manager):
            told = _told(visit, visit.customer, score)
            turn.say("grade/proposed", to=manager, rep=rep.name, new=score.grade.value, **told)


def proposed(person: Person, rep: Person, visit: Visit, score: Score | None) -> str | None:
    """The grade that this person may give by what the visit proposes."""
    if score is None or score.grade is None or visit.sent_at is None or not may_give(person, rep):
        return None
    return score.grade.value if score.grade != visit.customer.grade else None


def may_give(person: Person, rep: Person) -> bool:
    """A rep proposes; his manager or an admin decides: the grade says how often the company owes a visit."""
    return bool(person.roles & {Role.MANAGER, Role.ADMIN}) and person.may_see(rep) and person.id != rep.id


def _told(visit: Visit, customer: Customer, score: Score) -> dict[str, Any]:
    return {
        "visit_id": visit.id,
        "customer": customer.name,
        "old": customer.grade,
        "points": score.shown,
        "least": score.pass_mark,
    }


def pressed(turn: Turn, _place: Place | None, press: Pressed) -> None:
    """The grade is given, or the one before it again."""
    manager = turn.require(Role.MANAGER, Role.ADMIN)
    verb, _, wanted = press.choice.partition(".")
    rep_id = queries.find_rep_of_visit(turn.connection, press.subject)
    if verb != "give" or rep_id is None or wanted not in (*Grade, NONE):
        raise Refusal("conversation/changed")
    rep = people.get(turn.connection, rep_id)
    if not may_give(manager, rep):
        raise Refusal("digest/not_your_team")
    visit = visits.get(turn.connection, press.subject)
    policy = turn.policy_for(person=rep, customer=visit.customer, visit_type=visit.type)
    score = score_of(visit.checklist, policy)
    if visit.sent_at is None or score is None:
        raise Refusal("conversation/changed")
    _give(turn, manager, rep, visit, None if wanted == NONE else wanted, score)


def _give(turn: Turn, manager: Person, rep: Person, visit: Visit, grade: str | None, score: Score) -> None:
    """It holds at once, also for when the customer is due; his rep hears of it."""
    customer = visit.customer
    told = {**_told(visit, customer, score), "new": grade}
    if grade == customer.grade:
        raise Refusal("grade/same", **told)
    customers.change(turn.connection, customer.id, grade=grade)
    due_dates.count_anew(turn, [customers.get_row(turn.connection, customer.id)])
    audit.note(turn, Area.CUSTOMER, "graded", f"customer:{customer.id}", customer.grade, grade)
    due_on = customers.get_row(turn.connection, customer.id).due_on
    due = due_on.isoformat() if due_on is not None else None
    turn.say("grade/given", due_on=due, **told)
    if may_be_told(rep):
        turn.say("grade/heard", to=rep, manager=manager.name, due_on=due, **told)


def _never(turn: Turn, place: Place, given: Input | None = None) -> None:
    """The proposal asks nothing that is typed."""
    raise Refusal("conversation/changed")


def _nothing_open(turn: Turn, place: Place) -> bool:
    return True


FLOW = Flow(given=_never, pressed=pressed, ask=_never, cancel=_nothing_open, standing=True)
