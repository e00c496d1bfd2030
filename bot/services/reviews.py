"""Reviews of flagged visits: who may decide what, what comes of it, and who hears of it."""

from typing import Any

from bot.domain import review as rules
from bot.domain.audit import Area
from bot.domain.conversation import Refusal
from bot.domain.effectiveness import Verdict
from bot.domain.people import Person, Role
from bot.domain.review import Act, State
from bot.domain.visit import Visit
from bot.services import audit, due_dates, transitions, visit_cards
from bot.services.turn import Turn
from storage import customers, people, totals, visits
from storage import reviews as stored
from storage.database import Row

AUDITED = {Act.ACCEPT: "accepted", Act.ASK: "asked", Act.REJECT: "rejected", Act.ANSWER: "answered"}
AUDITED |= {Act.APPEAL: "appealed"}


def begin(turn: Turn, visit: Visit, rep: Person) -> None:
    """A visit was sent: when something was seen, it waits for its manager. Not while a new company gets used to it."""
    if rules.wants_review(visit.flags) and not transitions.hides(turn, rep):
        raise_for(turn, visit)


def raise_for(turn: Turn, visit: Visit) -> None:
    """Flags were seen, perhaps only later: the visit waits, also if it was accepted before."""
    row = stored.find(turn.connection, visit.id, to_change=True)
    if row is None or row.state == State.ACCEPTED:
        stored.put(turn.connection, visit.id, visit.person_id, State.WAITING, turn.now)
        stored.note(turn.connection, visit.id, Act.RAISE, turn.now)


def check(turn: Turn, visit_id: int, act: Act) -> None:
    """Refuses what cannot be done now, or not by him who acts."""
    row = stored.find(turn.connection, visit_id)
    if row is None:
        raise Refusal("conversation/changed")
    _check(turn, turn.person, row, act)
    rules.after(State(row.state), act, _done(turn, visit_id))


def acts_of(turn: Turn, person: Person, visit_id: int) -> list[Act]:
    """What this person may do in the visit's review now, as it stands."""
    row = stored.find(turn.connection, visit_id)
    if row is None:
        return []
    done = _done(turn, visit_id)
    wanted = rules.OF_REP if person.id == row.person_id else rules.OF_MANAGER
    return [act for act in Act if act in wanted and _may(turn, person, row, act, done)]


def _may(turn: Turn, person: Person, row: Row[Any], act: Act, done: list[Act]) -> bool:
    try:
        rules.after(State(row.state), act, done)
        _check(turn, person, row, act)
    except Refusal:
        return False
    return True


def _check(turn: Turn, person: Person, row: Row[Any], act: Act) -> None:
    """Refuses those who have no say in this review."""
    if act in rules.OF_REP:
        if person.id != row.person_id:
            raise Refusal("conversation/changed")
        return
    person.require(Role.MANAGER, Role.ADMIN)
    rep = people.get(turn.connection, row.person_id)
    if person.id == rep.id:
        raise Refusal("review/not_oneself")
    if not person.may_see(rep):
        raise Refusal("digest/not_your_team")
    if row.state == State.APPEALED and person.id not in {judge.id for judge in judges(turn, rep, row.visit_id)}:
        raise Refusal("review/not_the_judge")


def judges(turn: Turn, rep: Person, visit_id: int) -> list[Person]:
    """Who decides on the visit: of an appeal those above who rejected it."""
    leaders = people.list_leaders(turn.connection)
    notes = stored.list_notes(turn.connection, visit_id)
    rejected_by = next((note.person_id for note in reversed(notes) if note.act == Act.REJECT), None)
    return rules.judges(rep, people.find(turn.connection, rejected_by) if rejected_by is not None else None, leaders)


def act(turn: Turn, visit_id: int, done: Act, words: str = "", photo_id: int | None = None) -> State:
    """Somebody decides, answers or appeals; keeps it and tells whom it concerns."""
    person, row = turn.person, stored.find(turn.connection, visit_id, to_change=True)
    if row is None:
        raise Refusal("conversation/changed")
    _check(turn, person, row, done)
    if done in rules.NEEDS_WORDS and len(words.strip()) < rules.WORDS_LEAST:
        raise Refusal("review/words_wanted")
    before = State(row.state)
    state = rules.after(before, done, _done(turn, visit_id))
    words = words.strip()[: rules.WORDS_MOST]
    stored.note(turn.connection, visit_id, done, turn.now, person_id=person.id, words=words, photo_id=photo_id)
    verdict = row.verdict
    changes = (before in rules.OUT) != (state in rules.OUT)
    if changes:
        verdict = _count_anew(turn, visit_id, verdict, is_out=state in rules.OUT)
    stored.put(turn.connection, visit_id, row.person_id, state, turn.now, verdict=verdict)
    if changes:
        _see_customer_anew(turn, visit_id)
    if done in AUDITED:
        audit.note(turn, Area.REVIEW, AUDITED[done], f"visit:{visit_id}", before.value, state.value)
    if done in rules.OF_MANAGER:
        _tell_rep(turn, visit_id, row.person_id, done, words, before)
        if before is State.APPEALED:
            _tell_who_rejected(turn, visit_id, state)
    else:
        _tell_managers(turn, visit_id, row.person_id, done, words, photo_id)
    return state


