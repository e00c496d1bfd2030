"""When a customer should be seen again, and how far behind that we are."""

from datetime import date, timedelta
from enum import StrEnum

from bot.domain.calendar import WorkingDays
from bot.domain.policy import Policy


class Rhythm(StrEnum):
    """Why a customer is seen as often as he is."""

    NEW = "new"
    GRADE = "grade"
    UNGRADED = "ungraded"
    REVIEW = "review"


class Standing(StrEnum):
    """How a customer stands on a day, from no matter to the worst."""

    NOT_DUE = "not_due"
    DUE = "due"
    OVERDUE = "overdue"
    LONG_OVERDUE = "long_overdue"


def rhythm(
    grade: str | None, last_visit_on: date | None, created_on: date, *, is_new: bool, policy: Policy
) -> tuple[Rhythm, timedelta]:
    """How often a customer is to be seen from his last counted visit on, and by which rule.

    A new customer is seen weekly for a month, and more often if his grade says so; after that his
    grade rules, or the monthly rhythm while he has none. Grade D has no cadence at all, new or not:
    the company only looks at it again from time to time. `is_new` is False for those that an import
    brought in: they have been customers for long, and a file of thousands is not due within a week.
    """
    by_grade = policy.cadence(grade)
    if grade == "D" and by_grade is not None:
        return Rhythm.REVIEW, by_grade
    if is_new and (last_visit_on or created_on) < created_on + policy.cadence_new_for:
        if by_grade is not None and by_grade < policy.cadence_new:
            return Rhythm.GRADE, by_grade
        return Rhythm.NEW, policy.cadence_new
    if by_grade is None:
        return Rhythm.UNGRADED, policy.cadence_after_new
    return Rhythm.GRADE, by_grade


def due_on(
    grade: str | None,
    last_visit_on: date | None,
    created_on: date,
    *,
    is_new: bool,
    policy: Policy,
    calendar: WorkingDays,
) -> date:
    """The working day by which the customer should be seen, counted from his last visit that counts or his creation.

    A day off moves it later, never earlier: nobody is called overdue for a day that he does not work.
    """
    _, every = rhythm(grade, last_visit_on, created_on, is_new=is_new, policy=policy)
    return calendar.next_working_day((last_visit_on or created_on) + every)


def days_since(last_visit_on: date | None, today: date) -> int | None:
    """Days since the last counted visit; None when there was none."""
    return None if last_visit_on is None else (today - last_visit_on).days


def overdue_by(due: date, today: date) -> int:
    """Days past the due date, 0 on the day itself and before."""
    return max(0, (today - due).days)


def standing(due: date, today: date, policy: Policy) -> Standing:
    """How a customer with this due date stands today."""
    if today < due:
        return Standing.NOT_DUE
    if today == due:
        return Standing.DUE
    long_overdue = today - due >= policy.cadence_long_overdue
    return Standing.LONG_OVERDUE if long_overdue else Standing.OVERDUE
