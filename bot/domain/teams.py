"""Teams as a tree: the order in which they are listed, and what a team may be called."""

import unicodedata
from collections.abc import Iterable
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