def _done(turn: Turn, visit_id: int) -> list[Act]:
    return [Act(note.act) for note in stored.list_notes(turn.connection, visit_id)]


def keep_verdict(turn: Turn, visit_id: int, verdict: Verdict) -> bool:
    """A rejected visit was judged anew: it is that once it is accepted; False for one that counts now."""
    row = stored.find(turn.connection, visit_id, to_change=True)
    if row is None or row.state not in rules.OUT:
        return False
    stored.put(turn.connection, visit_id, row.person_id, State(row.state), row.changed_at, verdict=verdict.value)
    return True


def _count_anew(turn: Turn, visit_id: int, verdict: str | None, *, is_out: bool) -> str | None:
    """Rejected, a visit is not effective; accepted, it is again what it was: returns that while it is rejected."""
    row = visits.get_row(turn.connection, visit_id)
    counted = row.effectiveness if is_out else verdict
    now_counts = Verdict.NOT_EFFECTIVE.value if is_out else counted
    visits.change(turn.connection, visit_id, effectiveness=now_counts)
    if counted == Verdict.EFFECTIVE and not visits.is_remote(row):
        totals.count_effective(turn.connection, row.person_id, row.visited_on, -1 if is_out else 1)
    return counted if is_out else None


def _see_customer_anew(turn: Turn, visit_id: int) -> None:
    """The customer was last seen by a visit that counts; when he should be seen again follows from that."""
    customer_id = visits.get_row(turn.connection, visit_id).customer_id
    last = stored.find_last_that_counts(turn.connection, customer_id)
    customers.change(turn.connection, customer_id, last_visit_at=last)
    due_dates.count_anew(turn, [customers.get_row(turn.connection, customer_id)])


def _about(turn: Turn, visit_id: int) -> dict[str, Any]:
    visit = visits.get(turn.connection, visit_id)
    facts = {"customer": visit.customer.name, "at": visit.checked_in_at.isoformat()}
    return {"visit_id": visit_id, **facts, "flags": visit_cards.flags_json(visit)}


def _tell_rep(turn: Turn, visit_id: int, rep_id: int, done: Act, words: str, before: State) -> None:
    """He reads the same text; that all is well only where he had been asked, or had appealed."""
    rep = people.get(turn.connection, rep_id)
    if not rep.active or (done is Act.ACCEPT and before is State.WAITING and Act.ANSWER not in _done(turn, visit_id)):
        return
    may_appeal = Act.APPEAL not in _done(turn, visit_id)
    told = {"act": done.value, "words": words, "manager": turn.person.name, "may_appeal": may_appeal}
    turn.say("review/told", to=rep, **_about(turn, visit_id), **told)


def _tell_who_rejected(turn: Turn, visit_id: int, state: State) -> None:
    """What became of his verdict, where somebody above has decided on the appeal."""
    notes = stored.list_notes(turn.connection, visit_id)[:-1]
    rejected_by = next(note.person_id for note in reversed(notes) if note.act == Act.REJECT)
    rejecter = people.get(turn.connection, rejected_by)
    if rejecter.active and rejecter.id != turn.person.id:
        decided = {"state": state.value, "judge": turn.person.name}
        turn.say("review/appeal_decided", to=rejecter, **_about(turn, visit_id), **decided)


def _tell_managers(turn: Turn, visit_id: int, rep_id: int, done: Act, words: str, photo_id: int | None) -> None:
    """An answer goes to who asked, if he still leads the rep, else and all the rest to those who judge the visit."""
    rep = people.get(turn.connection, rep_id)
    hearers: list[Person] = []
    if done is Act.ANSWER:
        asked_by = [note.person_id for note in stored.list_notes(turn.connection, visit_id) if note.act == Act.ASK]
        asker = people.get(turn.connection, asked_by[-1])
        hearers = [asker] if asker.active and asker.may_see(rep) else []
    hearers = hearers or judges(turn, rep, visit_id)
    told = {"act": done.value, "words": words, "rep": rep.name, "has_photo": photo_id is not None}
    for hearer in hearers:
        if hearer.active:
            turn.say("review/heard", to=hearer, **_about(turn, visit_id), **told)


def page(turn: Turn, person: Person, visit_id: int) -> dict[str, Any] | None:
    """The review as the visit's page shows it to this person; None where nothing was to be reviewed."""
    row = stored.find(turn.connection, visit_id)
    if row is None:
        return None
    notes = stored.list_notes(turn.connection, visit_id)
    names = people.list_by_ids(turn.connection, {note.person_id for note in notes} - {None})
    appealed = row.state == State.APPEALED
    deciding = judges(turn, people.get(turn.connection, row.person_id), visit_id) if appealed else []
    return {
        "state": row.state,
        "judges": [judge.name for judge in deciding],
        "may": [act.value for act in acts_of(turn, person, visit_id)],
        "notes": [
            {
                "act": note.act,
                "who": names[note.person_id].name,
                "words": note.words,
                "at": note.at.isoformat(),
                "has_photo": note.photo_id is not None,
            }
            for note in notes
            if note.person_id is not None
        ],
    }
