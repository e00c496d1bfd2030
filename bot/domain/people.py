"""Who takes part: roles, teams as a tree, and what a person may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
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
    """Someone who talks to the bot; `team_path` is the path of his team in the tree (`/1/4/`).

    `status` is new, active, locked or gone. `seen_at` is kept to some minutes.
    """

    id: int
    telegram_id: int
    name: str
    phone: str
    language: str
    time_zone: str
    roles: frozenset[Role]
    team_id: int | None
    team_path: str
    status: str
    reachable: bool = True
    seen_at: datetime | None = None

    @property
    def active(self) -> bool:
        """Whether he has joined, and may act."""
        return self.status == "active"

    @property
    def is_closed(self) -> bool:
        """Whether he was let in once and is not now: locked out, or gone from the company."""
        return self.status in ("locked", "gone")

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


def led_by(person: Person, others: Iterable[Person]) -> list[Person]:
    """Who hears of him: the managers nearest above him in the tree, or the admins where nobody leads him."""
    others = [other for other in others if other.active and other.id != person.id]
    above = [
        other
        for other in others
        if Role.MANAGER in other.roles and other.team_path and person.team_path.startswith(other.team_path)
    ]
    if not above:
        return [other for other in others if Role.ADMIN in other.roles]
    nearest = max(len(manager.team_path) for manager in above)
    return [manager for manager in above if len(manager.team_path) == nearest]


def roles_of(stored: str) -> frozenset[Role]:
    """Roles as the store keeps them: comma-separated."""
    return frozenset(Role(name) for name in stored.split(",") if name)


def store_roles(roles: frozenset[Role]) -> str:
    """The store's form of a set of roles."""
    return ",".join(role.value for role in Role if role in roles)
