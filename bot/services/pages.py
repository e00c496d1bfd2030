"""The page on which an admin looks at people, teams and invites: one message that turns into what was tapped."""

from collections.abc import Iterable
from typing import Any

from bot.domain import teams
from bot.domain.conversation import Refusal
from bot.domain.people import Person, Role
from bot.domain.teams import Team
from bot.services.turn import Turn
from storage import outbox, people

SLOT = "office"
LISTED = 8  # people on a page
TEAMS_LISTED = 20  # a button each, one below the other


def show(turn: Turn, message: str, **context: Any) -> None:
    """In place when the page itself was tapped, else below."""
    tapped = turn.pressed_message is not None and turn.pressed_message == outbox.find_shown(
        turn.connection, turn.chat_id, SLOT
    )
    turn.show(SLOT, message, anew=not tapped, **context)


def scope(turn: Turn) -> str:
    """What the actor may look at (see `reach`); refuses who is no manager or admin, or leads no team."""
    path = reach(turn.require(Role.MANAGER, Role.ADMIN))
    if path is None:
        raise Refusal("people/no_team")
    return path


def reach(person: Person) -> str | None:
    """The path of the subtree that he leads; empty for an admin, who sees everybody, None for who leads nobody."""
    if Role.ADMIN in person.roles:
        return ""
    return person.team_path or None if Role.MANAGER in person.roles else None


def page_of(choice: str) -> int:
    """The number of a page as a button names it; the first for anything else."""
    return int(choice) if choice.isdigit() and len(choice) < 6 else 0


def list_teams(turn: Turn) -> list[Team]:
    """The whole tree."""
    return [Team(row.id, row.name, row.parent_id) for row in people.list_teams(turn.connection)]


def team_lines(lines: Iterable[tuple[Team, int]], page: int) -> dict[str, Any]:
    """A page of the tree for a template: teams (id, name, depth), and where the pages before and after are."""
    every = [{"id": team.id, "name": team.name, "depth": depth} for team, depth in lines]
    return {"teams": every[page * TEAMS_LISTED :][:TEAMS_LISTED], **turning(page, TEAMS_LISTED, len(every))}


def turning(page: int, listed: int, total: int) -> dict[str, Any]:
    """Which pages stand beside this one (None: none), and how much there is in all."""
    last = max(0, (total - 1) // listed)
    return {
        "before": page - 1 if page > 0 else None,
        "after": page + 1 if page < last else None,
        "page": page + 1,
        "pages": last + 1,
        "total": total,
    }


def team_called(turn: Turn, name: str) -> Team | None:
    """A team by its typed name."""
    return teams.called(list_teams(turn), name)
