"""Which values of a policy are offered as buttons: the steps around the one in force, both states, or the days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

from bot.domain.policy import Declaration, store
from bot.domain.policy_values import Kind

SIDE = 2  # offers to the left and right of the value in force: five fit in one row of a phone

# Steps that people think in; what lies outside a policy's bounds is left out.
_STEPS: Mapping[Kind, tuple[int, ...]] = {
    Kind.METRES: (10, 20, 50, 100, 150, 200, 300, 500, 1000, 1500, 2000, 3000, 5000, 10_000, 20_000, 50_000),
    Kind.MINUTES: (0, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240),
    Kind.HOURS: (1, 2, 3, 4, 6, 8, 12, 24, 48, 72, 120, 168, 336, 720),
    Kind.DAYS: (1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 90, 120, 180, 365, 730),
    Kind.COUNT: (1, 2, 3, 5, 8, 10, 15, 20),
    Kind.PERCENT: (0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100),
    Kind.POINTS: (0, 20, 40, 50, 60, 70, 75, 80, 85, 90, 95, 100),
    Kind.KMH: (50, 80, 100, 120, 150, 200, 300, 500, 1000),
}
_HALF_HOURS = tuple(time(hour, minute) for hour in range(24) for minute in (0, 30))


@dataclass(frozen=True)
class Offer:
    """A button: `value` is what the policy becomes, `says` what the button shows, both as `store` writes them.

    `on` marks the value in force, or a weekday that is in it. `value` is None where a tap would leave
    nothing: the last working day cannot be taken away.
    """

    value: str | None
    says: str
    on: bool


def offers(declaration: Declaration[Any], value: Any) -> list[Offer]:
    """What to offer, smallest first, while `value` is in force."""
    match declaration.kind:
        case Kind.WEEKDAYS:
            return [_toggled(declaration, value, day) for day in range(1, 8)]
        case Kind.FLAG:
            offered: list[Any] = [True, False]
        case Kind.CHOICE:
            offered = list(declaration.choices)
        case kind:
            offered = _around(declaration, value, _ladder(kind))
    texts = [store(declaration, each) for each in offered]
    in_force = store(declaration, value)
    return [Offer(text, text, text == in_force) for text in texts]


def _ladder(kind: Kind) -> tuple[Any, ...]:
    match kind:
        case Kind.TIME:
            return _HALF_HOURS
        case Kind.MINUTES | Kind.HOURS | Kind.DAYS:
            return tuple(timedelta(**{kind.value: step}) for step in _STEPS[kind])
        case _:
            return _STEPS[kind]


def _around(declaration: Declaration[Any], value: Any, ladder: tuple[Any, ...]) -> list[Any]:
    """The value in its place on the ladder, with its neighbours; at an end, more of the other side."""
    bounded = (
        step
        for step in ladder
        if (declaration.least is None or step >= declaration.least)
        and (declaration.most is None or step <= declaration.most)
    )
    steps = sorted({*bounded, declaration.default, value})
    first = max(0, min(steps.index(value) - SIDE, len(steps) - 2 * SIDE - 1))
    return steps[first : first + 2 * SIDE + 1]


def _toggled(declaration: Declaration[Any], value: frozenset[int], day: int) -> Offer:
    after = value ^ {day}
    return Offer(store(declaration, after) if after else None, str(day), day in value)
