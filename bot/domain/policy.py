"""Every policy of the company, declared once, and the values that are in force."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import time, timedelta
from enum import StrEnum
from typing import Any, Generic, TypeVar, overload

from bot.domain import policy_values
from bot.domain.policy_values import Form, Kind, Unreadable

T = TypeVar("T")


class Area(StrEnum):
    """Under which heading `/settings` shows a policy."""

    PLACE = "place"
    VISIT = "visit"
    CADENCE = "cadence"
    DAY = "day"
    FOLLOWUP = "followup"
    SCREENING = "screening"
    PEOPLE = "people"


class Scope(StrEnum):
    """What a policy may differ by, the more specific below and winning; `policy_scopes` says why in this order."""

    COMPANY = "company"
    TEAM = "team"
    GRADE = "grade"
    TYPE = "type"
    CUSTOMER = "customer"


@dataclass(frozen=True)
class Declaration(Generic[T]):
    """One policy: its key, form, default and bounds (both allowed themselves), and what it may vary by.

    `by_grade` are defaults of grades that have one of their own. Its meaning is a message named after the key.
    As an attribute of `Policy` it is the declaration, as an attribute of a policy in force it is the value.
    """

    key: str
    area: Area
    form: Form[T]
    default: T
    least: T | None = None
    most: T | None = None
    choices: tuple[str, ...] = ()
    may_vary_by: frozenset[Scope] = frozenset({Scope.COMPANY})
    by_grade: Mapping[str, T] = field(default_factory=dict)

    @property
    def kind(self) -> Kind:
        return self.form.kind

    @overload
    def __get__(self, policy: None, owner: type) -> "Declaration[T]": ...
    @overload
    def __get__(self, policy: "Policy", owner: type) -> T: ...
    def __get__(self, policy: "Policy | None", owner: type) -> "Declaration[T] | T":
        return self if policy is None else policy.value(self)


class BadValue(ValueError):  # noqa: N818 - the admin is answered with it; nothing failed
    """A typed value that a policy cannot take; `least`, `most` (as `store` writes them) and `kind` say what is right.

    `reason` is not_understood, wrong_unit, not_whole, too_small, too_large, no_such_time or no_such_choice.
    """

    def __init__(self, reason: str, declaration: Declaration[Any]) -> None:
        super().__init__(f"{declaration.key}: {reason}")
        self.reason = reason
        self.key = declaration.key
        self.kind = declaration.kind
        self.least = None if declaration.least is None else store(declaration, declaration.least)
        self.most = None if declaration.most is None else store(declaration, declaration.most)
        self.choices = declaration.choices


def parse(declaration: Declaration[T], text: str) -> T:
    """The value that a person typed or the store kept; raises BadValue."""
    try:
        value: Any = declaration.form.read(text)
    except Unreadable as unreadable:
        raise BadValue(unreadable.reason, declaration) from None
    if declaration.least is not None and value < declaration.least:
        raise BadValue("too_small", declaration)
    if declaration.most is not None and value > declaration.most:
        raise BadValue("too_large", declaration)
    understood: T = value
    return understood


def store(declaration: Declaration[T], value: T) -> str:
    """The value as it is kept and compared: always the same text for the same value, and `parse` reads it back."""
    return declaration.form.write(value)


# The steps of the ladder of evidence, from none to a second witness.
_LEVELS = ("E0", "E1", "E2", "E3", "E4")

# What a visit is made at and as: with these a policy of the visit itself may differ.
_OF_A_VISIT = (Scope.GRADE, Scope.TYPE, Scope.CUSTOMER)


def _metres(key: str, area: Area, default: float, least: float, most: float, *by: Scope) -> Declaration[float]:
    form = policy_values.METRES
    return Declaration(key, area, form, default, least, most, may_vary_by=frozenset({Scope.COMPANY, *by}))


def _duration(
    form: Form[timedelta], key: str, area: Area, default: int, least: int, most: int, *by: Scope
) -> Declaration[timedelta]:
    unit = timedelta(**{form.kind: 1})
    scopes = frozenset({Scope.COMPANY, *by})
    return Declaration(key, area, form, default * unit, least * unit, most * unit, may_vary_by=scopes)


def _days(key: str, default: int) -> Declaration[timedelta]:
    return _duration(policy_values.DAYS, key, Area.CADENCE, default, 1, 1000, Scope.TEAM)


def _time(key: str, area: Area, default: str, least: str = "00:00", most: str = "23:59") -> Declaration[time]:
    default_time, earliest, latest = (time.fromisoformat(text) for text in (default, least, most))
    scopes = frozenset({Scope.COMPANY, Scope.TEAM})
    return Declaration(key, area, policy_values.TIME, default_time, earliest, latest, may_vary_by=scopes)


def _needed(key: str) -> Declaration[bool]:
    scopes = frozenset({Scope.COMPANY, Scope.TEAM, *_OF_A_VISIT})
    return Declaration(key, Area.VISIT, policy_values.FLAG, True, may_vary_by=scopes)


def _weight(name: str, default: int) -> Declaration[int]:
    # Not nothing: of three weights that count nothing there is no sum to be made.
    return Declaration(f"screening.{name}", Area.SCREENING, policy_values.PERCENT, default, 5, 90)


def _points(name: str, default: int) -> Declaration[int]:
    return Declaration(f"screening.{name}", Area.SCREENING, policy_values.POINTS, default, 0, 100)


@dataclass(frozen=True)
class Policy:
    """The values in force for one question: each policy by its name, in metres, km/h, timedelta, time or bool.

    `ignored` are keys whose stored text this release cannot take (its bounds may have moved): the
    default holds for them, and the settings screen says so.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()

    @staticmethod
    def of(*layers: Mapping[str, str]) -> "Policy":
        """From stored texts by key, the company's first; a later, more specific layer wins."""
        values: dict[str, Any] = {}
        ignored = []
        for layer in layers:
            for key, text in layer.items():
                if key not in DECLARATIONS:
                    continue
                try:
                    values[key] = parse(DECLARATIONS[key], text)
                except BadValue:
                    ignored.append(key)
        return Policy(values, tuple(ignored))

    def value(self, declaration: Declaration[T]) -> T:
        """The value of any declaration, as the attribute named after its key gives it."""
        value: T = self.values.get(declaration.key, declaration.default)
        return value

    fence_radius = _metres("fence.radius", Area.PLACE, 200, 50, 5000, Scope.TEAM, *_OF_A_VISIT)
    fence_accuracy = _metres("fence.accuracy", Area.PLACE, 100, 10, 500, Scope.TEAM, *_OF_A_VISIT)
    fence_flagged = _metres("fence.flagged", Area.PLACE, 500, 100, 5000, Scope.TEAM, *_OF_A_VISIT)
    check_in_nearby = _metres("check_in.nearby", Area.PLACE, 1000, 100, 20_000, Scope.TEAM)
    position_drift = _metres("position.drift", Area.PLACE, 150, 50, 2000, Scope.TEAM)
    speed_over = _metres("speed.over", Area.PLACE, 2000, 500, 50_000)
    evidence_level = Declaration(
        "evidence.level",
        Area.PLACE,
        policy_values.choice_of(_LEVELS),
        "E0",
        choices=_LEVELS,
        may_vary_by=frozenset({Scope.COMPANY, Scope.TEAM, *_OF_A_VISIT}),
    )
    evidence_gap = _duration(policy_values.MINUTES, "evidence.gap", Area.PLACE, 5, 1, 60, Scope.TEAM)
    evidence_still = _duration(policy_values.MINUTES, "evidence.still", Area.PLACE, 9, 5, 240, Scope.TEAM)
    challenge_asked = Declaration(
        "challenge.asked",
        Area.PLACE,
        policy_values.FLAG,
        False,
        may_vary_by=frozenset({Scope.COMPANY, Scope.TEAM, *_OF_A_VISIT}),
    )
    challenge_within = _duration(
        policy_values.MINUTES, "challenge.within", Area.PLACE, 5, 1, 60, Scope.TEAM, *_OF_A_VISIT
    )
    speed_limit = Declaration("speed.limit", Area.PLACE, policy_values.KMH, 150.0, 50.0, 1000.0)

    live_left_after = _duration(policy_values.MINUTES, "live.left_after", Area.PLACE, 10, 2, 60)
    live_kept = _duration(policy_values.DAYS, "live.kept", Area.PLACE, 60, 1, 365)

    stay_minimum = replace(
        _duration(policy_values.MINUTES, "stay.minimum", Area.VISIT, 5, 0, 240, Scope.TEAM, *_OF_A_VISIT),
        by_grade={"A": timedelta(minutes=10)},
    )
    visit_closes_after = _duration(
        policy_values.HOURS, "visit.closes_after", Area.VISIT, 3, 1, 24, Scope.TEAM, *_OF_A_VISIT
    )
    report_reminder_at = _time("report.reminder_at", Area.VISIT, "18:00")
    report_late_after = _time("report.late_after", Area.VISIT, "23:59")
    effective_needs_fence = _needed("effective.needs_fence")
    effective_needs_stay = _needed("effective.needs_stay")
    effective_needs_items = _needed("effective.needs_items")
    effective_needs_result = _needed("effective.needs_result")
    effective_needs_next_step = _needed("effective.needs_next_step")

    cadence_a = _days("cadence.a", 7)
    cadence_b = _days("cadence.b", 14)
    cadence_c = _days("cadence.c", 90)
    cadence_d = _days("cadence.d", 180)
    cadence_new = _days("cadence.new", 7)
    cadence_new_for = _days("cadence.new_for", 30)
    cadence_after_new = _days("cadence.after_new", 30)
    cadence_long_overdue = _days("cadence.long_overdue", 7)

    brief_at = _time("brief.at", Area.DAY, "08:00")
    digest_at = _time("digest.at", Area.DAY, "19:00")
    work_begins_at = _time("work.begins_at", Area.DAY, "09:00")
    work_ends_at = _time("work.ends_at", Area.DAY, "18:00")
    work_days = Declaration("work.days", Area.DAY, policy_values.WEEKDAYS, frozenset({1, 2, 3, 4, 5}))

    # How long a company may get used to being looked at; no time at all switches it off.
    transition_lasts = _duration(policy_values.DAYS, "transition.lasts", Area.PEOPLE, 14, 0, 365)

    # Not before noon: a reminder of the evening before that comes at breakfast is about the wrong day.
    followup_evening_at = _time("followup.evening_at", Area.FOLLOWUP, "18:00", least="12:00")

    screening_need_fit = _weight("need_fit", 40)
    screening_buying_power = _weight("buying_power", 35)
    screening_decision = _weight("decision", 25)
    screening_pass = _points("pass", 80)
    screening_grade_a = _points("grade_a", 90)
    screening_grade_b = _points("grade_b", 80)

    invite_lives = _duration(policy_values.HOURS, "invite.lives", Area.PEOPLE, 72, 1, 720)
    invite_tries = Declaration("invite.tries", Area.PEOPLE, policy_values.COUNT, 5, 1, 20)

    def cadence(self, grade: str | None) -> timedelta | None:
        """How often a customer of this grade is visited (D: looked at again); None without a grade."""
        by_grade = {"A": self.cadence_a, "B": self.cadence_b, "C": self.cadence_c, "D": self.cadence_d}
        return by_grade.get(grade or "")


DECLARATIONS: Mapping[str, Declaration[Any]] = {
    declared.key: declared for declared in vars(Policy).values() if isinstance(declared, Declaration)
}
