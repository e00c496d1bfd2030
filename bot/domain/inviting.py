"""What has to be known before an invite link is made: the role, and the team that it leads into."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.people import Role


class Step(StrEnum):
    """What is asked, in this order."""

    ROLE = "role"
    TEAM = "team"
    NAME = "name"
    PARENT = "parent"
    DONE = "done"


@dataclass(frozen=True)
class Inviting:
    """What the admin has chosen so far; a new team is made together with the link, not before.

    `naming`: a new team is wanted, its name not told yet. `placed`: where the new team stands is
    decided, below `parent_id` or, without one, at the top. `teamless`: no team on purpose.
    """

    role: Role | None = None
    team_id: int | None = None
    teamless: bool = False
    naming: bool = False
    new_team: str | None = None
    parent_id: int | None = None
    placed: bool = False

    @property
    def may_be_teamless(self) -> bool:
        """A manager leads a team, or he would see nobody."""
        return self.role is not Role.MANAGER

    def step(self, teams_exist: bool) -> Step:
        """The first thing still missing."""
        if self.role is None:
            return Step.ROLE
        if self.new_team is not None:
            return Step.PARENT if teams_exist and not self.placed else Step.DONE
        if self.naming:
            return Step.NAME
        if self.team_id is not None or self.teamless or self.role is Role.ADMIN:
            return Step.DONE  # an admin sees everybody, whatever team he is in
        if teams_exist:
            return Step.TEAM
        return Step.DONE if self.may_be_teamless else Step.NAME
