"""Which of the values at several levels applies: the most specific that was set."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.customer import Customer, Grade
from bot.domain.people import Person, Role
from bot.domain.policy import DECLARATIONS, Policy, Scope, parse
from bot.domain.policy_scopes import COMPANY, Asked, Level, Rules, Source

RADIUS = Policy.fence_radius
WEST, NORTH_WEST, EAST = (Level(Scope.TEAM, team) for team in ("4", "9", "5"))
GRADE_A, CHECK, SHOP = Level(Scope.GRADE, "A"), Level(Scope.TYPE, "store_check"), Level(Scope.CUSTOMER, "7")


def person(path: str) -> Person:
    return Person(1, 1, "Rae", "", "en", "Asia/Shanghai", frozenset({Role.REP}), 9, path, "active")


def asked(path: str = "/1/4/9/", grade: Grade | None = Grade.A, radius: float | None = None) -> Asked:
    customer = Customer(7, "Golden Sun", grade=grade, fence_radius=radius)
    return Asked.about(person=person(path), customer=customer, visit_type="store_check")


def radius(values: dict[Level, int], question: Asked) -> float:
    return (
        Rules({level: {"fence.radius": str(value)} for level, value in values.items()})
        .policy_for(question)
        .fence_radius
    )


def test_each_level_wins_over_those_that_say_less_about_the_visit() -> None:
    values = {COMPANY: 300}
    assert radius(values, asked()) == 300
    for level, value in ((WEST, 210), (NORTH_WEST, 220), (GRADE_A, 230), (CHECK, 240), (SHOP, 250)):
        values[level] = value
        assert radius(values, asked()) == value


def test_a_team_rules_what_is_below_it_and_nobody_beside_it() -> None:
    values = {COMPANY: 300, WEST: 150}
    assert radius(values, asked("/1/4/")) == radius(values, asked("/1/4/9/")) == 150
    assert radius(values, asked("/1/5/")) == radius(values, asked("")) == 300


def test_a_team_whose_id_begins_alike_is_another_one() -> None:
    assert radius({Level(Scope.TEAM, "1"): 150}, asked("/11/12/")) == 200


def test_the_customers_own_record_stands_below_a_value_set_for_him_and_above_the_rest() -> None:
    values = {COMPANY: 300, GRADE_A: 230, CHECK: 240}
    assert radius(values, asked(radius=80)) == 80
    assert radius({**values, SHOP: 120}, asked(radius=80)) == 120
    voices = Rules({CHECK: {"fence.radius": "240"}}).voices(RADIUS, asked(radius=80))
    assert [(voice.source, voice.value) for voice in voices] == [
        (Source.RECORD, 80),
        (Source.SET, 240),
        (Source.SHIPPED, 200),
    ]


def test_a_grades_own_default_gives_way_to_a_type_and_not_to_the_company() -> None:
    stay = Policy.stay_minimum.key
    assert Rules().policy_for(Asked(grade="A")).stay_minimum == timedelta(minutes=10)
    assert Rules().policy_for(Asked(grade="B")).stay_minimum == timedelta(minutes=5)
    assert Rules({COMPANY: {stay: "3"}}).policy_for(Asked(grade="A")).stay_minimum == timedelta(minutes=10)
    assert Rules({GRADE_A: {stay: "15"}}).policy_for(Asked(grade="A")).stay_minimum == timedelta(minutes=15)
    assert Rules({CHECK: {stay: "20"}}).policy_for(asked()).stay_minimum == timedelta(minutes=20)


def test_a_text_that_this_release_cannot_take_says_nothing_at_its_level_only() -> None:
    rules = Rules({COMPANY: {"fence.radius": "300"}, WEST: {"fence.radius": "9000"}})
    assert rules.policy_for(asked()).fence_radius == 300
    assert rules.unfit == {WEST: {"fence.radius": "9000"}}


def test_the_same_question_is_answered_from_memory() -> None:
    rules = Rules({WEST: {"fence.radius": "150"}})
    assert rules.policy_for(asked()) is rules.policy_for(asked())


# --- whatever is set, whoever asks --------------------------------------------------------------

VALUES: dict[str, tuple[str, ...]] = {
    "fence.radius": ("60", "150", "300", "9000", "far"),
    "stay.minimum": ("0", "7", "30", "999"),
    "digest.at": ("18:00", "20:30", "never"),
    "effective.needs_stay": ("on", "off", "perhaps"),
    "work.days": ("1,2,3", "6"),
    "of.another.release": ("1",),
}
SUBJECTS = {
    Scope.COMPANY: [""],
    Scope.TEAM: ["1", "2", "3", "12"],
    Scope.GRADE: ["A", "B", "C", "D", "Z"],
    Scope.TYPE: ["visit", "check", "gone"],
    Scope.CUSTOMER: ["7", "8"],
}
LEVELS = [Level(scope, subject) for scope, subjects in SUBJECTS.items() for subject in subjects]


@st.composite
def stored(draw: st.DrawFn) -> dict[Level, dict[str, str]]:
    at = draw(st.lists(st.tuples(st.sampled_from(LEVELS), st.sampled_from(list(VALUES))), max_size=30))
    texts: dict[Level, dict[str, str]] = {}
    for level, key in at:
        texts.setdefault(level, {})[key] = draw(st.sampled_from(VALUES[key]))
    return texts


questions = st.builds(
    Asked,
    teams=st.sampled_from([(), ("1",), ("1", "2"), ("1", "2", "3"), ("1", "12")]),
    grade=st.sampled_from([None, "A", "B", "D"]),
    type=st.sampled_from([None, "visit", "check"]),
    customer=st.sampled_from([None, 7, 8]),
)


def readable(key: str, text: str | None) -> Any:
    """The value of a stored text, None where there is none that can be taken."""
    try:
        return None if text is None else parse(DECLARATIONS[key], text)
    except ValueError:
        return None


def expected(texts: dict[Level, dict[str, str]], question: Asked, key: str) -> Any:
    """The rule once more, in the plainest words: ask each level from the most specific on."""
    declaration = DECLARATIONS[key]
    said: list[tuple[Scope, str | None]] = [
        (Scope.CUSTOMER, str(question.customer)),
        (Scope.TYPE, question.type),
        (Scope.GRADE, question.grade),
        *((Scope.TEAM, team) for team in reversed(question.teams)),
        (Scope.COMPANY, ""),
    ]
    for scope, subject in said:
        value = readable(key, texts.get(Level(scope, subject or ""), {}).get(key))
        if value is not None and scope in declaration.may_vary_by:
            return value
        if scope is Scope.GRADE and question.grade in declaration.by_grade:
            return declaration.by_grade[question.grade]
    return declaration.default


@given(stored(), questions)
def test_the_most_specific_value_that_was_set_applies(texts: dict[Level, dict[str, str]], question: Asked) -> None:
    rules = Rules(texts)
    policy = rules.policy_for(question)
    for key, declaration in DECLARATIONS.items():
        assert policy.value(declaration) == expected(texts, question, key), key
        first = rules.voices(declaration, question)[0]
        assert first.value == policy.value(declaration)
        assert first.level in question.levels()


@given(stored(), questions, st.sampled_from(list(VALUES)), st.sampled_from([Scope.TEAM, Scope.TYPE, Scope.CUSTOMER]))
def test_what_is_set_for_somebody_else_changes_nothing(
    texts: dict[Level, dict[str, str]], question: Asked, key: str, scope: Scope
) -> None:
    stranger = Level(scope, "404")
    before, after = Rules(texts), Rules({**texts, stranger: {key: VALUES[key][0]}})
    for declaration in DECLARATIONS.values():
        assert after.policy_for(question).value(declaration) == before.policy_for(question).value(declaration)


@pytest.mark.parametrize("key", [key for key in VALUES if key in DECLARATIONS])
def test_a_scope_that_is_not_declared_changes_nothing(key: str) -> None:
    declaration = DECLARATIONS[key]
    everywhere = {level: {key: VALUES[key][0]} for level in LEVELS if level.scope not in declaration.may_vary_by}
    question = Asked(("1", "2"), "A", "visit", 7)
    assert Rules(everywhere).policy_for(question).value(declaration) == Rules().policy_for(question).value(declaration)
