"""Teams as a tree, and what has to be known before somebody is invited into one."""

import pytest

from bot.domain.inviting import Inviting, Step
from bot.domain.people import Role
from bot.domain.teams import Team, called, listed, readable

TREE = [
    Team(3, "West", 1),
    Team(10, "Annex"),
    Team(2, "East", 1),
    Team(1, "China"),
    Team(4, "Shanghai", 2),
]


def test_teams_are_listed_parents_first_and_siblings_by_name() -> None:
    assert [("  " * depth + team.name) for team, depth in listed(TREE)] == [
        "Annex",
        "China",
        "  East",
        "    Shanghai",
        "  West",
    ]


@pytest.mark.parametrize("typed", ["east", " EAST ", "Ｅａｓｔ"])
def test_a_team_is_known_by_its_name_in_any_case_and_width(typed: str) -> None:
    team = called(TREE, typed)
    assert team is not None and team.id == 2
    assert called(TREE, "Eas") is None


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  华东  一组 ", "华东 一组"),
        ("Team 7", "Team 7"),
        ("", None),
        ("···", None),
        ("x" * 41, None),
        ("a\nb", "a b"),
    ],
)
def test_a_name_needs_a_letter_or_a_digit_and_an_end(typed: str, name: str | None) -> None:
    assert readable(typed) == name


@pytest.mark.parametrize(
    ("inviting", "teams_exist", "step"),
    [
        (Inviting(), True, Step.ROLE),
        (Inviting(Role.REP), True, Step.TEAM),
        (Inviting(Role.REP), False, Step.DONE),
        (Inviting(Role.REP, teamless=True), True, Step.DONE),
        (Inviting(Role.MANAGER), False, Step.NAME),
        (Inviting(Role.MANAGER, team_id=2), True, Step.DONE),
        (Inviting(Role.ADMIN), True, Step.DONE),
        (Inviting(Role.REP, naming=True), True, Step.NAME),
        (Inviting(Role.REP, new_team="East"), True, Step.PARENT),
        (Inviting(Role.REP, new_team="East"), False, Step.DONE),
        (Inviting(Role.REP, new_team="East", placed=True), True, Step.DONE),
    ],
)
def test_only_what_is_missing_for_an_invite_is_asked(inviting: Inviting, teams_exist: bool, step: Step) -> None:
    assert inviting.step(teams_exist) is step
