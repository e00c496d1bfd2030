"""Teams as a tree: the order in which they are listed, and what a team may be called."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LONGEST_NAME = 40  # what a button shows, with its indent


@dataclass(frozen=True)
class Team:
    """A team; without a parent it stands at the top."""

    id: int
    name: str
    parent_id: int | None = None


def listed(teams: Iterable[Team]) -> list[tuple[Team, int]]:
    """Each team with its depth (0: at the top), a parent before its children, siblings by name."""
    by_parent: dict[int | None, list[Team]] = {}
    for team in sorted(teams, key=lambda team: team.name.casefold()):
        by_parent.setdefault(team.parent_id, []).append(team)

    def below(parent_id: int | None, depth: int) -> list[tuple[Team, int]]:
        return [line for team in by_parent.get(parent_id, []) for line in ((team, depth), *below(team.id, depth + 1))]

    return below(None, 0)


def lineage(teams: Iterable[Team], team_id: int) -> list[Team]:
    """A team behind all that stand above it, from the top down."""
    by_id = {team.id: team for team in teams}
    line: list[Team] = []
    at: int | None = team_id
    while at is not None:
        line.insert(0, by_id[at])
        at = by_id[at].parent_id
    return line


def may_stand_below(teams: Iterable[Team], team_id: int, parent_id: int) -> bool:
    """Whether a team can be moved under another: not below itself, or the tree would become a circle."""
    return all(team.id != team_id for team in lineage(teams, parent_id))


def in_subtrees(teams: Iterable[Team], counts: Mapping[int, int]) -> dict[int, int]:
    """From what is in each team alone: what is in it and all below it."""
    teams = list(teams)
    sums = dict.fromkeys((team.id for team in teams), 0)
    for team in teams:
        for above in lineage(teams, team.id):
            sums[above.id] += counts.get(team.id, 0)
    return sums


def called(teams: Iterable[Team], name: str) -> Team | None:
    """The team of that name, in any case and width."""
    wanted = _alike(name)
    return next((team for team in teams if _alike(team.name) == wanted), None)


def readable(name: str) -> str | None:
    """A typed name with its blanks made single; None when it is no name: empty, too long, or without a letter."""
    name = " ".join(name.split())
    return name if len(name) <= LONGEST_NAME and any(character.isalnum() for character in name) else None


def _alike(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
