"""Who takes part: roles, teams as a tree, and what a person may see."""

from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.conversation import Refusal


class Role(StrEnum):
    """A person may hold several."""

    REP = "rep"
    MANAGER = "manager"
    ADMIN = "admin"


@dataclass(frozen=True)
class Person:
    """Someone who talks to the bot; `team_path` is the path of his team in the tree (`/1/4/`)."""

    id: int
    telegram_id: int
    name: str
    phone: str
    language: str
    time_zone: str
    roles: frozenset[Role]
    team_id: int | None
    team_path: str
    active: bool
    reachable: bool = True

    @property
    def zone(self) -> ZoneInfo:
        """His own time zone: "local" in every rule means this."""
        return ZoneInfo(self.time_zone)

    def require(self, *roles: Role) -> None:
        """Refuse unless he holds one of the roles."""
        if not self.roles & set(roles):
            raise Refusal("people/not_allowed", roles=[role.value for role in roles])

    def may_see(self, other: "Person") -> bool:
        """An admin sees everyone, a manager the subtree that he leads, a rep himself."""
        if self.id == other.id or Role.ADMIN in self.roles:
            return True
        return Role.MANAGER in self.roles and bool(self.team_path) and other.team_path.startswith(self.team_path)


def roles_of(stored: str) -> frozenset[Role]:
    """Roles as the store keeps them: comma-separated."""
    return frozenset(Role(name) for name in stored.split(",") if name)


def store_roles(roles: frozenset[Role]) -> str:
    """The store's form of a set of roles."""
    return ",".join(role.value for role in Role if role in roles)
