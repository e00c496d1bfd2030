"""The screening score of a new customer: three ratings, weighed; from the pass mark on he is worth going on with."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from bot.domain.answers import best_mark
from bot.domain.checklist import Checklist
from bot.domain.customer import Grade
from bot.domain.policy import Policy
from bot.domain.sop import Kind

NEED_FIT, BUYING_POWER, DECISION = RATED = ("need_fit", "buying_power", "decision")  # items of any checklist


@dataclass(frozen=True)
class Part:
    """One rating: `mark` of `best` for an item, which counts `weight` per cent."""

    item: str
    mark: int
    best: int
    weight: int


@dataclass(frozen=True)
class Score:
    """What the ratings come to, 0–100 points; with `grade`, which is None where he does not go on."""

    parts: tuple[Part, ...]
    points: Fraction
    pass_mark: int
    grade: Grade | None

    @property
    def goes_on(self) -> bool:
        return self.points >= self.pass_mark

    @property
    def weights(self) -> int:
        """What the weights add up to, per cent; other than 100, they count in proportion."""
        return sum(part.weight for part in self.parts)

    @property
    def shown(self) -> float:
        """Points with one decimal, never rounded up: 79.96 is not shown as the 80 that it is not."""
        return int(self.points * 10) / 10


def score_of(checklist: Checklist, policy: Policy) -> Score | None:
    """The score of a checklist that asks for all three ratings; None while one of them is not given."""
    weights = {
        NEED_FIT: policy.screening_need_fit,
        BUYING_POWER: policy.screening_buying_power,
        DECISION: policy.screening_decision,
    }
    parts = []
    for item in checklist.items:
        mark = checklist.answers.get(item.id)
        if item.id in weights and item.kind is Kind.RATING and isinstance(mark, int | float):
            parts.append(Part(item.id, int(mark), best_mark(item), weights[item.id]))
    return weighed(parts, policy) if len(parts) == len(RATED) else None


def weighed(parts: Sequence[Part], policy: Policy) -> Score:
    """The score of ratings: each counts by its share of all weights, which are never all zero."""
    total = sum(part.weight for part in parts)
    points = sum((Fraction(100 * part.weight * part.mark, total * part.best) for part in parts), Fraction(0))
    goes_on = points >= policy.screening_pass
    return Score(tuple(parts), points, policy.screening_pass, _grade(points, policy) if goes_on else None)


def _grade(points: Fraction, policy: Policy) -> Grade:
    if points >= policy.screening_grade_a:
        return Grade.A
    return Grade.B if points >= policy.screening_grade_b else Grade.C
