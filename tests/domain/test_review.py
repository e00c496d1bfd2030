"""What may follow what in a review, and who judges an appeal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.conversation import Refusal
from bot.domain.flags import Flag, FlagCode
from bot.domain.people import Person, Role
from bot.domain.review import OF_MANAGER, Act, State, after, judges, wants_review


def person(id_: int, *roles: Role, path: str) -> Person:
    return Person(id_, id_, f"P{id_}", "", "en", "Asia/Shanghai", frozenset(roles), id_, path, "active")


REP = person(1, Role.REP, path="/1/2/3/")
LEAD = person(2, Role.MANAGER, path="/1/2/3/")
REGION = person(3, Role.MANAGER, path="/1/2/")
ADMIN = person(4, Role.ADMIN, path="")
ALL = [REP, LEAD, REGION, ADMIN]


def test_a_late_report_alone_needs_nobodys_word() -> None:
    assert not wants_review([Flag(FlagCode.LATE)])
    assert wants_review([Flag(FlagCode.LATE), Flag(FlagCode.OUTSIDE)])


def test_a_rejected_visit_can_be_appealed_once() -> None:
    assert after(State.REJECTED, Act.APPEAL, [Act.REJECT]) is State.APPEALED
    with pytest.raises(Refusal) as refused:
        after(State.REJECTED, Act.APPEAL, [Act.REJECT, Act.APPEAL, Act.REJECT])
    assert refused.value.message == "review/appealed_before"


def test_only_what_was_asked_can_be_answered() -> None:
    for state in set(State) - {State.ASKED}:
        with pytest.raises(Refusal):
            after(state, Act.ANSWER)


def test_an_appeal_goes_above_who_rejected_and_where_nobody_is_to_an_admin() -> None:
    assert judges(REP, LEAD, ALL) == [REGION]
    assert judges(REP, REGION, ALL) == [ADMIN]


def test_who_is_alone_at_the_top_looks_again_himself() -> None:
    assert judges(REP, ADMIN, ALL) == [ADMIN]
    assert judges(REP, LEAD, [REP, LEAD]) == [LEAD]


def test_a_manager_who_visits_is_not_his_own_judge() -> None:
    visiting = person(2, Role.MANAGER, Role.REP, path="/1/2/3/")
    assert judges(visiting, None, [visiting, REGION, ADMIN]) == [REGION]


@given(st.lists(st.sampled_from([act for act in Act if act is not Act.RAISE]), max_size=12))
def test_whatever_is_tried_a_manager_can_always_decide(acts: list[Act]) -> None:
    state, done = State.WAITING, [Act.RAISE]
    for act in acts:
        try:
            state = after(state, act, done)
        except Refusal:
            continue
        done.append(act)
    open_to_him = set()
    for act in OF_MANAGER:
        try:
            open_to_him.add(after(state, act, done))
        except Refusal:
            continue
    assert open_to_him & {State.ACCEPTED, State.REJECTED}
    assert done.count(Act.APPEAL) <= 1
