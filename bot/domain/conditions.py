"""What an SOP's conditions and checks say about its answers.

What speaks of an item without an answer is neither true nor false (None): such a condition does not ask its item yet,
such a check does not complain. A name alone holds when its item is answered, and not with a no.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

IT = "it"  # the answer that is being given


@dataclass(frozen=True)
class Test:
    """`name op value`; without an operator: the item is answered, and not with a no."""

    __test__ = False  # no test of pytest's
    name: str
    op: str = ""
    value: bool | float | str | None = None


@dataclass(frozen=True)
class Every:
    """All of them hold."""

    of: tuple["Condition", ...]


@dataclass(frozen=True)
class Some:
    """At least one of them holds."""

    of: tuple["Condition", ...]


@dataclass(frozen=True)
class Not:
    """It does not hold."""

    of: "Condition"


Condition = Test | Every | Some | Not


def holds(condition: Condition, answer_of: Callable[[str], Any]) -> bool | None:
    """Whether it holds by the answers (None: not answered); None while that cannot be said."""
    match condition:
        case Not(of):
            inner = holds(of, answer_of)
            return None if inner is None else not inner
        case Every(of):
            found = [holds(one, answer_of) for one in of]
            return False if False in found else None if None in found else True
        case Some(of):
            found = [holds(one, answer_of) for one in of]
            return True if True in found else None if None in found else False
        case Test(name, op, value):
            answer = answer_of(name)
            if not op:
                return bool(answer) if isinstance(answer, bool) else answer is not None
            return None if answer is None else _compare(answer, op, value)


def names(condition: Condition) -> set[str]:
    """The items that a condition speaks of, and `it`."""
    match condition:
        case Not(of):
            return names(of)
        case Every(of) | Some(of):
            return set().union(*map(names, of))
        case Test(name, _, _):
            return {name}


def tests_of(condition: Condition) -> list[Test]:
    """Every comparison in it, from left to right."""
    match condition:
        case Not(of):
            return tests_of(of)
        case Every(of) | Some(of):
            return [test for one in of for test in tests_of(one)]
        case Test():
            return [condition]


def renamed(condition: Condition, name_of: Mapping[str, str]) -> Condition:
    """The same about other items."""
    match condition:
        case Not(of):
            return Not(renamed(of, name_of))
        case Every(of):
            return Every(tuple(renamed(one, name_of) for one in of))
        case Some(of):
            return Some(tuple(renamed(one, name_of) for one in of))
        case Test(name, op, value):
            return Test(name_of.get(name, name), op, value)


def _compare(answer: Any, op: str, value: Any) -> bool | None:
    if op == "has" or isinstance(answer, list):
        among = _same(answer, value) if not isinstance(answer, list) else any(_same(one, value) for one in answer)
        return not among if op == "!=" else among
    if op in ("=", "!="):
        return _same(answer, value) == (op == "=")
    left, right = _ordered(answer), _ordered(value)
    if left is None or right is None or type(left) is not type(right):
        return None
    below, same = bool(left < right), left == right  # type: ignore[operator]
    return {"<": below, "<=": below or same, ">": not below and not same, ">=": not below}[op]


def _same(answer: Any, value: Any) -> bool:
    if isinstance(answer, bool) or isinstance(value, bool):
        return answer is value
    if isinstance(answer, int | float) and isinstance(value, int | float):
        return float(answer) == float(value)
    return str(answer).casefold() == str(value).casefold()


def _ordered(value: Any) -> float | str | None:
    """Numbers by size; dates, which are told as 2026-12-01, as text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    return value if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value) else None
