"""Policies at several levels: which of the values that were set applies to a person, a customer and a type of visit.

The more specific wins, and specific is what is near to the one visit that is judged: the customer it is made to, the
type of visit it is, the grade of the customer, the team of who makes it (his own before the one above it), the
company, the default. A type beats a grade because it is chosen for this one visit and says what is done there: a
short inspection is short at an A customer too. A grade beats a team because it is about the customer: what the
company owes its A customers is not less because of where the rep works; a team's value is the custom of a place,
for when nothing is said about the visit itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from bot.domain.customer import Customer
from bot.domain.people import Person
from bot.domain.policy import DECLARATIONS, BadValue, Declaration, Policy, Scope, parse


@dataclass(frozen=True)
class Level:
    """Where a value stands: `subject` is a team's id, a grade, a type of visit or a customer's id, else empty."""

    scope: Scope
    subject: str = ""


COMPANY = Level(Scope.COMPANY)
_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Source(StrEnum):
    """Who says a value: an admin, the customer's own record, or this release."""

    SET = "set"
    RECORD = "record"
    SHIPPED = "shipped"


@dataclass(frozen=True)
class Voice:
    """One value that speaks for a policy, at its level."""

    level: Level
    value: Any
    source: Source


@dataclass(frozen=True)
class Asked:
    """What a policy is asked about; what is not known says nothing.

    `teams` are ids from the top down. `recorded` is what the customer's own record says by a policy's key: it counts
    as a value of this customer that an admin has not set, so that a list can bring it and a decision stands above it.
    """

    teams: tuple[str, ...] = ()
    grade: str | None = None
    type: str | None = None
    customer: int | None = None
    recorded: Mapping[str, Any] = field(default_factory=dict)

    @staticmethod
    def about(
        *, person: Person | None = None, customer: Customer | None = None, visit_type: str | None = None
    ) -> "Asked":
        """A visit or a part of one: who makes it, to whom, as what."""
        teams = tuple(person.team_path.strip("/").split("/")) if person is not None and person.team_path else ()
        if customer is None:
            return Asked(teams, type=visit_type)
        recorded = _NOTHING if customer.fence_radius is None else {Policy.fence_radius.key: customer.fence_radius}
        return Asked(teams, customer.grade, visit_type, customer.id, recorded)

    def levels(self) -> list[Level]:
        """The levels that speak here, the most general first."""
        levels = [COMPANY, *(Level(Scope.TEAM, team) for team in self.teams)]
        if self.grade is not None:
            levels.append(Level(Scope.GRADE, self.grade))
        if self.type is not None:
            levels.append(Level(Scope.TYPE, self.type))
        if self.customer is not None:
            levels.append(Level(Scope.CUSTOMER, str(self.customer)))
        return levels


class Rules:
    """All values that were set, by level and key; answers what applies. Never changed, so that answers are kept.

    `stored` are texts as the store keeps them. A key or level that no declaration knows says nothing; a text that
    this release cannot take says nothing either, and stands in `unfit`.
    """

    def __init__(self, stored: Mapping[Level, Mapping[str, str]] | None = None) -> None:
        self.unfit: dict[Level, dict[str, str]] = {}
        self._values: dict[Level, dict[str, Any]] = {}
        self._shipped: dict[Level, dict[str, Any]] = {}
        self._answers: dict[tuple[tuple[str, ...], str | None, str | None], Policy] = {}
        for key, declaration in DECLARATIONS.items():
            for grade, value in declaration.by_grade.items():
                self._shipped.setdefault(Level(Scope.GRADE, grade), {})[key] = value
        for level, texts in (stored or {}).items():
            for key, text in texts.items():
                self._read(level, key, text)
        self.company = self.policy_for(Asked())

    def _read(self, level: Level, key: str, text: str) -> None:
        declaration = DECLARATIONS.get(key)
        if declaration is None or level.scope not in declaration.may_vary_by:
            return
        try:
            self._values.setdefault(level, {})[key] = parse(declaration, text)
        except BadValue:
            self.unfit.setdefault(level, {})[key] = text

    def policy_for(self, asked: Asked) -> Policy:
        """The values in force for one question; the same question without a customer's own values costs a look."""
        question = (asked.teams, asked.grade, asked.type)
        policy = self._answers.get(question)
        if policy is None:
            policy = self._answers[question] = self._answer(asked)
        own = self._values.get(Level(Scope.CUSTOMER, str(asked.customer)))
        if own is None and not asked.recorded:
            return policy
        return Policy({**policy.values, **asked.recorded, **(own or _NOTHING)}, policy.ignored)

    def _answer(self, asked: Asked) -> Policy:
        values: dict[str, Any] = {}
        for level in asked.levels():
            if level.scope is not Scope.CUSTOMER:
                values |= self._shipped.get(level, _NOTHING)
                values |= self._values.get(level, _NOTHING)
        return Policy(values, tuple(self.unfit.get(COMPANY, ())))

    def voices(self, declaration: Declaration[Any], asked: Asked) -> list[Voice]:
        """Every value that speaks here, the one that applies first, the default last."""
        voices = [Voice(COMPANY, declaration.default, Source.SHIPPED)]
        for level in asked.levels():
            for source, values in (
                (Source.SHIPPED, self._shipped.get(level, _NOTHING)),
                (Source.RECORD, asked.recorded if level.scope is Scope.CUSTOMER else _NOTHING),
                (Source.SET, self._values.get(level, _NOTHING)),
            ):
                if declaration.key in values:
                    voices.append(Voice(level, values[declaration.key], source))
        return voices[::-1]

    def set_at(self, declaration: Declaration[Any], level: Level) -> Any:
        """What was set at this very level; None where nothing is."""
        return self._values.get(level, _NOTHING).get(declaration.key)

    def levels_of(self, declaration: Declaration[Any]) -> list[Level]:
        """Where something is stored for this policy, be it unfit, the company first and a customer last."""
        levels = {level for at in (self._values, self.unfit) for level, said in at.items() if declaration.key in said}
        return sorted(levels, key=lambda level: (list(Scope).index(level.scope), len(level.subject), level.subject))
